#include "net/http.h"

namespace convoy::net {

std::string_view HttpReply::header(std::string_view name) const {
  for (const auto& [header, value] : headers) {
    if (header == name) return value;
  }
  return {};
}

}  // namespace convoy::net
