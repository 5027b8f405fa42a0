#include "convoy/query.h"

namespace convoy {
namespace {

Comparison compare(Operator op, Operand right) {
  Comparison comparison{.op = op, .column = std::move(right.column)};
  if (comparison.column.empty()) comparison.values.push_back(std::move(right.value));
  return comparison;
}

Comparison compare_pattern(Operator op, std::string pattern, char escape) {
  auto comparison = compare(op, std::move(pattern));
  comparison.escape = escape;
  return comparison;
}

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

ColumnName column(std::string name) { return {.name = std::move(name)}; }

Comparison eq(Operand right) { return compare(Operator::Eq, std::move(right)); }

Comparison neq(Operand right) { return compare(Operator::NotEq, std::move(right)); }

Comparison gt(Operand right) { return compare(Operator::Gt, std::move(right)); }

Comparison weak_gt(Operand right) { return compare(Operator::WeakGt, std::move(right)); }

Comparison gte(Operand right) { return compare(Operator::Gte, std::move(right)); }

Comparison lt(Operand right) { return compare(Operator::Lt, std::move(right)); }

Comparison lte(Operand right) { return compare(Operator::Lte, std::move(right)); }

Comparison between(double low, double high) {
  return {.op = Operator::Between, .values = {low, high}};
}

Comparison one_of(std::vector<Value> values) {
  return {.op = Operator::OneOf, .values = std::move(values)};
}

Comparison not_in(std::vector<Value> values) {
  return {.op = Operator::NotIn, .values = std::move(values)};
}

Comparison like(std::string pattern, char escape) {
  return compare_pattern(Operator::Like, std::move(pattern), escape);
}

Comparison not_like(std::string pattern, char escape) {
  return compare_pattern(Operator::NotLike, std::move(pattern), escape);
}

Comparison includes(std::string part) { return compare(Operator::Includes, std::move(part)); }

Comparison starts_with(std::string part) { return like(escape_like(part) + "%", '\\'); }

std::string sanitize_like(std::string_view text) {
  std::string pattern;
  pattern.reserve(text.size());
  for (const char c : text) {
    // `_` stands for a character, however many bytes it has.
    const bool is_continuation = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    if (!is_continuation) pattern += is_letter_or_digit(c) ? c : '_';
  }
  return pattern;
}

std::string escape_like(std::string_view text, char escape) {
  std::string pattern;
  pattern.reserve(text.size());
  for (const char c : text) {
    if (c == '%' || c == '_' || c == escape) pattern += escape;
    pattern += c;
  }
  return pattern;
}

Condition where(std::string column, Comparison comparison) {
  return {Where{.column = std::move(column), .comparison = std::move(comparison)}};
}

Condition all_of(std::vector<Condition> conditions) {
  return {AllOf{.conditions = std::move(conditions)}};
}

Condition any_of(std::vector<Condition> conditions) {
  return {AnyOf{.conditions = std::move(conditions)}};
}

Condition on(std::string table, std::vector<Condition> conditions, std::string via) {
  return {
      On{.table = std::move(table), .conditions = std::move(conditions), .via = std::move(via)}};
}

Condition sql_expression(std::string fragment, std::vector<Value> args) {
  return {SqlFragment{.sql = std::move(fragment), .args = std::move(args)}};
}

Condition search(std::string words, std::vector<std::string> columns) {
  return {Search{.words = std::move(words), .columns = std::move(columns)}};
}

Condition search_expression(std::string expression) {
  return {Search{.words = std::move(expression), .is_expression = true}};
}

Order asc(std::string column) { return {.column = std::move(column)}; }

Order desc(std::string column) { return {.column = std::move(column), .descending = true}; }

Order best_first() { return {.by_rank = true}; }

Query Query::where(Condition condition) && {
  conditions.push_back(std::move(condition));
  return std::move(*this);
}

Query Query::where(Condition condition) const& { return Query(*this).where(std::move(condition)); }

Query Query::where(std::string column, Comparison comparison) && {
  return std::move(*this).where(convoy::where(std::move(column), std::move(comparison)));
}

Query Query::where(std::string column, Comparison comparison) const& {
  return Query(*this).where(std::move(column), std::move(comparison));
}

Query Query::on(std::string other, std::vector<Condition> conditions_there, std::string via) && {
  return std::move(*this).where(
      convoy::on(std::move(other), std::move(conditions_there), std::move(via)));
}

Query Query::on(std::string other, std::vector<Condition> conditions_there,
                std::string via) const& {
  return Query(*this).on(std::move(other), std::move(conditions_there), std::move(via));
}

Query Query::search(std::string words) && {
  return std::move(*this).where(convoy::search(std::move(words)));
}

Query Query::search(std::string words) const& { return Query(*this).search(std::move(words)); }

Query Query::order_by(Order by) && {
  order.push_back(std::move(by));
  return std::move(*this);
}

Query Query::order_by(Order by) const& { return Query(*this).order_by(std::move(by)); }

Query Query::take(std::int64_t count) && {
  limit = count;
  return std::move(*this);
}

Query Query::take(std::int64_t count) const& { return Query(*this).take(count); }

Query Query::skip(std::int64_t count) && {
  offset = count;
  return std::move(*this);
}

Query Query::skip(std::int64_t count) const& { return Query(*this).skip(count); }

Query from(std::string table) {
  Query query;
  query.table = std::move(table);
  return query;
}

Query from_sql(std::string table, std::string statement, std::vector<Value> args) {
  Query query = from(std::move(table));
  query.statement = SqlFragment{.sql = std::move(statement), .args = std::move(args)};
  return query;
}

}  // namespace convoy
