// cpp_emitter.h: a model as a C++ header on top of convoy/typed.h. Pure.
#pragma once

#include <string>
#include <string_view>

#include "codegen/cpp_names.h"
#include "codegen/model.h"
#include "convoy/result.h"

namespace convoy::codegen {

// Errors: those of cpp_names().
Result<std::string> emit_cpp(const Model& model, std::string_view name_space);

// A string literal, in the quotes; several, side by side, for text of several lines.
std::string cpp_literal(std::string_view text);

// The parts of the header, private to the emitter.
void emit_table(std::string& out, const Model& model, const CppNames& names, std::size_t index);
void emit_binding(std::string& out, const Model& model, const CppNames& names, std::size_t index);
void emit_schema(std::string& out, const Schema& schema);
void emit_migrations(std::string& out, const Migrations& migrations);

}  // namespace convoy::codegen
