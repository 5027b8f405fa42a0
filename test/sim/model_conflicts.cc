// An update under the row's lock: what became of each column, and what is told of it.
#include <utility>

#include "base/time_text.h"
#include "sim/model_merge.h"
#include "sim/model_server.h"

namespace convoy::sim {
namespace {

using base::Json;
using Kept = Settled::Kept;

const char* name_of(Kept kept) {
  switch (kept) {
    case Kept::Server:
      return "server";
    case Kept::Client:
      return "client";
    case Kept::Merged:
      break;
  }
  return "merged";
}

// A device's clock may run ahead; no time is later than now.
Json not_later_than(std::int64_t now_ms, const Json& value) {
  const auto now = static_cast<double>(now_ms);
  const auto time =
      value.string() == nullptr ? std::nullopt : base::parse_timestamp(*value.string());
  if (!time || *time <= now) return value;
  return *normalised(Type::Timestamp, Json(base::format_timestamp(now).value_or("")));
}

Json told(const TableSpec& table, const std::string& id, const ColumnSpec& column, const Edit& edit,
          const Settled& settled) {
  Json conflict;
  conflict.set("table", table.name);
  conflict.set("id", id);
  conflict.set("column", column.name);
  conflict.set("base", edit.base ? *edit.base : Json());
  conflict.set("client", edit.client);
  conflict.set("server", edit.server);
  conflict.set("kept", name_of(settled.kept));
  conflict.set("rule", column.rule == Rule::Latest ? "server_wins" : name_of(column.rule));
  if (settled.kept == Kept::Merged) conflict.set("value", settled.value);
  return conflict;
}

// A device's own writes follow one another, whatever its clock said.
bool is_later(const Stamp& mine, const Stamp& theirs) {
  return mine.client == theirs.client || mine > theirs;
}

}  // namespace

// `base` null: no bases.
SqlStatus ModelServer::apply_update(ModelRows& rows, Transaction& transaction, const Key& key,
                                    const Values& given, const Values* base,
                                    Json::Array& conflicts) {
  const auto& table = tables()[static_cast<std::size_t>(key.first)];
  const auto record = *store_.read(&transaction, key);
  auto& author = *transaction.author;
  author.columns.clear();
  Values taken;
  for (const auto& [number, value] : given) {
    const auto& column = table.columns[static_cast<std::size_t>(number)];
    Edit edit{
        .base = std::nullopt,
        .client = column.rule == Rule::Latest ? not_later_than(clock_->now_ms(), value) : value,
        .server = (*record.row)[static_cast<std::size_t>(number)],
        .is_later = is_later(author.stamp, record.stamps.of(number))};
    if (base != nullptr && base->contains(number)) edit.base = base->at(number);
    auto settled = settle(column.rule, edit, mutant_);
    if (settled.is_conflict) conflicts.push_back(told(table, key.second, column, edit, settled));
    const bool is_clocked = column.rule == Rule::LastWriteWins;
    if (settled.kept == Kept::Client && is_clocked) author.columns.insert(number);
    if (settled.kept == Kept::Client && (edit.client != edit.server || is_clocked)) {
      taken[number] = std::move(edit.client);
    } else if (settled.kept == Kept::Merged && settled.value != edit.server) {
      taken[number] = std::move(settled.value);
    }
  }
  const auto error = taken.empty() ? std::nullopt : rows.update(transaction, key, taken);
  author.columns.clear();
  return error;
}

}  // namespace convoy::sim
