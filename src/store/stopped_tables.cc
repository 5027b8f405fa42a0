#include "store/stopped_tables.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "store/meta.h"
#include "store/overlay.h"
#include "store/parking.h"

namespace convoy::store {
namespace {

using sql::Connection;

constexpr std::string_view kKey = "stopped";

// Refused because the table, or one of its columns, is not there or not synced.
Result<std::vector<std::int64_t>> refused_for(Connection& connection, const std::string& table) {
  CONVOY_TRY(auto select,
             connection.prepare("select seq from convoy_mutation where state = 3 and code in "
                                "('CV002', 'CV003') and table_name = ? order by seq"));
  select.bind_text(1, std::string_view(table));
  std::vector<std::int64_t> seqs;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return seqs;
    seqs.push_back(select.integer(0));
  }
}

Status send_refused(Connection& connection, const Tables& tables, base::Random& random,
                    const std::string& table) {
  CONVOY_TRY(const auto refused, refused_for(connection, table));
  Overlay overlay(connection, tables);
  std::vector<Overlay::RowKey> stale;
  for (const auto seq : refused) {
    CONVOY_TRY(const auto all, parked_with(connection, seq));
    for (const auto one : all) {
      CONVOY_CHECK_OK(unpark(connection, overlay, random, one, stale));
    }
  }
  return overlay.rebase_all(stale);
}

}  // namespace

Result<std::map<std::string, std::string>> read_stopped(Connection& connection) {
  std::map<std::string, std::string> stopped;
  CONVOY_TRY(const auto text, read_meta(connection, kKey));
  if (text.empty()) return stopped;
  CONVOY_TRY(const auto json, base::parse_json(text));
  if (json.object() == nullptr) return stopped;
  for (const auto& [table, problem] : *json.object()) {
    if (problem.string() != nullptr) stopped.emplace(table, *problem.string());
  }
  return stopped;
}

Status save_stopped(Connection& connection, const Tables& tables, base::Random& random,
                    const std::map<std::string, std::string>& stopped) {
  CONVOY_TRY(const auto before, read_stopped(connection));
  if (before == stopped) return ok_status();
  base::Json json{base::Json::Object{}};
  for (const auto& [table, problem] : stopped) json.set(table, problem);
  const auto text = stopped.empty() ? std::string() : json.dump();
  CONVOY_CHECK_OK(write_meta(connection, kKey, std::string_view(text)));
  for (const auto& [table, problem] : before) {
    if (!stopped.contains(table)) {
      CONVOY_CHECK_OK(send_refused(connection, tables, random, table));
    }
  }
  return ok_status();
}

Result<std::set<std::int64_t>> stopped_numbers(Connection& connection, const Tables& tables) {
  std::set<std::int64_t> numbers;
  CONVOY_TRY(const auto stopped, read_stopped(connection));
  for (const auto& [table, problem] : stopped) {
    if (const auto* info = tables.find(table)) numbers.insert(info->number);
  }
  return numbers;
}

Result<Held> Held::make(Connection& connection, const Tables& tables) {
  Held held;
  CONVOY_TRY(held.tables_, stopped_numbers(connection, tables));
  if (!held.tables_.empty()) CONVOY_CHECK_OK(held.read_rows(connection));
  return held;
}

Status Held::read_rows(Connection& connection) {
  CONVOY_TRY(auto select, connection.prepare("select seq, table_number, id from "
                                             "convoy_mutation_row union all select seq, "
                                             "table_number, id from convoy_mutation_need"));
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return ok_status();
    rows_.emplace(select.integer(0),
                  Touched{.table_number = select.integer(1), .id = select.text(2)});
  }
}

bool Held::holds(std::int64_t seq) {
  const auto [begin, end] = rows_.equal_range(seq);
  const bool waits = std::any_of(begin, end, [&](const auto& entry) {
    const auto& [table_number, id] = entry.second;
    return tables_.contains(table_number) || held_rows_.contains({table_number, id});
  });
  if (!waits) return false;
  for (auto entry = begin; entry != end; ++entry) {
    held_rows_.emplace(entry->second.table_number, entry->second.id);
  }
  return true;
}

}  // namespace convoy::store
