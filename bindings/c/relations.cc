#include "bindings/c/relations.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace convoy::c {
namespace {

constexpr std::size_t kIdsPerQuery = 500;

// The records that are there, each once, and for each id which of them it is.
struct Found {
  std::vector<Record> records;
  std::map<std::string, std::size_t, std::less<>> places;
};

Result<Found> find_all(Reader& reader, std::string_view table,
                       const std::vector<std::string>& ids) {
  Found found;
  for (std::size_t at = 0; at < ids.size(); at += kIdsPerQuery) {
    const auto end = std::min(ids.size(), at + kIdsPerQuery);
    std::vector<Value> part;
    for (auto i = at; i < end; ++i) part.emplace_back(ids[i]);
    CONVOY_TRY(auto some, reader.fetch(from(std::string(table)).where("id", one_of(part))));
    for (auto& record : some) {
      const auto [place, is_new] = found.places.emplace(record.id, found.records.size());
      if (is_new) found.records.push_back(std::move(record));
    }
  }
  return found;
}

// What was found for each record, as what was found for each id.
template <class T>
std::vector<T> by_id(const Found& found, const std::vector<std::string>& ids,
                     const std::vector<T>& by_record) {
  std::vector<T> result(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto place = found.places.find(ids[i]);
    if (place != found.places.end()) result[i] = by_record[place->second];
  }
  return result;
}

}  // namespace

Result<std::vector<std::optional<Record>>> parents_of(Reader& reader, std::string_view table,
                                                      const std::vector<std::string>& ids,
                                                      std::string_view column) {
  CONVOY_TRY(const auto found, find_all(reader, table, ids));
  CONVOY_TRY(const auto parents, reader.parents(found.records, column));
  return by_id(found, ids, parents);
}

Result<std::vector<std::vector<Record>>> children_of(Reader& reader, std::string_view table,
                                                     const std::vector<std::string>& ids,
                                                     std::string_view child_table,
                                                     std::string_view column) {
  CONVOY_TRY(const auto found, find_all(reader, table, ids));
  CONVOY_TRY(const auto children, reader.children(found.records, child_table, column));
  return by_id(found, ids, children);
}

}  // namespace convoy::c
