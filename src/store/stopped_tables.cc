#include "store/stopped_tables.h"

#include <algorithm>
#include <string_view>
#include <utility>

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
  Held held(connection);
  CONVOY_TRY(held.tables_, stopped_numbers(connection, tables));
  return held;
}

Result<bool> Held::holds(std::int64_t seq) {
  if (tables_.empty()) return false;
  CONVOY_TRY(auto select,
             connection_.prepare(
                 "select table_number, 0 from convoy_mutation_row where seq = ?1 union all select "
                 "0, o.seq from convoy_mutation_row r join convoy_mutation_row o on o.table_number "
                 "= r.table_number and o.id = r.id where r.seq = ?1 and o.seq < ?1 union all "
                 "select 0, o.seq from convoy_mutation_need n join convoy_mutation_row o on "
                 "o.table_number = n.table_number and o.id = n.id where n.seq = ?1 and o.seq < "
                 "?1"));
  select.bind_integer(1, seq);
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return false;
    if (tables_.contains(select.integer(0)) || seqs_.contains(select.integer(1))) {
      seqs_.insert(seq);
      return true;
    }
  }
}

}  // namespace convoy::store
