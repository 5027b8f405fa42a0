#include <algorithm>
#include <array>
#include <cstdio>

#include "convoy/typed.h"

namespace convoy::typed {
namespace {

constexpr std::size_t kIdsPerQuery = 500;

std::string shown(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return "\"" + *text + "\"";
  if (const auto* number = std::get_if<double>(&value)) {
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%g", *number);
    return digits.data();
  }
  if (const auto* is_true = std::get_if<bool>(&value)) return *is_true ? "true" : "false";
  return "null";
}

}  // namespace

RecordReader::RecordReader(Record& record) : record_(record), status_(ok_status()) {}

Status RecordReader::status() const { return status_; }

Value* RecordReader::next(std::string_view column) {
  if (!status_.ok()) return nullptr;
  const auto& columns = record_.table->columns;
  if (at_ >= columns.size() || columns[at_].name != column) {
    const auto found = std::ranges::find(columns, column, &convoy::Column::name);
    if (found == columns.end()) {
      status_ = Error{.code = ErrorCode::SchemaMismatch,
                      .message = record_.table->name + " has no column \"" + std::string(column) +
                                 "\", which its type has",
                      .hint = "Open the database with the schema that was generated."};
      return nullptr;
    }
    at_ = static_cast<std::size_t>(found - columns.begin());
  }
  return &record_.values[at_++];
}

void RecordReader::fail(std::string_view column) {
  // Values that don't fit are not taken: it is still there.
  status_ = Error{.code = ErrorCode::Corrupt,
                  .message = record_.table->name + "." + std::string(column) + " of the record \"" +
                             record_.id + "\" holds " + shown(record_.values[at_ - 1]) +
                             ", which its type can't",
                  .hint = "Another program wrote it. Database::find() shows it as it is."};
}

std::vector<std::vector<Value>> in_parts(std::vector<std::string> ids) {
  std::ranges::sort(ids);
  const auto twins = std::ranges::unique(ids);
  ids.erase(twins.begin(), twins.end());
  std::vector<std::vector<Value>> parts;
  for (std::size_t at = 0; at < ids.size(); at += kIdsPerQuery) {
    const auto end = std::min(ids.size(), at + kIdsPerQuery);
    parts.emplace_back(ids.begin() + static_cast<std::ptrdiff_t>(at),
                       ids.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return parts;
}

}  // namespace convoy::typed
