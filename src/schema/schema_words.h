// schema_words.h: the words of a schema's JSON form. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "convoy/schema.h"

namespace convoy::schema {

template <class Enum, std::size_t N>
using Words = std::array<std::pair<std::string_view, Enum>, N>;

inline constexpr Words<ColumnType, 3> kColumnTypes{{{"string", ColumnType::String},
                                                    {"number", ColumnType::Number},
                                                    {"boolean", ColumnType::Boolean}}};

// Native is the absence of the member.
inline constexpr Words<PgType, 7> kPgTypes{{{"timestamptz", PgType::Timestamptz},
                                            {"date", PgType::Date},
                                            {"uuid", PgType::Uuid},
                                            {"jsonb", PgType::Jsonb},
                                            {"array", PgType::Array},
                                            {"bigint", PgType::Bigint},
                                            {"numeric", PgType::Numeric}}};

inline constexpr Words<OnDelete, 3> kOnDelete{{{"nothing", OnDelete::Nothing},
                                               {"cascade", OnDelete::Cascade},
                                               {"set_null", OnDelete::SetNull}}};

inline constexpr Words<IdKind, 2> kIdKinds{
    {{"uuid", IdKind::Uuid}, {"watermelon", IdKind::Watermelon}}};

template <class Enum, std::size_t N>
std::string_view word_of(const Words<Enum, N>& words, Enum value) {
  for (const auto& [word, meaning] : words) {
    if (meaning == value) return word;
  }
  return {};
}

template <class Enum, std::size_t N>
std::optional<Enum> meaning_of(const Words<Enum, N>& words, std::string_view text) {
  for (const auto& [word, meaning] : words) {
    if (word == text) return meaning;
  }
  return std::nullopt;
}

// "a", "b" or "c".
template <class Enum, std::size_t N>
std::string list_of(const Words<Enum, N>& words) {
  std::string list;
  for (std::size_t i = 0; i < N; ++i) {
    if (i > 0) list += i + 1 == N ? " or " : ", ";
    list.append("\"").append(words[i].first).append("\"");
  }
  return list;
}

}  // namespace convoy::schema
