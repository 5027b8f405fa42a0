#include "sim/model_rows.h"

#include <algorithm>
#include <vector>

namespace convoy::sim {
namespace {

using base::Json;

const TableSpec& spec_of(int table) { return tables()[static_cast<std::size_t>(table)]; }

const Json& value_of(const Row& row, int column) { return row[static_cast<std::size_t>(column)]; }

std::string text_of(const Json& value) {
  return value.string() == nullptr ? std::string() : *value.string();
}

Json default_of(const ColumnSpec& column) {
  if (column.is_nullable) return {};
  switch (column.type) {
    case Type::Text:
      return "";
    case Type::Integer:
      return 0;
    case Type::Boolean:
      return false;
    default:
      return {};
  }
}

std::vector<Key> children_of(const ModelStore& store, const Transaction* transaction, int table,
                             int column, const std::string& id) {
  std::vector<Key> keys;
  store.each(transaction, table, [&](const Key& key, const Record& record) {
    const auto* parent = value_of(*record.row, column).string();
    if (parent != nullptr && *parent == id) keys.push_back(key);
  });
  return keys;
}

}  // namespace

SqlError blocked() {
  return {.code = "55P03", .message = "canceling statement due to lock timeout"};
}

SqlStatus ModelRows::insert(Transaction& transaction, const Key& key, const Values& values) {
  const auto& spec = spec_of(key.first);
  const auto* there = store_->read(&transaction, key);
  auto* record = store_->lock(transaction, key);
  if (record == nullptr) return blocked();
  if (there != nullptr && there->row) {
    return SqlError{.code = "23505",
                    .message = "duplicate key value violates unique constraint",
                    .constraint = spec.name + "_pkey"};
  }
  Row row;
  for (std::size_t i = 0; i < spec.columns.size(); ++i) {
    const auto given = values.find(static_cast<int>(i));
    row.push_back(given == values.end() ? default_of(spec.columns[i]) : given->second);
  }
  // Higher than any the row had in a life before.
  const int revision = spec.find("revision");
  if (revision >= 0) {
    row[static_cast<std::size_t>(revision)] = static_cast<std::int64_t>(store_->take_sequence());
  }
  if (auto error = check_row(transaction, key, row, values)) return error;
  if (!transaction.user.empty() && key.first != kSpaces &&
      !can_write(&transaction, transaction.user, key.first, key.second, row)) {
    return SqlError{.code = "42501", .message = "new row violates row-level security policy"};
  }
  record->row = std::move(row);
  stamp_new(transaction, *record);
  if (auto error = place(transaction, key, true)) return error;
  // A trigger of the application: who makes a space owns it.
  if (key.first == kSpaces && !transaction.user.empty()) {
    auto* member = store_->lock(transaction, {kMembers, key.second + "|" + transaction.user});
    if (member == nullptr) return blocked();
    member->row = Row{key.second, transaction.user, "owner"};
  }
  return std::nullopt;
}

SqlStatus ModelRows::update(Transaction& transaction, const Key& key, const Values& values) {
  const auto& spec = spec_of(key.first);
  const auto* there = store_->read(&transaction, key);
  auto row = *there->row;
  for (const auto& [column, value] : values) row[static_cast<std::size_t>(column)] = value;
  const int revision = spec.find("revision");
  if (revision >= 0) {
    auto& value = row[static_cast<std::size_t>(revision)];
    value = value.integer().value_or(0) + 1;
  }
  const bool moves = home_of(&transaction, key, *there->row) != home_of(&transaction, key, row);
  auto* record = store_->lock(transaction, key, moves);
  if (record == nullptr) return blocked();
  if (auto error = check_row(transaction, key, row, values)) return error;
  if (!transaction.user.empty() &&
      !can_write(&transaction, transaction.user, key.first, key.second, row)) {
    return SqlError{.code = "42501", .message = "new row violates row-level security policy"};
  }
  stamp_changed(transaction, key.first, *record, row);
  record->row = std::move(row);
  return place(transaction, key, true);
}

SqlStatus ModelRows::remove(Transaction& transaction, const Key& key) {
  auto* record = store_->lock(transaction, key, true);
  if (record == nullptr) return blocked();
  record->row.reset();
  record->stamps = {};
  // A cascade may come back to a row on its way.
  if (auto error = let_go(transaction, key)) return error;
  return place(transaction, key, true);
}

// Foreign keys that lead to a row that is gone.
SqlStatus ModelRows::let_go(Transaction& transaction, const Key& key) {
  for (int table = 0; table < kTables; ++table) {
    const auto& columns = spec_of(table).columns;
    for (int column = 0; column < static_cast<int>(columns.size()); ++column) {
      const auto& reference = columns[static_cast<std::size_t>(column)];
      if (reference.references != key.first) continue;
      for (const auto& child : children_of(*store_, &transaction, table, column, key.second)) {
        if (reference.on_delete == OnDelete::SetNull) {
          // Foreign keys act with the owner's rights.
          const auto user = std::exchange(transaction.user, {});
          auto error = update(transaction, child, {{column, Json()}});
          transaction.user = user;
          if (error) return error;
        } else if (auto error = remove(transaction, child)) {
          return error;
        }
        if (mutant_ == Mutant::CascadeNotLogged && reference.on_delete == OnDelete::Cascade) {
          auto& log = transaction.writes[child].log;
          const auto* committed = store_->read(nullptr, child);
          if (committed != nullptr) log = committed->log;
        }
      }
    }
  }
  return std::nullopt;
}

SqlStatus ModelRows::check_row(Transaction& transaction, const Key& key, const Row& row,
                               const Values& given) {
  const auto& spec = spec_of(key.first);
  for (int i = 0; i < static_cast<int>(spec.columns.size()); ++i) {
    const auto& column = spec.columns[static_cast<std::size_t>(i)];
    const auto& value = value_of(row, i);
    if (value.is_null() && !column.is_nullable) {
      return SqlError{.code = "23502",
                      .message = "null value violates not-null constraint",
                      .column = column.name};
    }
    if (column.is_checked && value.integer().value_or(0) < 0) {
      return SqlError{.code = "23514",
                      .message = "new row violates check constraint",
                      .constraint = spec.name + "_" + column.name + "_check"};
    }
    if (column.references < 0 || value.is_null() || !given.contains(i)) continue;
    const Key parent(column.references, text_of(value));
    const auto* found = store_->read(&transaction, parent);
    if (found == nullptr || !found->row) {
      return SqlError{.code = "23503",
                      .message = "insert or update violates foreign key constraint",
                      .constraint = spec.name + "_" + column.name + "_fkey"};
    }
    if (!store_->share(transaction, parent)) return blocked();
  }
  return std::nullopt;
}

// --- Stamps -------------------------------------------------------------------------------------

Stamp ModelRows::stamp_of(const Transaction& transaction) const {
  if (transaction.author) return transaction.author->stamp;
  return {.hlc = static_cast<std::uint64_t>(now_) << 16U};
}

void ModelRows::stamp_new(const Transaction& transaction, Record& record) const {
  record.stamps = {.row = stamp_of(transaction), .columns = {}};
}

void ModelRows::stamp_changed(const Transaction& transaction, int table, Record& record,
                              const Row& after) const {
  const auto& columns = spec_of(table).columns;
  for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
    if (columns[static_cast<std::size_t>(i)].rule != Rule::LastWriteWins) continue;
    const bool is_told = transaction.author && transaction.author->columns.contains(i);
    if (!is_told && value_of(*record.row, i) == value_of(after, i)) continue;
    auto stamp = stamp_of(transaction);
    // What replaces a value is later than it, whatever the clocks said.
    if (!(stamp > record.stamps.of(i))) stamp.hlc = record.stamps.of(i).hlc + 1;
    record.stamps.columns[i] = std::move(stamp);
  }
}

