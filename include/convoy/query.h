// query.h: which records of one table, in which order. Owned by the layer `query`. Pure.
//
//   from("tasks").where("status", one_of({"TODO", "IN_PROGRESS"}))
//       .on("milestones", {where("name", includes("beta"))})
//       .order_by(desc("updated_at")).take(50)
//
// A query is a value; nothing is checked before it runs. Rows marked as deleted are never part of a
// result, nor do they make another row part of it. Comparisons follow WatermelonDB, with SQLite as
// the judge: `eq` and `neq` treat null as a value (neq("x") matches null); all others never match
// null, but for `weak_gt`. Text compares by its bytes; true is 1 and false is 0; nothing is
// converted ("1" is not 1). All of it, with examples: docs/reference/queries.md.
//
// Thread-safety: thread-compatible.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "convoy/value.h"

namespace convoy {

enum class Operator {
  Eq,
  NotEq,
  Gt,
  WeakGt,
  Gte,
  Lt,
  Lte,
  OneOf,
  NotIn,
  Between,
  Like,
  NotLike,
  Includes
};

// Another column of the same record, on the right of a comparison: gt(column("due_at")).
struct ColumnName {
  std::string name;
};

ColumnName column(std::string name);

// The right side of a comparison: a value or a column.
struct Operand {
  Operand(Value right) : value(std::move(right)) {}

  Operand(std::nullptr_t) {}

  Operand(Null) {}

  Operand(bool right) : value(right) {}

  template <class T>
    requires(std::floating_point<T> || (std::integral<T> && !std::same_as<T, bool>))
  Operand(T right) : value(static_cast<double>(right)) {}

  Operand(const char* right) : value(std::string(right)) {}

  Operand(std::string_view right) : value(std::string(right)) {}

  Operand(std::string right) : value(std::move(right)) {}

  Operand(ColumnName right) : column(std::move(right.name)) {}

  Value value;
  std::string column;  // Not empty: this column instead of the value.
};

struct Comparison {
  Operator op = Operator::Eq;
  std::vector<Value> values;  // One; two for Between, any number for OneOf and NotIn.
  std::string column;         // Not empty: this column of the same record, and no values.
  char escape = '\0';         // Like and NotLike: takes the meaning from a % or _ that follows it.
};

Comparison eq(Operand right);
Comparison neq(Operand right);
Comparison gt(Operand right);
// As gt; but of two columns, one that is not null is greater than one that is.
Comparison weak_gt(Operand right);
Comparison gte(Operand right);
Comparison lt(Operand right);
Comparison lte(Operand right);
Comparison between(double low, double high);   // Both included.
Comparison one_of(std::vector<Value> values);  // Of an empty list: nothing.
Comparison not_in(std::vector<Value> values);  // Of an empty list: everything, null too.
Comparison like(std::string pattern, char escape = '\0');      // %, _; ASCII without case.
Comparison not_like(std::string pattern, char escape = '\0');  //
Comparison includes(std::string part);                         // Part of the text, with case.
Comparison starts_with(std::string part);  // A like(), with what is special escaped.

// WatermelonDB's Q.sanitizeLikeString: whatever is no ASCII letter or digit becomes `_`.
std::string sanitize_like(std::string_view text);
// The text as a pattern that finds it verbatim, for like(…, escape).
std::string escape_like(std::string_view text, char escape = '\\');

struct Condition;

struct Where {
  std::string column;
  Comparison comparison;
};

struct AllOf {
  std::vector<Condition> conditions;  // None: always true.
};

struct AnyOf {
  std::vector<Condition> conditions;  // None: never true.
};

// There is a related record, not deleted, for which all conditions hold. Related is what the
// schema's references say, in either direction. Several `on` of one relation side by side speak of
// the same related record; each in an all_of() of its own, of any two.
struct On {
  std::string table;
  std::vector<Condition> conditions;
  // Which reference, where several lead from one table to the other: the name of the column that
  // holds the id. "->parent_id" is this record's own column, "<-parent_id" one of the other record;
  // without an arrow it is whichever of the two tables has it, and between records of one table
  // this record's own. Empty: the only reference there is.
  std::string via;
};

// A piece of SQL that is true or false, with `?` for its arguments. Names of columns may be
// qualified with the table's. It can't reach beyond the parentheses it is put into.
struct SqlFragment {
  std::string sql;
  std::vector<Value> args;
};

// Full-text search in the table's searchable columns.
struct Search {
  // All must occur, in any column. "Several words" in quotes stand together. The last one may be
  // the beginning of a word, unless a space or a quote ends it. Text without a word finds nothing.
  std::string words;
  std::vector<std::string> columns;  // Empty: all searchable ones.
  bool is_expression = false;        // `words` is an expression of SQLite's FTS5 instead.
};

struct Condition {
  std::variant<Where, AllOf, AnyOf, On, SqlFragment, Search> node;
};

Condition where(std::string column, Comparison comparison);
Condition all_of(std::vector<Condition> conditions);
Condition any_of(std::vector<Condition> conditions);
Condition on(std::string table, std::vector<Condition> conditions, std::string via = {});
// Not `sql`: that is the namespace of a layer.
Condition sql_expression(std::string fragment, std::vector<Value> args = {});
Condition search(std::string words, std::vector<std::string> columns = {});
Condition search_expression(std::string expression);

struct Order {
  std::string column;
  bool descending = false;  // Null comes first when ascending.
  bool by_rank = false;     // By relevance to the query's search; `column` is empty.
};

Order asc(std::string column);
Order desc(std::string column);
// The most relevant first (bm25). The query needs a search among its outermost conditions.
Order best_first();

struct Query {
  std::string table;
  std::vector<Condition> conditions;  // All must hold.
  // Ties are broken by id, so that pages are stable. Without an order and a limit, fetched rows
  // come as SQLite finds them, and live ones in the order of their ids.
  std::vector<Order> order;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> offset;
  // A whole select statement instead of all the above, that gives the table's columns by name; it
  // must leave out deleted rows itself.
  std::optional<SqlFragment> statement;

  // Each gives the query with something added; on a temporary nothing is copied.
  [[nodiscard]] Query where(std::string column, Comparison comparison) &&;
  [[nodiscard]] Query where(std::string column, Comparison comparison) const&;
  [[nodiscard]] Query where(Condition condition) &&;
  [[nodiscard]] Query where(Condition condition) const&;
  [[nodiscard]] Query on(std::string other, std::vector<Condition> conditions_there,
                         std::string via = {}) &&;
  [[nodiscard]] Query on(std::string other, std::vector<Condition> conditions_there,
                         std::string via = {}) const&;
  [[nodiscard]] Query search(std::string words) &&;
  [[nodiscard]] Query search(std::string words) const&;
  [[nodiscard]] Query order_by(Order by) &&;
  [[nodiscard]] Query order_by(Order by) const&;
  [[nodiscard]] Query take(std::int64_t count) &&;
  [[nodiscard]] Query take(std::int64_t count) const&;
  [[nodiscard]] Query skip(std::int64_t count) &&;
  [[nodiscard]] Query skip(std::int64_t count) const&;
};

Query from(std::string table);
Query from_sql(std::string table, std::string statement, std::vector<Value> args = {});

}  // namespace convoy
