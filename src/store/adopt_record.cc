#include "store/adopt_record.h"

#include <algorithm>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "schema/sanitise.h"
#include "schema/wire.h"
#include "store/foreign.h"
#include "store/outbox_writer.h"

namespace convoy::store {
namespace {

using base::Json;

// Postgres would refuse a NUL, and with it the whole record.
std::string without_nul(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\0') {
      out += "\xEF\xBF\xBD";
    } else {
      out += c;
    }
  }
  return out;
}

void mend(Row& row) {
  for (auto& value : row.values) {
    auto* text = std::get_if<std::string>(&value);
    if (text != nullptr && !base::is_storable(*text)) {
      *text = without_nul(base::as_utf8(*text));
    }
  }
}

// The columns that `_changed` names, in its order; all of them if it names none.
std::vector<std::size_t> changed_columns(const TableInfo& info, const Row& row) {
  std::vector<std::size_t> columns;
  for (const auto part : std::views::split(row.changed, ',')) {
    const auto column = info.column_index(std::string_view(part.begin(), part.end()));
    if (column && std::ranges::find(columns, *column) == columns.end()) columns.push_back(*column);
  }
  if (!columns.empty()) return columns;
  for (std::size_t i = 0; i < info.table->columns.size(); ++i) columns.push_back(i);
  return columns;
}

Json::Object values_of(const TableInfo& info, const Row& row,
                       const std::vector<std::size_t>& columns) {
  Json::Object values;
  for (const auto i : columns) {
    const auto& column = info.table->columns[i];
    values.emplace_back(column.name, schema::to_wire(column, row.values[i]));
  }
  return values;
}

bool is_deleted(const std::optional<Row>& row) { return row && row->status == kDeleted; }

}  // namespace

Status Adopter::adopt(const TableInfo& info, std::string_view id) {
  if (info.table->is_local_only) return adopt_local(info, id);
  CONVOY_TRY(auto expected, expect(info, id));
  const Subject subject{.info = info, .id = id, .expected = std::move(expected)};
  CONVOY_TRY(auto row, read_row(connection_, info, id));
  if (!row) return adopt_removed(subject);
  mend(*row);
  if (row->status == kDeleted) return adopt_deleted(subject, *row);
  if (row->status == kCreated || row->status == kUpdated) return adopt_written(subject, *row);
  return adopt_synced(subject);
}

Result<Adopter::Expected> Adopter::expect(const TableInfo& info, std::string_view id) {
  Expected expected;
  {
    CONVOY_TRY(auto select,
               connection_.prepare("select 1 from convoy_row where table_number = ? and id = ?"));
    CONVOY_TRY(expected.is_confirmed, select.bind_integer(1, info.number).bind_text(2, id).step());
  }
  std::optional<ForeignNote> note;
  if (has_notes_) {
    CONVOY_TRY(note, foreign_note(connection_, info, id));
    expected.was_marked = note && note->was_marked;
  }
  CONVOY_TRY(expected.is_pending, overlay_.is_pending(info, id));
  if (expected.is_pending) {
    CONVOY_TRY(expected.row, overlay_.show(info, id));
    expected.is_known = true;
  } else if (note && note->before) {
    expected.row = std::move(note->before);
    expected.is_known = true;
  } else {
    expected.is_known = !expected.is_confirmed;
  }
  return expected;
}

// Nothing of it is ever sent.
Status Adopter::adopt_local(const TableInfo& info, std::string_view id) {
  CONVOY_TRY(auto row, read_row(connection_, info, id));
  if (!row || row->status == kSynced) return ok_status();
  if (row->status == kDeleted) return erase_row(connection_, info, id);
  row->status = kSynced;
  row->changed.clear();
  return update_row(connection_, info, id, *row, {});
}