// --- The change log -----------------------------------------------------------------------------

std::string ModelRows::home_of(const Transaction* transaction, const Key& key,
                               const Row& row) const {
  const auto& spec = spec_of(key.first);
  if (spec.is_scope) return key.second;
  if (spec.scope_column >= 0) {
    const auto& scope = value_of(row, spec.scope_column);
    return scope.is_null() ? std::string(kGlobalScope) : text_of(scope);
  }
  if (spec.via_column < 0) return std::string(kGlobalScope);
  const auto& parent = value_of(row, spec.via_column);
  const auto& reference = spec.columns[static_cast<std::size_t>(spec.via_column)];
  const auto* found = store_->read(transaction, {reference.references, text_of(parent)});
  const auto* home = found == nullptr ? nullptr : found->home();
  return home == nullptr ? std::string() : home->scope;
}

LogEntry ModelRows::entry(const Transaction& transaction, const std::string& scope) const {
  const bool is_wrong = mutant_ == Mutant::SubtransactionXid && transaction.in_savepoint;
  return {.scope = scope,
          .xid = is_wrong ? transaction.subxid : transaction.xid,
          .began_at = transaction.began_at,
          .sequence = store_->take_sequence()};
}

SqlStatus ModelRows::place(Transaction& transaction, const Key& key, bool touch) {
  if (spec_of(key.first).kind == TableKind::Unsynced) return std::nullopt;
  auto* record = store_->lock(transaction, key);
  if (record == nullptr) return blocked();
  const auto home = record->row ? home_of(&transaction, key, *record->row) : std::string();
  bool moved = false;
  for (auto& old : record->log) {
    if (old.is_dead || old.scope == home) continue;
    old = entry(transaction, old.scope);
    old.is_dead = true;
    old.dead_at = now_;
    moved = record->row.has_value();
  }
  if (!home.empty()) {
    const auto found = std::ranges::find(record->log, home, &LogEntry::scope);
    if (found == record->log.end()) {
      record->log.push_back(entry(transaction, home));
    } else if (touch || found->is_dead) {
      *found = entry(transaction, home);
    }
  }
  return moved ? place_children(transaction, key) : std::nullopt;
}

