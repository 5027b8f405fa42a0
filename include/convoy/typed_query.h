// typed_query.h: queries of one type of record. Owned by the layer `typed`. Pure.
//
//   tasks::where(tasks::status.eq("TODO")).order_by(tasks::updated_at.desc()).take(50)
//
// They mean what convoy/query.h says. Thread-safety: thread-compatible.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>

#include "convoy/query.h"
#include "convoy/typed_column.h"

namespace convoy::typed {

// What is generated for each type of record.
template <class R>
struct Binding;

// Which records of the table of R, in which order. Whatever takes a convoy::Query takes it, too.
template <class R>
class Query {
 public:
  explicit Query(std::string table) { query_.table = std::move(table); }

  [[nodiscard]] Query where(Condition<R> condition) && {
    query_.conditions.push_back(std::move(condition));
    return std::move(*this);
  }

  [[nodiscard]] Query where(Condition<R> condition) const& {
    return Query(*this).where(std::move(condition));
  }

  // What columns can't say: sql_expression(), search() …
  [[nodiscard]] Query where(std::same_as<convoy::Condition> auto condition) && {
    query_.conditions.push_back(std::move(condition));
    return std::move(*this);
  }

  [[nodiscard]] Query where(std::same_as<convoy::Condition> auto condition) const& {
    return Query(*this).where(std::move(condition));
  }

  [[nodiscard]] Query search(std::string words) && {
    return std::move(*this).where(convoy::search(std::move(words)));
  }

  [[nodiscard]] Query search(std::string words) const& {
    return Query(*this).search(std::move(words));
  }

  [[nodiscard]] Query order_by(Order<R> by) && {
    query_.order.push_back(std::move(by));
    return std::move(*this);
  }

  [[nodiscard]] Query order_by(Order<R> by) const& { return Query(*this).order_by(std::move(by)); }

  // What no column can say: best_first().
  [[nodiscard]] Query order_by(std::same_as<convoy::Order> auto by) && {
    query_.order.push_back(std::move(by));
    return std::move(*this);
  }

  [[nodiscard]] Query order_by(std::same_as<convoy::Order> auto by) const& {
    return Query(*this).order_by(std::move(by));
  }

  [[nodiscard]] Query take(std::int64_t count) && {
    query_.limit = count;
    return std::move(*this);
  }

  [[nodiscard]] Query take(std::int64_t count) const& { return Query(*this).take(count); }

  [[nodiscard]] Query skip(std::int64_t count) && {
    query_.offset = count;
    return std::move(*this);
  }

  [[nodiscard]] Query skip(std::int64_t count) const& { return Query(*this).skip(count); }

  operator const convoy::Query&() const { return query_; }

 private:
  convoy::Query query_;
};

// All of the conditions hold; any of them does.
template <class R, std::same_as<Condition<R>>... More>
[[nodiscard]] Condition<R> all_of(Condition<R> first, More... more) {
  return Condition<R>(convoy::all_of({std::move(first), std::move(more)...}));
}

template <class R, std::same_as<Condition<R>>... More>
[[nodiscard]] Condition<R> any_of(Condition<R> first, More... more) {
  return Condition<R>(convoy::any_of({std::move(first), std::move(more)...}));
}

// A reference column, optional or not.
template <class K>
concept IsReference = requires { typename K::Target; };

// The record that `column` refers to is there and fulfils the conditions.
template <class R, IsReference K, std::same_as<Condition<typename K::Target>>... There>
[[nodiscard]] Condition<R> has_parent(const Column<R, K>& column, There... conditions) {
  return Condition<R>(convoy::on(Binding<typename K::Target>::kTable, {std::move(conditions)...},
                                 "->" + std::string(column.name())));
}

// There is a record whose `column` refers to this one and which fulfils all conditions. Each
// has_child() speaks of a record of its own.
template <class R, IsReference K, std::same_as<Condition<R>>... There>
[[nodiscard]] Condition<typename K::Target> has_child(const Column<R, K>& column,
                                                      There... conditions) {
  auto child =
      convoy::on(Binding<R>::kTable, {std::move(conditions)...}, "<-" + std::string(column.name()));
  // Side by side in one group they would speak of the same record.
  return Condition<typename K::Target>(convoy::all_of({std::move(child)}));
}

}  // namespace convoy::typed

namespace convoy {

using typed::all_of;
using typed::any_of;
using typed::has_child;
using typed::has_parent;

}  // namespace convoy
