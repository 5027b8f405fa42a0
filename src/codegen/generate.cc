#include "codegen/generate.h"

#include "codegen/cpp_emitter.h"

namespace convoy::codegen {

Result<std::string> generate(const schema::SchemaDocument& document, const Options& options) {
  CONVOY_TRY(const auto model, make_model(document, options.records));
  switch (options.language) {
    case Language::Cpp:
      return emit_cpp(model, options.name_space);
  }
  return Error{.code = ErrorCode::Internal, .message = "there is no such language"};
}

}  // namespace convoy::codegen
