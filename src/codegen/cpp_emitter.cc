#include "codegen/cpp_emitter.h"

#include "codegen/letters.h"

namespace convoy::codegen {

std::string cpp_literal(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += i + 1 < text.size() ? "\\n\" \"" : "\\n";
    } else if (c == '"' || c == '\\' || (c == '?' && out.ends_with('?'))) {
      out += {'\\', c};  // Two question marks could begin a trigraph.
    } else if (byte < 0x20 || byte >= 0x7F) {
      // Octal, because it ends after three digits; so the file is ASCII.
      out += '\\';
      for (const unsigned shift : {6U, 3U, 0U}) {
        out += static_cast<char>('0' + ((byte >> shift) & 7U));
      }
    } else {
      out += c;
    }
  }
  return out + '"';
}

Result<std::string> emit_cpp(const Model& model, std::string_view name_space) {
  CONVOY_TRY(const auto names, cpp_names(model, name_space));
  const auto& document = *model.document;
  std::string out = "// Made by `convoy schema types` from version " +
                    std::to_string(document.schema.version) +
                    " of the schema; changes by hand are lost.\n"
                    "// clang-format off\n"
                    "// NOLINTBEGIN\n"
                    "#pragma once\n\n"
                    "#include <cstdint>\n"
                    "#include <optional>\n"
                    "#include <string>\n"
                    "#include <utility>\n\n"
                    "#include \"convoy/typed.h\"\n\n";
  out += "namespace " + names.space + " {\n\n";
  for (const auto& table : names.tables) out += "struct " + table.record + ";\n";
  for (std::size_t i = 0; i < model.tables.size(); ++i) emit_table(out, model, names, i);
  out += "\n// For DatabaseOptions.\n";
  emit_schema(out, document.schema);
  emit_migrations(out, document.migrations);
  out += "\n}  // namespace " + names.space + "\n";
  for (std::size_t i = 0; i < model.tables.size(); ++i) emit_binding(out, model, names, i);
  out += "// NOLINTEND\n";
  return out;
}

}  // namespace convoy::codegen
