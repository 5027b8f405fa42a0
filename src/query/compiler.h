// compiler.h: what the parts of the compiler share. Private to the layer `query`.
//
// Each part gives the text of its piece and adds the piece's arguments at the end of the list, so
// pieces must be made in the order in which they will stand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "convoy/query.h"
#include "convoy/result.h"
#include "convoy/schema.h"

namespace convoy::query {

Error invalid_query(std::string message, std::string hint = {});

// "table"."column". REQUIRES: both are names of the schema.
std::string qualified(const Table& table, std::string_view column);

// A column of the table, or id, _status, _changed. Errors: UnknownColumn.
Status check_column(const Table& table, std::string_view name);

// `a and b and c`. In parentheses by halves where there are many: SQLite counts each `and` of a
// plain chain as a level of depth. REQUIRES: pieces is not empty.
std::string join_pieces(const std::vector<std::string>& pieces, std::string_view word);

class Compiler {
 public:
  explicit Compiler(const Schema& schema) : schema_(schema) {}

  // All conditions hold and the record is not deleted. `joined`, one of the conditions, is left
  // out.
  Result<std::string> filter(const Table& table, const std::vector<const Condition*>& conditions,
                             const Condition* joined = nullptr);
  Result<std::string> comparison(const Table& table, const Where& where);
  Result<std::string> fragment(const Table& table, const SqlFragment& fragment);
  Result<std::string> statement(const SqlFragment& statement);
  // The argument of the full-text table's `match`.
  Status search_argument(const Table& table, const Search& search);

  std::vector<Value> take_args() { return std::move(args_); }

 private:
  struct RelatedGroup;

  Result<std::vector<std::string>> pieces(const Table& table,
                                          const std::vector<const Condition*>& conditions,
                                          const Condition* joined);
  Result<std::string> condition(const Table& table, const Condition& condition);
  Result<std::string> group(const Table& table, const std::vector<Condition>& conditions,
                            bool is_all);
  Result<std::vector<RelatedGroup>> related_groups(const Table& table,
                                                   const std::vector<const Condition*>& conditions);
  Result<std::string> related(const Table& table, const RelatedGroup& group);
  Result<std::string> search(const Table& table, const Search& search);

  Result<std::string> value_comparison(const Table& table, const Where& where);
  Result<std::string> column_comparison(const Table& table, const Where& where);
  Result<std::string> between(const Table& table, const Where& where);
  Result<std::string> pattern(const Table& table, const Where& where);
  Result<std::string> list(const Table& table, const Where& where);
  Result<std::string> long_list(const Table& table, const Where& where);

  // `what` the value is for, in messages. Errors: InvalidQuery, InvalidText.
  Status argument(Value value, std::string_view what);
  static Status check_argument(const Value& value, std::string_view what);
  Status arguments(const SqlFragment& fragment, std::size_t parameters, std::string_view what);

  const Schema& schema_;
  std::vector<Value> args_;
};

}  // namespace convoy::query