Status Adopter::adopt_removed(const Subject& subject) {
  const auto& expected = subject.expected;
  if (expected.is_known && !expected.row) return ok_status();
  if (is_deleted(expected.row)) return overlay_.rebase(subject.info, subject.id);
  // Destroyed permanently: that is no news for the server, as with Writer::erase().
  if (!expected.is_pending && !expected.was_marked) return forget(subject);
  MutationBuilder builder;
  if (!expected.is_pending && expected.row) {
    builder.note_before(subject.info, subject.id,
                        to_wire(*subject.info.table, expected.row->values));
  }
  builder.remove(subject.info, subject.id);
  return record(subject, builder);
}

Status Adopter::adopt_deleted(const Subject& subject, const Row& row) {
  const auto& expected = subject.expected;
  if (is_deleted(expected.row)) return overlay_.rebase(subject.info, subject.id);
  MutationBuilder builder;
  if (!expected.is_pending) {
    if (!expected.is_confirmed) CONVOY_CHECK_OK(confirm(subject));
    const auto& before = expected.row ? *expected.row : row;
    builder.note_before(subject.info, subject.id, to_wire(*subject.info.table, before.values));
  }
  builder.remove(subject.info, subject.id);
  return record(subject, builder);
}

Status Adopter::adopt_written(const Subject& subject, const Row& row) {
  const auto& [info, id, expected] = subject;
  if (is_deleted(expected.row)) return overlay_.rebase(info, id);
  if (expected.row) return adopt_changes(subject, row);
  MutationBuilder builder;
  if (!expected.is_confirmed && row.status == kCreated) {
    builder.insert(info, id, to_wire(*info.table, row.values));
    return record(subject, builder);
  }
  // The server's side is not known, so the changes have no base.
  if (!expected.is_confirmed) CONVOY_CHECK_OK(confirm(subject));
  builder.note_before(info, id, to_wire(*info.table, row.values));
  builder.update(info, id, values_of(info, row, changed_columns(info, row)), std::nullopt);
  return record(subject, builder);
}

Status Adopter::adopt_changes(const Subject& subject, Row row) {
  const auto& [info, id, expected] = subject;
  const auto is_same = [&](std::size_t i) {
    return schema::same_value(info.table->columns[i], expected.row->values[i], row.values[i]);
  };
  auto columns = changed_columns(info, row);
  std::erase_if(columns, is_same);
  MutationBuilder builder;
  if (!expected.is_pending) {
    // What differs and is not listed came from a pull.
    Row before = row;
    for (const auto i : columns) before.values[i] = expected.row->values[i];
    builder.note_before(info, id, to_wire(*info.table, before.values));
  }
  if (columns.empty() && !expected.is_pending) {
    row.status = kSynced;
    row.changed.clear();
    return update_row(connection_, info, id, row, {});
  }
  if (!columns.empty()) {
    builder.update(info, id, values_of(info, row, columns),
                   values_of(info, *expected.row, columns));
  }
  return record(subject, builder);
}

Status Adopter::adopt_synced(const Subject& subject) {
  const auto& expected = subject.expected;
  // Whatever it was sent to, it was not our server.
  if (expected.is_pending) return overlay_.rebase(subject.info, subject.id);
  return expected.is_confirmed ? ok_status() : confirm(subject);
}

Status Adopter::confirm(const Subject& subject) {
  CONVOY_TRY(auto insert,
             connection_.prepare("insert into convoy_row (table_number, id, scope, generation) "
                                 "values (?, ?, 0, 0)"));
  return insert.bind_integer(1, subject.info.number).bind_text(2, subject.id).run();
}

Status Adopter::forget(const Subject& subject) {
  CONVOY_TRY(auto remove,
             connection_.prepare("delete from convoy_row where table_number = ? and id = ?"));
  return remove.bind_integer(1, subject.info.number).bind_text(2, subject.id).run();
}

Status Adopter::record(const Subject& subject, const MutationBuilder& builder) {
  CONVOY_CHECK_OK(record_mutation(connection_, tables_, builder, clock_, random_, TooLarge::Keep));
  return overlay_.rebase(subject.info, subject.id);
}

}  // namespace convoy::store
