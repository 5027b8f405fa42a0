// generate.h: from a schema to source text with a type for each table. Pure.
//
// A schema becomes a model (model.h), which says the same to every language; an emitter for each
// language makes text of it. The same input gives the same text, byte for byte.
#pragma once

#include <string>

#include "codegen/model.h"
#include "convoy/result.h"
#include "schema/schema_json.h"

namespace convoy::codegen {

enum class Language { Cpp };

struct Options {
  Language language = Language::Cpp;
  std::string name_space = "app";  // C++: what everything is put into. "app::data" is one, too.
  RecordNames records;
};

// REQUIRES: the document is valid.
// Errors: those of make_model(); InvalidArgument if the namespace is none; InvalidSchema if names
// would clash, saying which.
Result<std::string> generate(const schema::SchemaDocument& document, const Options& options);

}  // namespace convoy::codegen
