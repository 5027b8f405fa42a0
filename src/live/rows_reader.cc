#include "live/rows_reader.h"

#include <string_view>
#include <unordered_map>
#include <utility>

#include "store/reader.h"

namespace convoy::live {

Result<Rows> read_rows(sql::Connection& connection, const store::Tables& tables, const Query& query,
                       const Rows& before) {
  CONVOY_TRY(auto records, store::ConnectionReader(connection, tables).fetch(query));
  std::unordered_map<std::string_view, const RecordPointer*> earlier;
  for (const auto& row : before) earlier.emplace(row->id, &row);
  Rows rows;
  rows.reserve(records.size());
  for (auto& record : records) {
    const auto found = earlier.find(record.id);
    const bool is_same = found != earlier.end() && **found->second == record;
    rows.push_back(is_same ? *found->second : std::make_shared<const Record>(std::move(record)));
  }
  return rows;
}

}  // namespace convoy::live
