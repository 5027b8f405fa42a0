#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "query/parts.h"
#include "query/query_json.h"
#include "query/query_words.h"

namespace convoy::query {
namespace {

using base::Json;

Result<Json> write_value(const Value& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) return Json(*boolean);
  if (const auto* number = std::get_if<double>(&value)) {
    if (std::isfinite(*number)) return Json::from_double(*number);
    return invalid_query("a number that is not finite can't be written as JSON");
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (base::is_utf8(*text)) return Json(*text);
    return invalid_query("text that is not UTF-8 can't be written as JSON");
  }
  return Json();
}

Result<Json> write_values(const std::vector<Value>& values) {
  Json::Array array;
  for (const auto& value : values) {
    CONVOY_TRY(auto json, write_value(value));
    array.push_back(std::move(json));
  }
  return Json(std::move(array));
}

Result<Json> write_texts(const std::vector<std::string>& texts) {
  Json::Array array;
  for (const auto& text : texts) {
    CONVOY_TRY(auto json, write_value(text));
    array.push_back(std::move(json));
  }
  return Json(std::move(array));
}

Result<Json> write_operand(const Comparison& comparison) {
  const auto& [op, values, column, escape] = comparison;
  if (!column.empty()) {
    CONVOY_TRY(auto name, write_value(column));
    return Json(Json::Object{{"column", std::move(name)}});
  }
  const bool is_list = op == Operator::OneOf || op == Operator::NotIn || op == Operator::Between;
  if (is_list) return write_values(values);
  if (values.size() != 1) return invalid_query("a comparison has no value, or several");
  CONVOY_TRY(auto value, write_value(values.front()));
  if (escape == '\0') return value;
  CONVOY_TRY(auto character, write_value(std::string(1, escape)));
  return Json(Json::Object{{"pattern", std::move(value)}, {"escape", std::move(character)}});
}

Result<Json> write_comparison(const Where& where) {
  const auto* word = std::ranges::find(kOperatorWords, where.comparison.op,
                                       [](const auto& pair) { return pair.second; });
  if (word == kOperatorWords.end()) return invalid_query("there is no such operator");
  CONVOY_TRY(auto column, write_value(where.column));
  CONVOY_TRY(auto operand, write_operand(where.comparison));
  return Json(Json::Array{std::move(column), Json(word->first), std::move(operand)});
}

Result<Json> write_sql(const SqlFragment& fragment) {
  CONVOY_TRY(auto sql, write_value(fragment.sql));
  CONVOY_TRY(auto args, write_values(fragment.args));
  return Json(Json::Object{{"sql", std::move(sql)}, {"args", std::move(args)}});
}

Result<Json> write_search(const Search& search) {
  CONVOY_TRY(auto words, write_value(search.words));
  if (search.is_expression) {
    if (!search.columns.empty()) {
      return invalid_query("a search expression comes with a list of columns");
    }
    return Json(Json::Object{{"search_expression", std::move(words)}});
  }
  Json json(Json::Object{{"search", std::move(words)}});
  if (search.columns.empty()) return json;
  CONVOY_TRY(auto columns, write_texts(search.columns));
  json.set("columns", std::move(columns));
  return json;
}

Result<Json> write_conditions(const std::vector<Condition>& conditions);

Result<Json> write_group(const char* name, const std::vector<Condition>& conditions) {
  CONVOY_TRY(auto inner, write_conditions(conditions));
  return Json(Json::Object{{name, std::move(inner)}});
}

Result<Json> write_on(const On& on) {
  CONVOY_TRY(auto table, write_value(on.table));
  CONVOY_TRY(auto inner, write_conditions(on.conditions));
  Json json(Json::Object{{"on", std::move(table)}, {"where", std::move(inner)}});
  if (on.via.empty()) return json;
  CONVOY_TRY(auto via, write_value(on.via));
  json.set("via", std::move(via));
  return json;
}

Result<Json> write_condition(const Condition& condition) {
  const auto& node = condition.node;
  if (const auto* where = std::get_if<Where>(&node)) return write_comparison(*where);
  if (const auto* all = std::get_if<AllOf>(&node)) return write_group("all", all->conditions);
  if (const auto* any = std::get_if<AnyOf>(&node)) return write_group("any", any->conditions);
  if (const auto* on = std::get_if<On>(&node)) return write_on(*on);
  if (const auto* sql = std::get_if<SqlFragment>(&node)) return write_sql(*sql);
  return write_search(std::get<Search>(node));
}

Result<Json> write_conditions(const std::vector<Condition>& conditions) {
  Json::Array array;
  for (const auto& condition : conditions) {
    CONVOY_TRY(auto json, write_condition(condition));
    array.push_back(std::move(json));
  }
  return Json(std::move(array));
}

Result<Json> write_order(const std::vector<Order>& order) {
  Json::Array array;
  for (const auto& by : order) {
    if (by.by_rank) {
      if (!by.column.empty() || by.descending) {
        return invalid_query("an order by rank has neither a column nor a direction");
      }
      array.emplace_back(Json::Object{{"rank", true}});
      continue;
    }
    CONVOY_TRY(auto column, write_value(by.column));
    array.emplace_back(Json::Array{std::move(column), by.descending ? "desc" : "asc"});
  }
  return Json(std::move(array));
}

}  // namespace

Result<Json> to_json(const Query& query) {
  CONVOY_TRY(auto table, write_value(query.table));
  Json json(Json::Object{{"from", std::move(table)}});
  if (!query.conditions.empty()) {
    CONVOY_TRY(auto conditions, write_conditions(query.conditions));
    json.set("where", std::move(conditions));
  }
  if (!query.order.empty()) {
    CONVOY_TRY(auto order, write_order(query.order));
    json.set("order", std::move(order));
  }
  if (query.limit) json.set("take", *query.limit);
  if (query.offset) json.set("skip", *query.offset);
  if (query.statement) {
    CONVOY_TRY(auto statement, write_sql(*query.statement));
    json.set("statement", std::move(statement));
  }
  return json;
}

}  // namespace convoy::query
