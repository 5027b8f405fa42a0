#include "query/parts.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/text.h"
#include "query/compile.h"
#include "schema/suggest.h"

namespace convoy::query {
namespace {

// Chains up to here are left as they are, for whoever reads the SQL.
constexpr std::size_t kChainMax = 8;

Piece chain(std::vector<Piece> pieces, std::string_view word) {
  Piece result = std::move(pieces.front());
  for (auto piece = pieces.begin() + 1; piece != pieces.end(); ++piece) {
    result.sql.append(word).append(piece->sql);
    std::ranges::move(piece->args, std::back_inserter(result.args));
    result.height = std::max(result.height, piece->height) + 1;
  }
  return result;
}

}  // namespace

Piece join_pieces(std::vector<Piece> pieces, std::string_view word) {
  std::vector<Piece> sorted;
  const auto add = [&](Piece piece) {
    // Behind those of the same height: the caller's order as far as possible.
    const auto place = std::ranges::upper_bound(sorted, piece.height, {}, &Piece::height);
    sorted.insert(place, std::move(piece));
  };
  for (auto& piece : pieces) add(std::move(piece));
  // Joining the two lowest again and again gives the lowest tree there is.
  while (sorted.size() > kChainMax) {
    std::vector<Piece> lowest;
    std::move(sorted.begin(), sorted.begin() + 2, std::back_inserter(lowest));
    sorted.erase(sorted.begin(), sorted.begin() + 2);
    auto joined = chain(std::move(lowest), word);
    joined.sql = "(" + joined.sql + ")";
    add(std::move(joined));
  }
  return chain(std::move(sorted), word);
}

Error invalid_query(std::string message, std::string hint) {
  return {.code = ErrorCode::InvalidQuery, .message = std::move(message), .hint = std::move(hint)};
}

Status check_column(const Table& table, std::string_view name) {
  if (name == "id" || name == "_status" || name == "_changed") return ok_status();
  if (table.find_column(name) != nullptr) return ok_status();
  return schema::unknown_column(table, name);
}

Status check_argument(const Value& value, std::string_view what) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return base::check_text(*text, "a value for " + std::string(what));
  }
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr || !std::isnan(*number)) return ok_status();
  return invalid_query("a value for " + std::string(what) + " is not a number (NaN)");
}

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

std::string qualified(const Table& table, std::string_view column) {
  return quoted(table.name) + "." + quoted(column);
}

}  // namespace convoy::query
