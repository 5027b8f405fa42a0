#include "convoy/query.h"

namespace convoy {
namespace {

Comparison compare(Operator op, Value value) {
  Comparison comparison{.op = op, .values = {}};
  comparison.values.push_back(std::move(value));
  return comparison;
}

}  // namespace

Comparison eq(Value value) { return compare(Operator::Eq, std::move(value)); }

Comparison neq(Value value) { return compare(Operator::NotEq, std::move(value)); }

Comparison gt(Value value) { return compare(Operator::Gt, std::move(value)); }

Comparison gte(Value value) { return compare(Operator::Gte, std::move(value)); }

Comparison lt(Value value) { return compare(Operator::Lt, std::move(value)); }

Comparison lte(Value value) { return compare(Operator::Lte, std::move(value)); }

Comparison one_of(std::vector<Value> values) {
  return {.op = Operator::OneOf, .values = std::move(values)};
}

Comparison not_in(std::vector<Value> values) {
  return {.op = Operator::NotIn, .values = std::move(values)};
}

Comparison like(std::string pattern) { return compare(Operator::Like, std::move(pattern)); }

Comparison not_like(std::string pattern) { return compare(Operator::NotLike, std::move(pattern)); }

Comparison includes(std::string part) { return compare(Operator::Includes, std::move(part)); }

Order asc(std::string column) { return {.column = std::move(column), .descending = false}; }

Order desc(std::string column) { return {.column = std::move(column), .descending = true}; }

Query Query::where(std::string column, Comparison comparison) && {
  conditions.push_back({std::move(column), std::move(comparison)});
  return std::move(*this);
}

Query Query::order_by(Order by) && {
  order.push_back(std::move(by));
  return std::move(*this);
}

Query Query::take(std::int64_t count) && {
  limit = count;
  return std::move(*this);
}

Query Query::skip(std::int64_t count) && {
  offset = count;
  return std::move(*this);
}

Query from(std::string table) {
  Query query;
  query.table = std::move(table);
  return query;
}

}  // namespace convoy
