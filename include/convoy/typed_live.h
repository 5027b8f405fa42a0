// typed_live.h: live queries that deliver records as C++ structs. Owned by the layer `typed`.
//
//   CONVOY_TRY(auto subscription, observe(db, tasks::where(tasks::status.eq("TODO")),
//                                         [](const Result<typed::LiveRecords<Task>>& now) { … }));
//
// All of convoy/live.h holds here too. A record that can't be an R is an error as in
// convoy/typed.h; the delivery after it has `is_first`, because it is no step from what was
// delivered before.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "convoy/live.h"
#include "convoy/typed.h"

namespace convoy {
namespace typed {

// As LiveRows: records whose content is the same as in the last delivery are the same objects.
template <class R>
struct LiveRecords {
  std::vector<std::shared_ptr<const R>> rows;
  std::vector<Difference> differences;
  bool is_first = false;
};

template <class R>
Result<std::shared_ptr<const R>> shared_from(const RecordPointer& record) {
  if (record == nullptr) return std::shared_ptr<const R>();
  CONVOY_TRY(auto result, from_record<R>(*record));
  return std::shared_ptr<const R>(std::make_shared<R>(std::move(result)));
}

// Converts what changed from delivery to delivery. Thread-safety: thread-compatible.
template <class R>
class LiveConverter {
 public:
  Result<LiveRecords<R>> convert(const Result<LiveRows>& now) {
    if (!now.ok()) return now.error();
    LiveRecords<R> records{.rows = {}, .differences = {}, .is_first = now->is_first || failed_};
    std::unordered_map<RecordPointer, std::shared_ptr<const R>> known;
    records.rows.reserve(now->rows.size());
    failed_ = true;
    for (const auto& row : now->rows) {
      const auto place = known_.find(row);
      if (place != known_.end()) {
        records.rows.push_back(place->second);
      } else {
        CONVOY_TRY(auto record, shared_from<R>(row));
        records.rows.push_back(std::move(record));
      }
      known.emplace(row, records.rows.back());
    }
    failed_ = false;
    if (!records.is_first) records.differences = now->differences;
    known_ = std::move(known);
    return records;
  }

 private:
  // By the record it was made of, which it keeps, so that no other gets its address.
  std::unordered_map<RecordPointer, std::shared_ptr<const R>> known_;
  bool failed_ = false;
};

}  // namespace typed

template <typed::IsRecord R>
Result<Subscription> observe(
    Database& database, const typed::Query<R>& query,
    std::type_identity_t<std::function<void(const Result<typed::LiveRecords<R>>&)>> on_change,
    LiveOptions options = {}) {
  // Callbacks of one subscription never overlap.
  auto converter = std::make_shared<typed::LiveConverter<R>>();
  const convoy::Query& untyped = query;
  return observe(
      database, untyped,
      [converter, on_change = std::move(on_change)](const Result<LiveRows>& now) {
        on_change(converter->convert(now));
      },
      options);
}

// One record; null while there is none.
template <typed::IsRecord R>
Result<Subscription> observe_record(
    Database& database, std::string id,
    std::type_identity_t<std::function<void(const Result<std::shared_ptr<const R>>&)>> on_change,
    LiveOptions options = {}) {
  return observe_record(
      database, typed::Binding<R>::kTable, std::move(id),
      [on_change = std::move(on_change)](const Result<RecordPointer>& now) {
        if (now.ok()) return on_change(typed::shared_from<R>(*now));
        on_change(now.error());
      },
      options);
}

// The record that `column` of the given one refers to; null while there is none.
template <class R, typed::IsReference K>
Result<Subscription> observe_parent(
    Database& database, std::string id, const typed::Column<R, K>& column,
    std::type_identity_t<
        std::function<void(const Result<std::shared_ptr<const typename K::Target>>&)>>
        on_change,
    LiveOptions options = {}) {
  return observe_parent(
      database, typed::Binding<R>::kTable, std::move(id), column.name(),
      [on_change = std::move(on_change)](const Result<RecordPointer>& now) {
        if (now.ok()) return on_change(typed::shared_from<typename K::Target>(*now));
        on_change(now.error());
      },
      options);
}

}  // namespace convoy
