// test_generator.h: tables, rows and queries for property tests, full of the values at which
// engines disagree. The functions belong into a rapidcheck property.
#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "convoy/query.h"
#include "convoy/schema.h"

namespace convoy::query::testing {

// Half of the time one of a few, so that values meet.
inline std::string any_text() {
  if (*rc::gen::arbitrary<bool>()) {
    return *rc::gen::element<std::string>("", "a", "A", "ab", "aB", "b", "é", "a%");
  }
  static const std::vector<std::string> kAtoms = {
      "",        "a",      "A",      "b",      "ab",     "z",      "%",          "_",
      "\\",      "!",      "'",      "\"",     "0",      "1",      "1.0",        "null",
      "deleted", "é",      "É",      "ß",      "ſ",      "K",      "e\u0301",    "\n",
      "\t",      " ",      "\x01",   "\x7F",   "😀",     "😁",     "[",          "*",
      "\uD7FF",  "\uE000", "\uFFFD", "\uFFFE", "\uFFFF", "\uFEFF", "\U00010000", "\U0010FFFF",
      "@",       "`",      "{",      "Z"};
  std::string text;
  const auto count = *rc::gen::weightedElement<int>({{2, 0}, {6, 1}, {4, 2}, {2, 3}, {1, 5}});
  for (int i = 0; i < count; ++i) text += *rc::gen::elementOf(kAtoms);
  return text;
}

inline double any_number() {
  if (*rc::gen::arbitrary<bool>()) return *rc::gen::element(-1.0, 0.0, 1.0, 1.5, 2.0);
  using Limits = std::numeric_limits<double>;
  static const std::vector<double> kNumbers = {0.0,
                                               -0.0,
                                               1.0,
                                               -1.0,
                                               2.0,
                                               3.0,
                                               0.1,
                                               0.3,
                                               0.1 + 0.2,
                                               0.5,
                                               1.5,
                                               -1.5,
                                               1e15,
                                               1e16,
                                               1e17,
                                               123456789.125,
                                               1e300,
                                               -1e300,
                                               1e-300,
                                               Limits::max(),
                                               Limits::lowest(),
                                               Limits::min(),
                                               Limits::denorm_min(),
                                               -Limits::denorm_min(),
                                               Limits::epsilon(),
                                               Limits::infinity(),
                                               -Limits::infinity(),
                                               9007199254740991.0,
                                               9007199254740992.0,
                                               9007199254740994.0,
                                               -9007199254740992.0,
                                               9223372036854775807.0,
                                               -9223372036854775808.0,
                                               9223372036854774784.0,
                                               4503599627370497.5,
                                               1790000000000.123,
                                               1790000000000.125};
  const auto number = *rc::gen::elementOf(kNumbers);
  if (*rc::gen::inRange(0, 6) != 0) return number;
  return std::nextafter(number, *rc::gen::element(-1e308, 1e308));
}

// A pattern that was made from the text, and so often matches it.
inline std::string any_pattern(const std::string& text, char escape) {
  std::string pattern;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 1;
    while (at + length < text.size() && (text[at + length] & 0xC0) == 0x80) ++length;
    auto character = text.substr(at, length);
    at += length;
    switch (*rc::gen::inRange(0, 10)) {
      case 0:
        pattern += '_';
        break;
      case 1:
        pattern += '%';
        break;
      case 2:
        pattern += "%" + character;
        break;
      case 3:
        if (escape != '\0') pattern += escape;
        pattern += character;
        break;
      case 4:
        if (length == 1 && std::isalpha(character[0]) != 0) character[0] ^= 0x20;
        pattern += character;
        break;
      default:
        pattern += character;
    }
  }
  const auto end = *rc::gen::inRange(0, 12);
  if (end == 0) pattern += '%';
  if (end == 1) pattern += "%%_";
  if (end == 2 && escape != '\0') pattern += escape;
  return pattern;
}

