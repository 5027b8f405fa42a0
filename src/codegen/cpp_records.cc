// The types and columns of one table.
#include "codegen/cpp_emitter.h"

namespace convoy::codegen {
namespace {

constexpr std::string_view kTyped = "convoy::typed::";

std::string value_type(Kind kind) {
  switch (kind) {
    case Kind::Number:
      return "double";
    case Kind::Boolean:
      return "bool";
    case Kind::Time:
      return "convoy::typed::Time";
    case Kind::Bigint:
      return "std::int64_t";
    default:
      return "std::string";
  }
}

std::string member_type(const ColumnModel& column) {
  const auto type = value_type(column.kind);
  return column.column->is_optional ? "std::optional<" + type + ">" : type;
}

std::string kind_name(const ColumnModel& column, const CppNames& names) {
  switch (column.kind) {
    case Kind::Text:
    case Kind::Date:
      return "Text";
    case Kind::Json:
    case Kind::Array:
      return "Json";
    case Kind::Id:
      return "Id";
    case Kind::Reference:
      return "Reference<" + names.tables[column.target].record + ">";
    case Kind::Decimal:
      return "Decimal";
    case Kind::Bigint:
      return "Bigint";
    case Kind::Number:
      return "Number";
    case Kind::Boolean:
      return "Boolean";
    case Kind::Time:
      return "Instant";
  }
  return {};
}

std::string column_type(const std::string& record, const ColumnModel& column,
                        const CppNames& names) {
  auto kind = std::string(kTyped) + kind_name(column, names);
  if (column.column->is_optional) kind = "convoy::typed::Optional<" + kind + ">";
  return "convoy::typed::Column<" + record + ", " + kind + ">";
}

// What the member's type does not say.
std::string remark(const ColumnModel& column, const CppNames& names) {
  switch (column.kind) {
    case Kind::Date:
      return "  // A date: 2026-11-22.";
    case Kind::Json:
      return "  // JSON.";
    case Kind::Array:
      return "  // A JSON array.";
    case Kind::Decimal:
      return "  // A decimal number, digit by digit.";
    case Kind::Reference:
      return "  // Of a " + names.tables[column.target].record + ".";
    default:
      return {};
  }
}

void emit_record(std::string& out, const TableModel& table, const CppTable& cpp,
                 const CppNames& names) {
  out += "\n// A record of " + table.table->name + ".\nstruct " + cpp.record + " {\n";
  out += "  std::string id{};\n";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    out += "  " + member_type(column) + " " + cpp.members[i] + "{};" + remark(column, names) + "\n";
  }
  out += "\n  bool operator==(const " + cpp.record + "&) const = default;\n};\n";
}

void emit_creation(std::string& out, const TableModel& table, const CppTable& cpp,
                   const CppNames& names) {
  out += "\nstruct " + cpp.creation + " {\n  using Record = " + names.path + cpp.record + ";\n\n";
  out += "  std::string id{};  // Empty: a new one.\n";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    const bool may_be_left_out = column.column->is_optional || column.is_automatic;
    out += std::string("  convoy::typed::") + (may_be_left_out ? "Field<" : "Given<") +
           member_type(column) + "> " + cpp.members[i] + (may_be_left_out ? "{};\n" : ";\n");
  }
  out += "};\n";
}

void emit_patch(std::string& out, const TableModel& table, const CppTable& cpp,
                const CppNames& names) {
  out += "\nstruct " + cpp.patch + " {\n  using Record = " + names.path + cpp.record + ";\n";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    out += std::string(i == 0 ? "\n" : "") + "  convoy::typed::Field<" +
           member_type(table.columns[i]) + "> " + cpp.members[i] + "{};\n";
  }
  out += "};\n";
}

void emit_columns(std::string& out, const TableModel& table, const CppTable& cpp,
                  const CppNames& names) {
  out += "\nnamespace " + cpp.columns_space + " {\n\n";
  out += "inline constexpr convoy::typed::Column<" + cpp.record +
         ", convoy::typed::Id> id{\"id\", &" + cpp.record + "::id};\n";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& member = cpp.members[i];
    out += "inline constexpr " + column_type(cpp.record, table.columns[i], names) + " " + member +
           "{\"" + table.columns[i].column->name + "\", &" + cpp.record + "::" + member + "};\n";
  }
  const auto query = "convoy::typed::Query<" + cpp.record + ">";
  out += "\ninline " + query + " all() { return " + query + "(\"" + table.table->name + "\"); }\n";
  out += "\ninline " + query + " where(convoy::typed::Condition<" + cpp.record +
         "> condition) { return all().where(std::move(condition)); }\n";
  out += "\n}  // namespace " + cpp.columns_space + "\n";
}

}  // namespace

void emit_table(std::string& out, const Model& model, const CppNames& names, std::size_t index) {
  const auto& table = model.tables[index];
  const auto& cpp = names.tables[index];
  emit_record(out, table, cpp, names);
  emit_creation(out, table, cpp, names);
  emit_patch(out, table, cpp, names);
  emit_columns(out, table, cpp, names);
}

void emit_binding(std::string& out, const Model& model, const CppNames& names, std::size_t index) {
  const auto& table = model.tables[index];
  const auto& cpp = names.tables[index];
  const auto visitor = table.columns.empty() ? "Visitor&&" : "Visitor&& visit";
  out += "\ntemplate <>\nstruct convoy::typed::Binding<" + names.path + cpp.record + "> {\n";
  out += "  using New = " + names.path + cpp.creation + ";\n";
  out += "  using Patch = " + names.path + cpp.patch + ";\n";
  out += "  static constexpr const char* kTable = \"" + table.table->name + "\";\n\n";
  out += std::string("  template <class Visitor>\n  static void columns(") + visitor + ") {\n";
  for (const auto& member : cpp.members) {
    out += "    visit(" + names.path + cpp.columns_space + "::" + member + ", &New::" + member +
           ", &Patch::" + member + ");\n";
  }
  out += "  }\n};\n";
}

}  // namespace convoy::codegen