SqlStatus ModelRows::place_children(Transaction& transaction, const Key& key) {
  if (mutant_ == Mutant::MoveLeavesChildren) return std::nullopt;
  for (int table = 0; table < kTables; ++table) {
    const auto& spec = spec_of(table);
    if (spec.via_column < 0 ||
        spec.columns[static_cast<std::size_t>(spec.via_column)].references != key.first) {
      continue;
    }
    for (const auto& child :
         children_of(*store_, &transaction, table, spec.via_column, key.second)) {
      if (store_->lock(transaction, child, true) == nullptr) return blocked();
      if (auto error = place(transaction, child, false)) return error;
    }
  }
  return std::nullopt;
}

// --- Row Level Security -------------------------------------------------------------------------

std::string ModelRows::role(const Transaction* transaction, const std::string& user,
                            const std::string& space) const {
  const auto* member = store_->read(transaction, {kMembers, space + "|" + user});
  if (member == nullptr || !member->row) return {};
  return text_of(value_of(*member->row, kMemberRole));
}

std::string ModelRows::space_of(const Transaction* transaction, const Key& key,
                                const Row& row) const {
  const auto& spec = spec_of(key.first);
  if (spec.via_column < 0) return home_of(transaction, key, row);
  const auto& reference = spec.columns[static_cast<std::size_t>(spec.via_column)];
  const Key parent(reference.references, text_of(value_of(row, spec.via_column)));
  const auto* found = store_->read(transaction, parent);
  if (found == nullptr || !found->row) return {};
  return space_of(transaction, parent, *found->row);
}

bool ModelRows::can_read(const Transaction* transaction, const std::string& user, const Key& key,
                         const Record& record) const {
  if (!record.row) return false;
  const auto space = space_of(transaction, key, *record.row);
  if (space == kGlobalScope) return true;
  const auto as = role(transaction, user, space);
  if (as.empty()) return false;
  const auto private_to = [&](int column) { return text_of(value_of(*record.row, column)); };
  switch (key.first) {
    case kLists:
      return private_to(kListPrivateTo).empty() || private_to(kListPrivateTo) == user;
    case kTasks:
      return private_to(kTaskPrivateTo).empty() || private_to(kTaskPrivateTo) == user;
    case kNotes:
      return as != "guest";
    default:
      return true;
  }
}

bool ModelRows::can_write(const Transaction* transaction, const std::string& user, int table,
                          const std::string& id, const Row& row) const {
  const auto as = role(transaction, user, space_of(transaction, {table, id}, row));
  if (as.empty() || as == "guest" || table == kMarks) return false;
  const auto mine = [&](int column) {
    const auto owner = text_of(value_of(row, column));
    return owner.empty() || owner == user;
  };
  if (table == kLists) return mine(kListPrivateTo);
  if (table == kTasks) return mine(kTaskPrivateTo);
  return true;
}

}  // namespace convoy::sim
