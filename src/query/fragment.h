// fragment.h: what SQL text of the caller's is made of, as far as its safety goes. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "convoy/result.h"

namespace convoy::query {

struct FragmentInfo {
  std::string_view sql;        // Without spaces around it, nor a statement's last semicolon.
  std::size_t parameters = 0;  // The number of `?`.
  // It may read other tables than the one whose columns it stands for.
  bool reads_tables = false;
};

enum class FragmentKind {
  Expression,  // Stands inside of other SQL: no comments, no semicolons.
  Statement,   // Stands on lines of its own: comments, and one semicolon at the end.
};

// Refuses whatever could reach beyond parentheses put around the text: unbalanced ones, open quotes
// and comments, several statements; and every way to name an argument but `?`. `what` is named in
// messages. Errors: InvalidQuery, InvalidText.
Result<FragmentInfo> inspect_fragment(std::string_view sql, FragmentKind kind,
                                      std::string_view what);

// The first word of some SQL in lower case, behind blanks, comments and opening parentheses; "" if
// there is none.
std::string first_word(std::string_view sql);

// Whether such a word begins what gives rows.
bool begins_select(std::string_view word);

}  // namespace convoy::query
