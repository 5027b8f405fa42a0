#include "query/query_json.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/number_text.h"
#include "query/parts.h"
#include "query/query_words.h"
#include "schema/suggest.h"

namespace convoy::query {
namespace {

using base::Json;

Error invalid_at(std::string_view path, std::string_view what, std::string hint = {}) {
  auto message = path.empty() ? "the query " : std::string(path) + ": ";
  return invalid_query(message + std::string(what), std::move(hint));
}

std::string below(const std::string& path, std::string_view member) {
  return path.empty() ? std::string(member) : path + "." + std::string(member);
}

std::string below(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

// Each part of the document comes with the path that leads to it.
Status check_members(const Json& json, const std::string& path,
                     std::initializer_list<std::string_view> known) {
  if (json.object() == nullptr) return invalid_at(path, "must be an object");
  for (const auto& [name, unused] : *json.object()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    return invalid_at(below(path, name), "there is no such member",
                      schema::did_you_mean(name, {known.begin(), known.end()}));
  }
  return ok_status();
}

Result<std::string> read_text(const Json* json, const std::string& path) {
  if (json == nullptr) return invalid_at(path, "is missing");
  if (json->string() == nullptr) return invalid_at(path, "must be a text");
  return *json->string();
}

// An absent array is an empty one.
Result<const Json::Array*> read_array(const Json* json, const std::string& path) {
  static const Json::Array kEmpty;
  if (json == nullptr) return &kEmpty;
  if (json->array() == nullptr) return invalid_at(path, "must be an array");
  return json->array();
}

// A fraction is rounded by whoever uses doubles at all; an integer that silently becomes another
// one is somebody's id or amount.
Result<double> read_number(const Json& json, const std::string& path) {
  const auto number = json.real();
  if (!number) return invalid_at(path, "must be a number that a double can hold");
  const auto& text = json.number()->text;
  const bool is_integer = text.find_first_of(".eE") == std::string::npos;
  if (is_integer &&
      base::canonical_decimal(text) != base::canonical_decimal(base::format_double(*number))) {
    return invalid_at(path, text + " has more digits than a number keeps",
                      "Columns of such integers hold text: write it in quotes.");
  }
  return *number;
}

Result<Value> read_value(const Json& json, const std::string& path) {
  if (json.is_null()) return Value(Null{});
  if (json.boolean() != nullptr) return Value(*json.boolean());
  if (json.string() != nullptr) return Value(*json.string());
  if (json.number() == nullptr) {
    return invalid_at(path, "must be null, true, false, a number or a text");
  }
  CONVOY_TRY(const double number, read_number(json, path));
  return Value(number);
}

Result<std::vector<Value>> read_values(const Json* json, const std::string& path) {
  CONVOY_TRY(const auto* array, read_array(json, path));
  std::vector<Value> values;
  for (std::size_t i = 0; i < array->size(); ++i) {
    CONVOY_TRY(auto value, read_value((*array)[i], below(path, i)));
    values.push_back(std::move(value));
  }
  return values;
}

Result<std::vector<std::string>> read_texts(const Json* json, const std::string& path) {
  CONVOY_TRY(const auto* array, read_array(json, path));
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < array->size(); ++i) {
    CONVOY_TRY(auto text, read_text(&(*array)[i], below(path, i)));
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<SqlFragment> read_sql(const Json& json, const std::string& path) {
  CONVOY_CHECK_OK(check_members(json, path, {"sql", "args"}));
  SqlFragment fragment;
  CONVOY_TRY(fragment.sql, read_text(json.find("sql"), below(path, "sql")));
  CONVOY_TRY(fragment.args, read_values(json.find("args"), below(path, "args")));
  return fragment;
}

// A pattern is a text, or {"pattern": …, "escape": …}.
Result<Comparison> read_pattern(Operator op, const Json& json, const std::string& path) {
  Comparison comparison{.op = op};
  if (json.object() == nullptr) {
    CONVOY_TRY(auto pattern, read_text(&json, path));
    comparison.values.emplace_back(std::move(pattern));
    return comparison;
  }
  CONVOY_CHECK_OK(check_members(json, path, {"pattern", "escape"}));
  CONVOY_TRY(auto pattern, read_text(json.find("pattern"), below(path, "pattern")));
  comparison.values.emplace_back(std::move(pattern));
  CONVOY_TRY(const auto escape, read_text(json.find("escape"), below(path, "escape")));
  const bool is_one = escape.size() == 1 && static_cast<unsigned char>(escape.front()) < 0x80;
  if (!is_one || escape.front() == '\0') {
    return invalid_at(below(path, "escape"), "must be one ASCII character");
  }
  comparison.escape = escape.front();
  return comparison;
}

Result<Comparison> read_operand(Operator op, const Json& json, const std::string& path) {
  switch (op) {
    case Operator::OneOf:
    case Operator::NotIn: {
      CONVOY_TRY(auto values, read_values(&json, path));
      return Comparison{.op = op, .values = std::move(values)};
    }
    case Operator::Between: {
      CONVOY_TRY(auto values, read_values(&json, path));
      const auto is_number = [](const Value& value) {
        return std::holds_alternative<double>(value);
      };
      if (values.size() != 2 || !std::ranges::all_of(values, is_number)) {
        return invalid_at(path, "must be an array of two numbers");
      }
      return Comparison{.op = op, .values = std::move(values)};
    }
    case Operator::Like:
    case Operator::NotLike:
      return read_pattern(op, json, path);
    case Operator::Includes: {
      CONVOY_TRY(auto part, read_text(&json, path));
      return includes(std::move(part));
    }
    default:
      break;
  }
  if (json.object() != nullptr) {
    CONVOY_CHECK_OK(check_members(json, path, {"column"}));
    Comparison comparison{.op = op};
    CONVOY_TRY(comparison.column, read_text(json.find("column"), below(path, "column")));
    if (comparison.column.empty()) return invalid_at(below(path, "column"), "is empty");
    return comparison;
  }
  CONVOY_TRY(auto value, read_value(json, path));
  return Comparison{.op = op, .values = {std::move(value)}};
}

// ["column", "operator", operand]
Result<Condition> read_comparison(const Json::Array& json, const std::string& path) {
  if (json.size() != 3) {
    return invalid_at(path, "a comparison is [\"column\", \"operator\", value]");
  }
  CONVOY_TRY(auto column, read_text(&json[0], below(path, 0)));
  CONVOY_TRY(const auto word, read_text(&json[1], below(path, 1)));
  if (word == kStartsWith) {
    CONVOY_TRY(auto part, read_text(&json[2], below(path, 2)));
    return where(std::move(column), starts_with(std::move(part)));
  }
  const auto* found =
      std::ranges::find(kOperatorWords, word, [](auto& pair) { return pair.first; });
  if (found == kOperatorWords.end()) {
    std::vector<std::string_view> known{kStartsWith};
    for (const auto& [name, op] : kOperatorWords) known.push_back(name);
    return invalid_at(below(path, 1), "there is no operator \"" + word + "\"",
                      schema::did_you_mean(word, known));
  }
  CONVOY_TRY(auto comparison, read_operand(found->second, json[2], below(path, 2)));
  return where(std::move(column), std::move(comparison));
}

Result<std::vector<Condition>> read_conditions(const Json* json, const std::string& path,
                                               int depth);

Result<Condition> read_on(const Json& json, const std::string& path, int depth) {
  CONVOY_CHECK_OK(check_members(json, path, {"on", "where", "via"}));
  On on;
  CONVOY_TRY(on.table, read_text(json.find("on"), below(path, "on")));
  CONVOY_TRY(on.conditions, read_conditions(json.find("where"), below(path, "where"), depth));
  if (json.find("via") != nullptr) {
    CONVOY_TRY(on.via, read_text(json.find("via"), below(path, "via")));
  }
  return Condition{std::move(on)};
}

Result<Condition> read_condition(const Json& json, const std::string& path, int depth) {
  if (json.array() != nullptr) return read_comparison(*json.array(), path);
  for (const std::string_view group : {"all", "any"}) {
    if (json.find(group) == nullptr) continue;
    CONVOY_CHECK_OK(check_members(json, path, {group}));
    CONVOY_TRY(auto inner, read_conditions(json.find(group), below(path, group), depth + 1));
    return group == "all" ? all_of(std::move(inner)) : any_of(std::move(inner));
  }
  if (json.find("on") != nullptr) return read_on(json, path, depth + 1);
  if (json.find("sql") != nullptr) {
    CONVOY_TRY(auto fragment, read_sql(json, path));
    return Condition{std::move(fragment)};
  }
  if (json.find("search") != nullptr) {
    CONVOY_CHECK_OK(check_members(json, path, {"search", "columns"}));
    CONVOY_TRY(auto words, read_text(json.find("search"), below(path, "search")));
    CONVOY_TRY(auto columns, read_texts(json.find("columns"), below(path, "columns")));
    return search(std::move(words), std::move(columns));
  }
  if (json.find("search_expression") != nullptr) {
    CONVOY_CHECK_OK(check_members(json, path, {"search_expression"}));
    CONVOY_TRY(auto expression,
               read_text(json.find("search_expression"), below(path, "search_expression")));
    return search_expression(std::move(expression));
  }
  return invalid_at(path, "is no condition",
                    "A comparison is an array; others are objects with all, any, on, sql, search "
                    "or search_expression.");
}

Result<std::vector<Condition>> read_conditions(const Json* json, const std::string& path,
                                               int depth) {
  CONVOY_TRY(const auto* array, read_array(json, path));
  if (!array->empty() && depth > limits::kQueryDepthMax) {
    return invalid_at(path, "conditions are nested more than " +
                                std::to_string(limits::kQueryDepthMax) + " deep");
  }
  std::vector<Condition> conditions;
  for (std::size_t i = 0; i < array->size(); ++i) {
    CONVOY_TRY(auto condition, read_condition((*array)[i], below(path, i), depth));
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

// ["column"], ["column", "desc"] or {"rank": true}
Result<Order> read_order(const Json& json, const std::string& path) {
  if (json.object() != nullptr) {
    CONVOY_CHECK_OK(check_members(json, path, {"rank"}));
    const auto* rank = json.find("rank");
    if (rank == nullptr || rank->boolean() == nullptr || !*rank->boolean()) {
      return invalid_at(below(path, "rank"), "must be true");
    }
    return best_first();
  }
  const auto* array = json.array();
  if (array == nullptr || array->empty() || array->size() > 2) {
    return invalid_at(path,
                      "must be [\"column\"], [\"column\", \"asc\"], [\"column\", \"desc\"] or "
                      "{\"rank\": true}");
  }
  Order order;
  CONVOY_TRY(order.column, read_text(&(*array)[0], below(path, 0)));
  if (array->size() == 1) return order;
  CONVOY_TRY(const auto direction, read_text(&(*array)[1], below(path, 1)));
  if (direction != "asc" && direction != "desc") {
    return invalid_at(below(path, 1), "must be \"asc\" or \"desc\"");
  }
  order.descending = direction == "desc";
  return order;
}

Result<std::optional<std::int64_t>> read_count(const Json* json, const std::string& path) {
  if (json == nullptr) return std::optional<std::int64_t>();
  const auto count = json->integer();
  if (!count || *count < 0) return invalid_at(path, "must be a whole number, 0 or more");
  return count;
}

}  // namespace

Result<Query> parse_query(const Json& json) {
  CONVOY_CHECK_OK(check_members(json, "", {"from", "where", "order", "take", "skip", "statement"}));
  Query query;
  CONVOY_TRY(query.table, read_text(json.find("from"), "from"));
  CONVOY_TRY(query.conditions, read_conditions(json.find("where"), "where", 1));
  CONVOY_TRY(const auto* order, read_array(json.find("order"), "order"));
  for (std::size_t i = 0; i < order->size(); ++i) {
    CONVOY_TRY(auto by, read_order((*order)[i], below("order", i)));
    query.order.push_back(std::move(by));
  }
  CONVOY_TRY(query.limit, read_count(json.find("take"), "take"));
  CONVOY_TRY(query.offset, read_count(json.find("skip"), "skip"));
  if (json.find("statement") != nullptr) {
    CONVOY_TRY(query.statement, read_sql(*json.find("statement"), "statement"));
  }
  return query;
}

Result<Query> parse_query(std::string_view text) {
  auto json = base::parse_json(text);
  if (!json.ok()) return invalid_query("the query is " + json.error().message);
  return parse_query(*json);
}

}  // namespace convoy::query
