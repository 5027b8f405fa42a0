// query_words.h: the words of a query's JSON form. Private to the layer `query`.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "convoy/query.h"

namespace convoy::query {

// starts_with is one more to read: it is a `like`.
inline constexpr std::array<std::pair<std::string_view, Operator>, 13> kOperatorWords{{
    {"eq", Operator::Eq},
    {"neq", Operator::NotEq},
    {"gt", Operator::Gt},
    {"weak_gt", Operator::WeakGt},
    {"gte", Operator::Gte},
    {"lt", Operator::Lt},
    {"lte", Operator::Lte},
    {"between", Operator::Between},
    {"one_of", Operator::OneOf},
    {"not_in", Operator::NotIn},
    {"like", Operator::Like},
    {"not_like", Operator::NotLike},
    {"includes", Operator::Includes},
}};

inline constexpr std::string_view kStartsWith = "starts_with";

}  // namespace convoy::query
