#include "conformance/runner/cpp_query.h"

#include <array>
#include <string>
#include <utility>

#include "base/json.h"
#include "conformance/runner/words.h"

namespace convoy::conformance {
namespace {

using base::Json;

constexpr std::array<std::pair<std::string_view, Operator>, 13> kOperators{
    {{"eq", Operator::Eq},
     {"neq", Operator::NotEq},
     {"gt", Operator::Gt},
     {"weak_gt", Operator::WeakGt},
     {"gte", Operator::Gte},
     {"lt", Operator::Lt},
     {"lte", Operator::Lte},
     {"one_of", Operator::OneOf},
     {"not_in", Operator::NotIn},
     {"between", Operator::Between},
     {"like", Operator::Like},
     {"not_like", Operator::NotLike},
     {"includes", Operator::Includes}}};

Error invalid(std::string what) {
  return {.code = ErrorCode::InvalidQuery, .message = std::move(what)};
}

std::string text_of(const Json* json) {
  return json == nullptr || json->string() == nullptr ? "" : *json->string();
}

Result<std::vector<Value>> parse_values(const Json& json) {
  std::vector<Value> values;
  for (const auto& element : json.array() != nullptr ? *json.array() : Json::Array{json}) {
    auto value = to_value(element);
    if (!value) return invalid("no value");
    values.push_back(*std::move(value));
  }
  return values;
}

Result<Condition> parse_where(const Json::Array& parts) {
  if (parts.size() < 3) return invalid("[column, operator, value]");
  const auto name = text_of(&parts[1]);
  if (name == "starts_with") return where(text_of(&parts[0]), starts_with(text_of(&parts[2])));
  Where result{.column = text_of(&parts[0])};
  bool is_known = false;
  for (const auto& [word, op] : kOperators) {
    if (word != name) continue;
    result.comparison.op = op;
    is_known = true;
  }
  if (!is_known) return invalid("no operator");
  if (const auto* other = parts[2].find("column")) {
    result.comparison.column = text_of(other);
  } else {
    const auto op = result.comparison.op;
    const bool is_list = op == Operator::OneOf || op == Operator::NotIn || op == Operator::Between;
    if (is_list != (parts[2].array() != nullptr)) return invalid("one value, or a list");
    CONVOY_TRY(result.comparison.values, parse_values(parts[2]));
  }
  if (parts.size() > 3) {
    const auto* escape = parts[3].find("escape");
    if (escape == nullptr || text_of(escape).size() != 1) return invalid("escape");
    result.comparison.escape = text_of(escape)[0];
  }
  return Condition{std::move(result)};
}

Result<std::vector<Condition>> parse_conditions(const Json& json);

Result<Condition> parse_condition(const Json& json) {
  if (json.array() != nullptr) return parse_where(*json.array());
  if (const auto* all = json.find("all")) {
    CONVOY_TRY(auto conditions, parse_conditions(*all));
    return all_of(std::move(conditions));
  }
  if (const auto* any = json.find("any")) {
    CONVOY_TRY(auto conditions, parse_conditions(*any));
    return any_of(std::move(conditions));
  }
  if (const auto* table = json.find("on")) {
    std::vector<Condition> conditions;
    if (const auto* there = json.find("where")) {
      CONVOY_TRY(conditions, parse_conditions(*there));
    }
    return on(text_of(table), std::move(conditions), text_of(json.find("via")));
  }
  if (const auto* sql = json.find("sql")) {
    std::vector<Value> args;
    if (const auto* given = json.find("args")) {
      CONVOY_TRY(args, parse_values(*given));
    }
    return sql_expression(text_of(sql), std::move(args));
  }
  if (const auto* words = json.find("search")) {
    std::vector<std::string> columns;
    if (const auto* given = json.find("columns")) {
      for (const auto& column : *given->array()) columns.push_back(text_of(&column));
    }
    return search(text_of(words), std::move(columns));
  }
  if (const auto* expression = json.find("match")) return search_expression(text_of(expression));
  return invalid("no condition");
}

Result<std::vector<Condition>> parse_conditions(const Json& json) {
  std::vector<Condition> conditions;
  if (json.array() == nullptr) return invalid("no conditions");
  for (const auto& element : *json.array()) {
    CONVOY_TRY(auto condition, parse_condition(element));
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

}  // namespace

Result<Query> parse_query(std::string_view text) {
  CONVOY_TRY(const auto json, base::parse_json(text));
  Query query = from(text_of(json.find("from")));
  if (const auto* where = json.find("where")) {
    CONVOY_TRY(query.conditions, parse_conditions(*where));
  }
  if (const auto* order = json.find("order")) {
    for (const auto& element : *order->array()) {
      if (element.find("rank") != nullptr) {
        query.order.push_back(best_first());
        continue;
      }
      const auto& parts = *element.array();
      query.order.push_back(text_of(&parts[1]) == "desc" ? desc(text_of(&parts[0]))
                                                         : asc(text_of(&parts[0])));
    }
  }
  if (const auto* take = json.find("take")) query.limit = take->integer();
  if (const auto* skip = json.find("skip")) query.offset = skip->integer();
  return query;
}

}  // namespace convoy::conformance