inline char any_escape() { return *rc::gen::element('\0', '\0', '\\', '!', '%', '_', 'a', '\''); }

inline Value any_value() {
  switch (*rc::gen::weightedElement<int>({{1, 0}, {1, 1}, {3, 2}, {4, 3}})) {
    case 0:
      return Null{};
    case 1:
      return *rc::gen::arbitrary<bool>();
    case 2:
      return any_number();
    default:
      return any_text();
  }
}

inline Value any_value_of(ColumnType type) {
  if (*rc::gen::inRange(0, 4) == 0) return Null{};
  switch (type) {
    case ColumnType::String:
      return any_text();
    case ColumnType::Number:
      return any_number();
    case ColumnType::Boolean:
      return *rc::gen::arbitrary<bool>();
  }
  return Null{};
}

// Called "t", with one to five columns.
inline Table any_table() {
  Table table{.name = "t"};
  const auto count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) {
    const auto type = *rc::gen::element(ColumnType::String, ColumnType::String, ColumnType::Number,
                                        ColumnType::Boolean);
    table.columns.push_back(
        {.name = "c" + std::to_string(i), .type = type, .is_indexed = *rc::gen::arbitrary<bool>()});
  }
  return table;
}

inline std::string any_column(const Table& table) {
  if (*rc::gen::inRange(0, 6) == 0) {
    return *rc::gen::element<std::string>("id", "_status", "_changed");
  }
  return (*rc::gen::elementOf(table.columns)).name;
}

inline bool holds_text(const Table& table, const std::string& column) {
  const auto* found = table.find_column(column);
  return found == nullptr || found->type == ColumnType::String;
}

inline std::vector<Value> any_list() {
  std::vector<Value> values;
  const auto count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < count; ++i) {
    auto value = any_value();
    if (!is_null(value)) values.push_back(std::move(value));
  }
  // Long ones are compiled in another way.
  if (!values.empty() && *rc::gen::inRange(0, 4) == 0) {
    while (values.size() < 100) values.push_back(values[values.size() / 2]);
  }
  return values;
}

inline Comparison any_comparison(const Table& table, const std::string& column) {
  const auto op = static_cast<Operator>(*rc::gen::inRange(0, 13));
  switch (op) {
    case Operator::Between:
      return between(any_number(), any_number());
    case Operator::OneOf:
    case Operator::NotIn:
      return {.op = op, .values = any_list()};
    case Operator::Like:
    case Operator::NotLike:
    case Operator::Includes: {
      // On other columns the matcher gives up.
      if (!holds_text(table, column)) return eq(any_value());
      if (op == Operator::Includes) return includes(any_text());
      const auto escape = any_escape();
      return {.op = op, .values = {any_pattern(any_text(), escape)}, .escape = escape};
    }
    default: {
      if (*rc::gen::inRange(0, 3) == 0) return {.op = op, .column = any_column(table)};
      return {.op = op, .values = {any_value()}};
    }
  }
}

inline Condition any_condition(const Table& table, int depth = 0) {
  const auto kind = depth > 2 ? 0 : *rc::gen::weightedElement<int>({{4, 0}, {1, 1}, {1, 2}});
  if (kind == 0) {
    auto column = any_column(table);
    auto comparison = any_comparison(table, column);
    return where(std::move(column), std::move(comparison));
  }
  std::vector<Condition> conditions;
  const auto count = *rc::gen::weightedElement<int>({{1, 0}, {2, 1}, {4, 2}, {2, 3}, {1, 12}});
  for (int i = 0; i < count; ++i) conditions.push_back(any_condition(table, depth + 1));
  return kind == 1 ? all_of(std::move(conditions)) : any_of(std::move(conditions));
}

