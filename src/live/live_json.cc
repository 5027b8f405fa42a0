#include "live/live_json.h"

#include <string_view>

#include "store/record_json.h"

namespace convoy::live {
namespace {

std::string_view name_of(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::Removed:
      return "removed";
    case DifferenceKind::Inserted:
      return "inserted";
    case DifferenceKind::Moved:
      return "moved";
    case DifferenceKind::Changed:
      return "changed";
  }
  return "changed";
}

void append_difference(std::string& out, const Difference& difference, const Record* record) {
  out += R"({"kind":")";
  out += name_of(difference.kind);
  out += '"';
  if (difference.kind != DifferenceKind::Inserted) {
    out += R"(,"from":)" + std::to_string(difference.from);
  }
  if (difference.kind != DifferenceKind::Removed) {
    out += R"(,"to":)" + std::to_string(difference.to);
  }
  if (record != nullptr) {
    out += R"(,"record":)";
    store::append_json(out, *record);
  }
  out += '}';
}

bool brings_content(const Difference& difference) {
  return difference.kind == DifferenceKind::Inserted || difference.kind == DifferenceKind::Changed;
}

}  // namespace

std::string to_json(const LiveRows& rows, LiveRowsForm form) {
  const bool has_rows = rows.is_first || form == LiveRowsForm::AllRows;
  std::string out = rows.is_first ? R"({"first":true)" : R"({"first":false)";
  if (has_rows) {
    out += R"(,"rows":)";
    store::append_json(out, rows.rows);
  }
  out += R"(,"differences":[)";
  bool is_next = false;
  for (const auto& difference : rows.differences) {
    if (is_next) out += ',';
    is_next = true;
    const bool has_record = !has_rows && brings_content(difference);
    append_difference(out, difference, has_record ? rows.rows[difference.to].get() : nullptr);
  }
  out += "]}";
  return out;
}

}  // namespace convoy::live
