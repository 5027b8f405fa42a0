// query.h: which records of one table, in which order. Owned by the layer `query`. Pure.
//
//   from("tasks").where("status", one_of({"TODO",
//   "IN_PROGRESS"})).order_by(desc("updated_at")).take(50)
//
// A query is a value; nothing is checked before it runs. Rows marked as deleted are never part of a
// result. Comparisons follow WatermelonDB: eq and neq treat null as a value (neq("x") matches
// null); all others never match null. Thread-safety: thread-compatible.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "convoy/value.h"

namespace convoy {

enum class Operator { Eq, NotEq, Gt, Gte, Lt, Lte, OneOf, NotIn, Like, NotLike, Includes };

struct Comparison {
  Operator op = Operator::Eq;
  std::vector<Value> values;  // One, except for OneOf and NotIn.
};

Comparison eq(Value value);
Comparison neq(Value value);
Comparison gt(Value value);
Comparison gte(Value value);
Comparison lt(Value value);
Comparison lte(Value value);
Comparison one_of(std::vector<Value> values);
Comparison not_in(std::vector<Value> values);
Comparison like(std::string pattern);      // %, _; case-insensitive for ASCII.
Comparison not_like(std::string pattern);  //
Comparison includes(std::string part);     // Case-sensitive substring.

struct Condition {
  std::string column;
  Comparison comparison;
};

struct Order {
  std::string column;
  bool descending = false;
};

Order asc(std::string column);
Order desc(std::string column);

struct Query {
  std::string table;
  std::vector<Condition> conditions;  // All must hold.
  std::vector<Order> order;           // Ties are broken by id, so that pages are stable.
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> offset;

  Query where(std::string column, Comparison comparison) &&;
  Query order_by(Order by) &&;
  Query take(std::int64_t count) &&;
  Query skip(std::int64_t count) &&;
};

Query from(std::string table);

}  // namespace convoy
