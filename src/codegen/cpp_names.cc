#include "codegen/cpp_names.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "codegen/letters.h"
#include "codegen/record_name.h"

namespace convoy::codegen {
namespace {

using Names = std::set<std::string, std::less<>>;

// Keywords, and macros that standard headers or compilers define without being asked.
constexpr auto kTaken = std::to_array<std::string_view>(
    {"alignas",   "alignof",       "and",           "and_eq",
     "asm",       "atomic_cancel", "atomic_commit", "atomic_noexcept",
     "auto",      "bitand",        "bitor",         "bool",
     "break",     "case",          "catch",         "char",
     "char16_t",  "char32_t",      "char8_t",       "class",
     "co_await",  "co_return",     "co_yield",      "compl",
     "concept",   "const",         "const_cast",    "consteval",
     "constexpr", "constinit",     "continue",      "contract_assert",
     "decltype",  "default",       "delete",        "do",
     "double",    "dynamic_cast",  "else",          "enum",
     "explicit",  "export",        "extern",        "false",
     "float",     "for",           "friend",        "goto",
     "if",        "inline",        "int",           "long",
     "mutable",   "namespace",     "new",           "noexcept",
     "not",       "not_eq",        "nullptr",       "operator",
     "or",        "or_eq",         "private",       "protected",
     "public",    "reflexpr",      "register",      "reinterpret_cast",
     "requires",  "return",        "short",         "signed",
     "sizeof",    "static",        "static_assert", "static_cast",
     "struct",    "switch",        "synchronized",  "template",
     "this",      "thread_local",  "throw",         "true",
     "try",       "typedef",       "typeid",        "typename",
     "union",     "unsigned",      "using",         "virtual",
     "void",      "volatile",      "wchar_t",       "while",
     "xor",       "xor_eq",        "BUFSIZ",        "EOF",
     "INFINITY",  "NAN",           "NULL",          "assert",
     "errno",     "i386",          "linux",         "stderr",
     "stdin",     "stdout",        "unix"});

// What the generated code itself says where columns are declared.
constexpr auto kTakenByColumns =
    std::to_array<std::string_view>({"Record", "all", "convoy", "id", "std", "where"});
constexpr auto kTakenByTables =
    std::to_array<std::string_view>({"convoy", "migrations", "schema", "std"});

bool is_taken(std::string_view name) { return std::ranges::find(kTaken, name) != kTaken.end(); }

// "_Total": such names belong to the compiler.
bool is_compilers(std::string_view name) {
  return name.size() > 1 && name[0] == '_' && is_upper(name[1]);
}

// `name_`, or whatever is free. Adds it to `used`.
std::string escaped(std::string_view name, Names& used) {
  if (is_compilers(name)) name.remove_prefix(1);
  auto result = std::string(name) + (name.ends_with('_') ? "2" : "_");
  for (int i = 2; used.contains(result) || is_taken(result); ++i) {
    result = std::string(name) + "_" + std::to_string(i);
  }
  used.insert(result);
  return result;
}

// REQUIRES: `used` has all other names that keep themselves.
bool must_change(std::string_view name, const Names& reserved) {
  return is_taken(name) || is_compilers(name) || reserved.contains(name);
}

std::vector<std::string> members_of(const TableModel& table, const Names& reserved) {
  Names used = reserved;
  for (const auto& [column, kind, automatic, target] : table.columns) used.insert(column->name);
  std::vector<std::string> members;
  for (const auto& model : table.columns) {
    const auto& name = model.column->name;
    members.push_back(must_change(name, reserved) ? escaped(name, used) : name);
  }
  return members;
}

// A table "Task" has records called Task: its columns then stand in `task`.
std::string space_of(const Table& table, const Names& reserved, Names& used) {
  if (!must_change(table.name, reserved)) return table.name;
  auto snake = snake_case(table.name);
  if (!snake.empty() && !is_digit(snake.front()) && !is_taken(snake) && used.insert(snake).second) {
    return snake;
  }
  return escaped(table.name, used);
}

Error bad_namespace(std::string_view name, std::string_view why) {
  return {.code = ErrorCode::InvalidArgument,
          .message = "\"" + std::string(name) + "\" can't be the namespace: " + std::string(why),
          .hint = "Take a name such as app, or app::data."};
}

Status check_namespace(std::string_view name) {
  std::string_view rest = name;
  bool is_first = true;
  for (bool is_last = false; !is_last; is_first = false) {
    const auto end = rest.find("::");
    const auto part = rest.substr(0, end);
    is_last = end == std::string_view::npos;
    if (!is_last) rest.remove_prefix(end + 2);
    const bool is_identifier =
        !part.empty() && !is_digit(part.front()) && std::ranges::all_of(part, [](char c) {
          return is_upper(c) || is_lower(c) || is_digit(c) || c == '_';
        });
    if (!is_identifier) return bad_namespace(name, "it has other characters");
    if (is_taken(part) || is_compilers(part) || part.find("__") != std::string_view::npos) {
      return bad_namespace(name, "C++ keeps \"" + std::string(part) + "\" for itself");
    }
    // Within such a namespace the generated code would not find the real one.
    if (part == "std" || (part == "convoy" && !(is_first && !is_last))) {
      return bad_namespace(name, "\"" + std::string(part) + "\" is taken");
    }
  }
  return ok_status();
}

// Three types for each table, all of other names.
Status check_types(const Model& model, const std::vector<CppTable>& tables) {
  std::map<std::string, const Table*> owners;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const auto* table = model.tables[i].table;
    for (const auto& type : {tables[i].record, tables[i].creation, tables[i].patch}) {
      const auto [place, is_new] = owners.emplace(type, table);
      if (is_new && !is_taken(type)) continue;
      return Error{.code = ErrorCode::InvalidSchema,
                   .message = is_new ? "C++ keeps the name " + type +
                                           " for itself, which a record of " + table->name + " has"
                                     : "both " + place->second->name + " and " + table->name +
                                           " would have a type called " + type,
                   .hint = "Name the record yourself: --record " + table->name + "=Name"};
    }
  }
  return ok_status();
}

}  // namespace

Result<CppNames> cpp_names(const Model& model, std::string_view name_space) {
  CONVOY_CHECK_OK(check_namespace(name_space));
  CppNames names{.space = std::string(name_space),
                 .path = "::" + std::string(name_space) + "::",
                 .tables = {}};
  Names records;
  Names types(kTakenByTables.begin(), kTakenByTables.end());
  for (const auto& table : model.tables) {
    names.tables.push_back({.record = table.record,
                            .creation = "New" + table.record,
                            .patch = table.record + "Patch",
                            .columns_space = {},
                            .members = {}});
    const auto& added = names.tables.back();
    records.insert(added.record);
    types.insert({added.record, added.creation, added.patch});
  }
  CONVOY_CHECK_OK(check_types(model, names.tables));
  Names reserved_for_columns = records;
  reserved_for_columns.insert(kTakenByColumns.begin(), kTakenByColumns.end());
  Names used = types;
  for (const auto& table : model.tables) used.insert(table.table->name);
  for (std::size_t i = 0; i < model.tables.size(); ++i) {
    names.tables[i].members = members_of(model.tables[i], reserved_for_columns);
    names.tables[i].columns_space = space_of(*model.tables[i].table, types, used);
  }
  return names;
}

}  // namespace convoy::codegen
