// Any text is a schema or an error, and a schema is written as it was read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/schema_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = convoy::schema::parse_schema(text);
  if (!document.ok()) {
    if (document.error().code != convoy::ErrorCode::InvalidSchema) std::abort();
    if (document.error().message.empty()) std::abort();
    return 0;
  }
  const auto written = convoy::schema::schema_to_json(document->schema, document->migrations);
  const auto again = convoy::schema::parse_schema(written);
  if (!again.ok() || !(*again == *document)) std::abort();
  return 0;
}