// Conditions on the row alone, an order, a page.
inline Query any_simple_query(const Table& table) {
  Query query = from(table.name);
  const auto conditions = *rc::gen::weightedElement<int>({{1, 0}, {6, 1}, {3, 2}, {1, 3}});
  for (int i = 0; i < conditions; ++i) query.conditions.push_back(any_condition(table));
  const auto orders = *rc::gen::inRange(0, 4);
  for (int i = 0; i < orders; ++i) {
    query.order.push_back({.column = any_column(table), .descending = *rc::gen::arbitrary<bool>()});
  }
  if (*rc::gen::inRange(0, 4) == 0) query.limit = *rc::gen::inRange(0, 6);
  if (*rc::gen::inRange(0, 4) == 0) query.offset = *rc::gen::inRange(0, 6);
  return query;
}

inline SqlFragment any_fragment() {
  if (*rc::gen::arbitrary<bool>()) return {.sql = "? is not \"id\"", .args = {any_value()}};
  return {.sql = *rc::gen::element<std::string>("1", "id > 'a' or 0", "exists(select 1)",
                                                "(1) and (id in ('(', ')'))", "rowid % 2 = 0")};
}

inline Search any_search(const Table& table) {
  Search search{.words = any_text() + *rc::gen::element<std::string>("", " ", "\"") + any_text()};
  for (const auto& column : table.columns) {
    const bool is_chosen = column.is_searchable && *rc::gen::inRange(0, 3) == 0;
    if (is_chosen) search.columns.push_back(column.name);
  }
  return search;
}

// Every kind of condition, on the tables of `schema`.
inline Condition any_rich_condition(const Schema& schema, const Table& table, int depth = 0) {
  const auto inner = [&](const Table& of) {
    std::vector<Condition> conditions;
    const auto count = depth > 3 ? 0 : *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) {
      conditions.push_back(any_rich_condition(schema, of, depth + 1));
    }
    return conditions;
  };
  switch (*rc::gen::inRange(0, 10)) {
    case 0:
      return all_of(inner(table));
    case 1:
      return any_of(inner(table));
    case 2:
    case 3: {
      std::vector<On> related;
      for (const auto& other : schema.tables) {
        for (const auto& column : table.columns) {
          const bool leads = column.references && column.references->table == other.name;
          if (leads) related.push_back({.table = other.name, .via = "->" + column.name});
        }
        for (const auto& column : other.columns) {
          const bool leads = column.references && column.references->table == table.name;
          if (leads) related.push_back({.table = other.name, .via = "<-" + column.name});
        }
      }
      if (related.empty()) return all_of({});
      auto on = *rc::gen::elementOf(std::vector<std::size_t>{0, 1, 2, 3, 4, 5});
      auto& chosen = related[on % related.size()];
      chosen.conditions = inner(*schema.find_table(chosen.table));
      return {std::move(chosen)};
    }
    case 4:
      return {any_fragment()};
    case 5: {
      const auto is_searchable = [](const Column& column) { return column.is_searchable; };
      if (std::ranges::none_of(table.columns, is_searchable)) return any_of({});
      return {any_search(table)};
    }
    default: {
      auto column = any_column(table);
      auto comparison = any_comparison(table, column);
      return where(std::move(column), std::move(comparison));
    }
  }
}

inline Query any_rich_query(const Schema& schema) {
  const auto& table = schema.tables[*rc::gen::inRange<std::size_t>(0, schema.tables.size())];
  if (*rc::gen::inRange(0, 20) == 0) {
    return from_sql(table.name, "select *, ? as x from \"" + table.name + "\";", {any_value()});
  }
  auto query = any_simple_query(table);
  const auto conditions = *rc::gen::inRange(0, 4);
  for (int i = 0; i < conditions; ++i) {
    query.conditions.push_back(any_rich_condition(schema, table));
  }
  const auto is_search = [](const Condition& condition) {
    return std::holds_alternative<Search>(condition.node);
  };
  if (std::ranges::any_of(query.conditions, is_search)) query.order.push_back(best_first());
  return query;
}

}  // namespace convoy::query::testing
