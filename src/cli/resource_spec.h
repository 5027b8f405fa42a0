// resource_spec.h: which options the commands of each entity have. Pure.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "memory/entity.h"

namespace convoy::cli {

enum class FieldKind {
  Short,      // As given.
  Long,       // May come from a file or standard input.
  Reference,  // An id, or part of one.
  Json,       // As Long.
  Time,
};

struct FieldOption {
  std::string_view flag;
  std::string_view column;
  FieldKind kind = FieldKind::Short;
  std::string_view type;  // What `--help` shows as the value.
  std::string_view help;
  bool is_required = false;  // For `create`.
};

std::span<const FieldOption> field_options(memory::Entity entity);

}  // namespace convoy::cli
