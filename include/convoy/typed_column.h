// typed_column.h: columns that know their table and type, so that a wrong comparison does not
// compile. Owned by the layer `typed`. Pure.
//
// The columns themselves come from a generated header (docs/reference/typed-records.md).
// Thread-safety: thread-compatible.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "convoy/query.h"
#include "convoy/typed_value.h"

namespace convoy::typed {

// What a column holds, and what can be asked of it.
template <class V, bool kIsEqual, bool kIsOrdered, bool kIsText>
struct Kind {
  using Type = V;
  using Member = V;
  static constexpr bool kIsOptional = false;
  static constexpr bool kHasEquality = kIsEqual;
  static constexpr bool kHasOrder = kIsOrdered;
  static constexpr bool kHasRange = kIsOrdered && !std::same_as<V, bool>;
  static constexpr bool kHasPatterns = kIsText;
};

struct Text : Kind<std::string, true, true, true> {};

struct Id : Kind<std::string, true, true, false> {};

struct Number : Kind<double, true, true, false> {};

struct Boolean : Kind<bool, true, true, false> {};

struct Instant : Kind<Time, true, true, false> {};

// One document has many texts, so they are not compared; what is in the text can be looked for.
struct Json : Kind<std::string, false, false, true> {};

// Kept as digits, which are not in the order of the numbers.
struct Bigint : Kind<std::int64_t, true, false, false> {};

// Equal where the digits are: "1.10" is not "1.1".
struct Decimal : Kind<std::string, true, false, false> {};

// The id of an R.
template <class R>
struct Reference : Id {
  using Target = R;
};

template <class K>
struct Optional : K {
  using Member = std::optional<typename K::Type>;
  static constexpr bool kIsOptional = true;
};

// What a record of type R may have to fulfil.
template <class R>
class Condition {
 public:
  explicit Condition(convoy::Condition condition) : condition_(std::move(condition)) {}

  operator convoy::Condition() const& { return condition_; }

  operator convoy::Condition() && { return std::move(condition_); }

 private:
  convoy::Condition condition_;
};

template <class R>
class Order {
 public:
  explicit Order(convoy::Order order) : order_(std::move(order)) {}

  operator convoy::Order() && { return std::move(order_); }

  operator convoy::Order() const& { return order_; }

 private:
  convoy::Order order_;
};

template <class R, class K>
class Column;

// The right side of a comparison: a value of type V, or another column of the same record.
template <class R, class V, class Type>
class Right {
 public:
  template <Fits<V> T>
  Right(T&& given) : operand_(to_value(Converted<V>::from(std::forward<T>(given)))) {}

  template <class L>
    requires(std::same_as<Type, typename L::Type> && L::kHasEquality)
  Right(const Column<R, L>& column) : operand_(convoy::column(column.name())) {}

  operator Operand() && { return std::move(operand_); }

 private:
  Operand operand_;
};

// A column of the table of R, a literal. Its functions are those of convoy/query.h; those that its
// kind does not have can't be called.
template <class R, class K>
class Column {
 public:
  using Type = typename K::Type;
  using Member = typename K::Member;
  using RightOrNull = Right<R, Member, Type>;
  using RightValue = Right<R, Type, Type>;

  constexpr Column(const char* name, Member R::* member) : name_(name), member_(member) {}

  [[nodiscard]] constexpr const char* name() const { return name_; }

  [[nodiscard]] constexpr Member R::* member() const { return member_; }

  // Of an optional column also std::nullopt.
  [[nodiscard]] Condition<R> eq(RightOrNull right) const
    requires(K::kHasEquality)
  {
    return is(convoy::eq(std::move(right)));
  }

  [[nodiscard]] Condition<R> neq(RightOrNull right) const
    requires(K::kHasEquality)
  {
    return is(convoy::neq(std::move(right)));
  }

  [[nodiscard]] Condition<R> one_of(std::initializer_list<Given<Type>> values) const
    requires(K::kHasEquality)
  {
    return is(convoy::one_of(values_of(values)));
  }

  [[nodiscard]] Condition<R> one_of(std::span<const Type> values) const
    requires(K::kHasEquality)
  {
    return is(convoy::one_of(values_of(values)));
  }

  [[nodiscard]] Condition<R> not_in(std::initializer_list<Given<Type>> values) const
    requires(K::kHasEquality)
  {
    return is(convoy::not_in(values_of(values)));
  }

  [[nodiscard]] Condition<R> not_in(std::span<const Type> values) const
    requires(K::kHasEquality)
  {
    return is(convoy::not_in(values_of(values)));
  }

  [[nodiscard]] Condition<R> is_null() const
    requires(K::kIsOptional)
  {
    return is(convoy::eq(Null{}));
  }

  [[nodiscard]] Condition<R> is_not_null() const
    requires(K::kIsOptional)
  {
    return is(convoy::neq(Null{}));
  }

  [[nodiscard]] Condition<R> gt(RightValue right) const
    requires(K::kHasRange)
  {
    return is(convoy::gt(std::move(right)));
  }

  [[nodiscard]] Condition<R> weak_gt(RightValue right) const
    requires(K::kHasRange)
  {
    return is(convoy::weak_gt(std::move(right)));
  }

  [[nodiscard]] Condition<R> gte(RightValue right) const
    requires(K::kHasRange)
  {
    return is(convoy::gte(std::move(right)));
  }

  [[nodiscard]] Condition<R> lt(RightValue right) const
    requires(K::kHasRange)
  {
    return is(convoy::lt(std::move(right)));
  }

  [[nodiscard]] Condition<R> lte(RightValue right) const
    requires(K::kHasRange)
  {
    return is(convoy::lte(std::move(right)));
  }

  // Both included. Of text and times as well.
  [[nodiscard]] Condition<R> between(RightValue low, RightValue high) const
    requires(K::kHasRange)
  {
    return Condition<R>(convoy::all_of({gte(std::move(low)), lte(std::move(high))}));
  }

  [[nodiscard]] Condition<R> like(std::string pattern, char escape = '\0') const
    requires(K::kHasPatterns)
  {
    return is(convoy::like(std::move(pattern), escape));
  }

  [[nodiscard]] Condition<R> not_like(std::string pattern, char escape = '\0') const
    requires(K::kHasPatterns)
  {
    return is(convoy::not_like(std::move(pattern), escape));
  }

  [[nodiscard]] Condition<R> includes(std::string part) const
    requires(K::kHasPatterns)
  {
    return is(convoy::includes(std::move(part)));
  }

  [[nodiscard]] Condition<R> starts_with(std::string part) const
    requires(K::kHasPatterns)
  {
    return is(convoy::starts_with(std::move(part)));
  }

  [[nodiscard]] Order<R> asc() const
    requires(K::kHasOrder)
  {
    return Order<R>(convoy::asc(name_));
  }

  [[nodiscard]] Order<R> desc() const
    requires(K::kHasOrder)
  {
    return Order<R>(convoy::desc(name_));
  }

 private:
  [[nodiscard]] Condition<R> is(Comparison comparison) const {
    return Condition<R>(convoy::where(name_, std::move(comparison)));
  }

  template <class Values>
  static std::vector<Value> values_of(const Values& given) {
    std::vector<Value> values;
    for (const auto& one : given) {
      if constexpr (std::same_as<std::remove_cvref_t<decltype(one)>, Type>) {
        values.push_back(to_value(one));
      } else {
        values.push_back(to_value(one.value()));
      }
    }
    return values;
  }

  const char* name_;
  Member R::* member_;
};

}  // namespace convoy::typed
