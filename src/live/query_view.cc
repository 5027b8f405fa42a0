#include "live/query_view.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "live/rows_reader.h"
#include "query/following.h"
#include "store/reader.h"

namespace convoy::live {
namespace {

bool matches(const query::Matcher& matcher, const std::optional<Record>& record) {
  return record && matcher.matches(view_of(*record));
}

// The query for as many rows as the window wants.
Query widened(Query query, const Window& window) {
  query.offset.reset();
  query.limit.reset();
  if (window.capacity() != Window::kAll) {
    query.limit = static_cast<std::int64_t>(window.capacity());
  }
  return query;
}

}  // namespace

Result<std::unique_ptr<View<Rows>>> WindowView::make(const store::Tables& tables,
                                                     const Query& query) {
  CONVOY_TRY(const auto* info, tables.require(query.table));
  CONVOY_TRY(auto following, query::Following::make(*info->table, query));
  std::unique_ptr<View<Rows>> view;
  if (!following) return view;
  Window window(std::move(following->ordering), following->offset,
                following->limit.value_or(Window::kAll));
  view =
      std::make_unique<WindowView>(tables, query, std::move(following->matcher), std::move(window));
  return view;
}

WindowView::WindowView(const store::Tables& tables, Query query, query::Matcher matcher,
                       Window window)
    : store_tables_(tables),
      query_(widened(std::move(query), window)),
      matcher_(std::move(matcher)),
      tables_{query_.table},
      window_(std::move(window)) {}

Status WindowView::read(sql::Connection& connection) {
  CONVOY_TRY(auto rows, read_rows(connection, store_tables_, query_, window_.rows()));
  can_follow_ = window_.load(std::move(rows));
  return ok_status();
}

Effect WindowView::apply(const News& news) {
  if (!news.is_complete(query_.table)) return Effect::Unknown;
  const auto& changes = news.rows(query_.table);
  if (!can_follow_ && !changes.empty()) return Effect::Unknown;
  bool has_changed = false;
  for (const auto& row : changes) {
    const auto* before = matches(matcher_, row.before) ? &*row.before : nullptr;
    auto after = matches(matcher_, row.after) ? news.after(row) : nullptr;
    if (before == nullptr && after == nullptr) continue;
    has_changed = window_.replace(before, std::move(after)) || has_changed;
  }
  if (window_.is_short()) return Effect::Unknown;
  return has_changed ? Effect::Changed : Effect::None;
}

Result<std::unique_ptr<View<std::int64_t>>> CountView::make(const store::Tables& tables,
                                                            const Query& query) {
  CONVOY_TRY(const auto* info, tables.require(query.table));
  CONVOY_TRY(auto matcher, query::Matcher::make(*info->table, query));
  std::unique_ptr<View<std::int64_t>> view;
  if (matcher) view = std::make_unique<CountView>(tables, query, *std::move(matcher));
  return view;
}

CountView::CountView(const store::Tables& tables, Query query, query::Matcher matcher)
    : store_tables_(tables),
      limit_(query.limit),
      offset_(query.offset.value_or(0)),
      query_([&] {
        query.limit.reset();
        query.offset.reset();
        query.order.clear();
        return std::move(query);
      }()),
      matcher_(std::move(matcher)),
      tables_{query_.table} {}

Status CountView::read(sql::Connection& connection) {
  CONVOY_TRY(total_, store::ConnectionReader(connection, store_tables_).count(query_));
  return ok_status();
}

Effect CountView::apply(const News& news) {
  if (!news.is_complete(query_.table)) return Effect::Unknown;
  const auto before = total_;
  for (const auto& row : news.rows(query_.table)) {
    total_ +=
        std::int64_t{matches(matcher_, row.after)} - std::int64_t{matches(matcher_, row.before)};
  }
  return total_ == before ? Effect::None : Effect::Changed;
}

std::int64_t CountView::value() const {
  const auto rest = std::max<std::int64_t>(0, total_ - offset_);
  return limit_ ? std::min(rest, *limit_) : rest;
}

}  // namespace convoy::live
