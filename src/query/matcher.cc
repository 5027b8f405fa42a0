#include "query/matcher.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "query/compile.h"
#include "query/like_pattern.h"

namespace convoy::query {
namespace {

// SQL's logic knows true, false and unknown; without `not` only true counts, so that each part here
// says whether it is true.

struct Comparing {
  Field field;
  Operator op;
  Value value;
  std::optional<Field> other;  // Instead of the value.

  [[nodiscard]] bool is_true(const RowView& row) const {
    const auto left = field.of(row);
    const auto right = other ? other->of(row) : cell_of(value);
    const auto order = compare(left, right);
    if (op == Operator::Eq) return order == 0;
    if (op == Operator::NotEq) return order != 0;
    if (op == Operator::WeakGt && other && right.is_null()) return !left.is_null();
    if (left.is_null() || right.is_null()) return false;
    switch (op) {
      case Operator::Gt:
      case Operator::WeakGt:
        return order > 0;
      case Operator::Gte:
        return order >= 0;
      case Operator::Lt:
        return order < 0;
      default:
        return order <= 0;
    }
  }
};

struct Between {
  Field field;
  double low;
  double high;

  [[nodiscard]] bool is_true(const RowView& row) const {
    const auto cell = field.of(row);
    return cell.kind == Cell::Kind::Number && low <= cell.number && cell.number <= high;
  }
};

struct InList {
  Field field;
  bool is_one_of;
  std::vector<double> numbers;     // Sorted, as the texts are.
  std::vector<std::string> texts;  //

  [[nodiscard]] bool is_true(const RowView& row) const {
    if (numbers.empty() && texts.empty()) return !is_one_of;
    const auto cell = field.of(row);
    if (cell.is_null()) return false;
    const bool found = cell.kind == Cell::Kind::Number
                           ? std::ranges::binary_search(numbers, cell.number)
                           : std::ranges::binary_search(texts, cell.text);
    return found == is_one_of;
  }
};

struct Liking {
  Field field;
  bool is_like;
  LikePattern pattern;

  [[nodiscard]] bool is_true(const RowView& row) const {
    const auto cell = field.of(row);
    return cell.kind == Cell::Kind::Text && pattern.matches(cell.text) == is_like;
  }
};

struct Including {
  Field field;
  std::string part;

  [[nodiscard]] bool is_true(const RowView& row) const {
    const auto cell = field.of(row);
    return cell.kind == Cell::Kind::Text && cell.text.find(part) != std::string_view::npos;
  }
};

}  // namespace

struct Matcher::Node {
  struct Group {
    bool is_all = true;
    std::vector<Node> parts;

    [[nodiscard]] bool is_true(const RowView& row) const {
      const auto is_part_true = [&](const Node& part) { return part.is_true(row); };
      return is_all ? std::ranges::all_of(parts, is_part_true)
                    : std::ranges::any_of(parts, is_part_true);
    }
  };

  std::variant<Group, Comparing, Between, InList, Liking, Including> part;

  [[nodiscard]] bool is_true(const RowView& row) const {
    return std::visit([&](const auto& alternative) { return alternative.is_true(row); }, part);
  }

  // Nothing, if only SQLite can say. REQUIRES: the conditions compile.
  static std::optional<Node> group(const Table& table, const std::vector<Condition>& conditions,
                                   bool is_all);
  static std::optional<Node> condition(const Table& table, const Condition& condition);
  static std::optional<Node> comparison(const Table& table, const Where& where);
};

std::optional<Matcher::Node> Matcher::Node::group(const Table& table,
                                                  const std::vector<Condition>& conditions,
                                                  bool is_all) {
  Group group{.is_all = is_all};
  for (const auto& item : conditions) {
    auto part = condition(table, item);
    if (!part) return std::nullopt;
    group.parts.push_back(*std::move(part));
  }
  return Node{std::move(group)};
}

std::optional<Matcher::Node> Matcher::Node::condition(const Table& table,
                                                      const Condition& condition) {
  if (const auto* where = std::get_if<Where>(&condition.node)) return comparison(table, *where);
  if (const auto* all = std::get_if<AllOf>(&condition.node)) {
    return group(table, all->conditions, true);
  }
  if (const auto* any = std::get_if<AnyOf>(&condition.node)) {
    return group(table, any->conditions, false);
  }
  return std::nullopt;
}

std::optional<Matcher::Node> Matcher::Node::comparison(const Table& table, const Where& where) {
  const auto& [op, values, column, escape] = where.comparison;
  const Field field(table, where.column);
  switch (op) {
    case Operator::Between:
      return Node{Between{field, std::get<double>(values[0]), std::get<double>(values[1])}};
    case Operator::OneOf:
    case Operator::NotIn: {
      InList list{.field = field, .is_one_of = op == Operator::OneOf};
      for (const auto& value : values) {
        const auto cell = cell_of(value);
        if (cell.kind == Cell::Kind::Number) list.numbers.push_back(cell.number);
        if (cell.kind == Cell::Kind::Text) list.texts.emplace_back(cell.text);
      }
      std::ranges::sort(list.numbers);
      std::ranges::sort(list.texts);
      return Node{std::move(list)};
    }
    case Operator::Like:
    case Operator::NotLike:
      // SQLite matches a number's text, which is its own affair.
      if (!field.is_text()) return std::nullopt;
      return Node{Liking{field, op == Operator::Like,
                         LikePattern(std::get<std::string>(values[0]), escape)}};
    case Operator::Includes:
      if (!field.is_text()) return std::nullopt;
      return Node{Including{field, std::get<std::string>(values[0])}};
    default: {
      Comparing comparing{.field = field, .op = op};
      if (column.empty()) {
        comparing.value = values[0];
      } else {
        comparing.other = Field(table, column);
      }
      return Node{std::move(comparing)};
    }
  }
}

namespace {

// Whether the conditions speak of the row alone, so that they can be checked without a schema.
bool speaks_of_row_alone(const std::vector<Condition>& conditions) {
  return std::ranges::all_of(conditions, [](const Condition& condition) {
    if (const auto* all = std::get_if<AllOf>(&condition.node)) {
      return speaks_of_row_alone(all->conditions);
    }
    if (const auto* any = std::get_if<AnyOf>(&condition.node)) {
      return speaks_of_row_alone(any->conditions);
    }
    return std::holds_alternative<Where>(condition.node);
  });
}

}  // namespace

Result<std::optional<Matcher>> Matcher::make(const Table& table, const Query& query) {
  if (query.statement || !speaks_of_row_alone(query.conditions)) return std::optional<Matcher>();
  Query conditions = from(query.table);
  conditions.conditions = query.conditions;
  CONVOY_CHECK_OK(compile(Schema(), table, conditions, Select::Count));
  auto root = Node::group(table, query.conditions, true);
  if (!root) return std::optional<Matcher>();
  return std::optional(Matcher(std::make_shared<const Node>(*std::move(root))));
}

bool Matcher::matches(const RowView& row) const {
  return row.status != "deleted" && root_->is_true(row);
}

}  // namespace convoy::query
