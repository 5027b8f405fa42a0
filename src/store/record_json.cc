#include "store/record_json.h"

#include <cmath>

#include "base/number_text.h"
#include "base/text.h"

namespace convoy::store {
namespace {

// A file that another program wrote may hold any bytes. JSON may not, and half a text says more
// than none.
void append_text(std::string& out, std::string_view text) {
  if (base::is_utf8(text)) return base::append_json_string(out, text);
  base::append_json_string(out, base::as_utf8(text));
}

void append_number(std::string& out, double number) {
  if (std::isfinite(number)) {
    out += base::format_double(number);
  } else if (std::isnan(number)) {
    out += "null";
  } else {
    out += number > 0 ? R"("Infinity")" : R"("-Infinity")";
  }
}

}  // namespace

void append_json(std::string& out, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    append_text(out, *text);
  } else if (const auto* number = std::get_if<double>(&value)) {
    append_number(out, *number);
  } else if (const auto* boolean = std::get_if<bool>(&value)) {
    out += *boolean ? "true" : "false";
  } else {
    out += "null";
  }
}

void append_json(std::string& out, const std::string& text) { append_text(out, text); }

void append_json(std::string& out, const Record& record) {
  out += R"({"id":)";
  append_text(out, record.id);
  out += R"(,"_status":)";
  append_text(out, record.status);
  out += R"(,"_changed":)";
  append_text(out, record.changed);
  for (std::size_t i = 0; record.table != nullptr && i < record.values.size(); ++i) {
    // Names of columns need no escapes: validate() sees to that.
    out += ",\"";
    out += record.table->columns[i].name;
    out += "\":";
    append_json(out, record.values[i]);
  }
  out += '}';
}

void append_json(std::string& out, const RawRows& rows) {
  out += R"({"columns":)";
  append_json(out, rows.columns);
  out += R"(,"rows":)";
  append_json(out, rows.rows);
  out += '}';
}

void append_json(std::string& out, const Explanation& explanation) {
  out += R"({"sql":)";
  append_text(out, explanation.sql);
  out += R"(,"args":)";
  append_json(out, explanation.args);
  out += R"(,"plan":)";
  append_json(out, explanation.plan);
  out += R"(,"tables":)";
  append_json(out, explanation.tables);
  out += R"(,"maintained":)";
  out += explanation.is_maintained ? "true}" : "false}";
}

}  // namespace convoy::store
