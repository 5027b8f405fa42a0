#include <string>
#include <variant>

#include "convoy/contender.h"
#include "harness/settings.h"
#include "sql/connection.h"

namespace convoy::bench {
namespace {

void add_value(const Value& value, Answer& answer) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    answer_text(&answer, text->data(), text->size());
  } else if (const auto* number = std::get_if<double>(&value)) {
    answer_number(&answer, *number);
  } else if (const auto* boolean = std::get_if<bool>(&value)) {
    answer_number(&answer, *boolean ? 1 : 0);
  } else {
    answer_null(&answer);
  }
}

}  // namespace

void add_to_answer(const Record& record, Answer& answer) {
  answer_row(&answer, record.id.data(), record.id.size());
  for (const auto& value : record.values) add_value(value, answer);
}

void note_settings(const ConvoyContender& contender, Answer& answer) {
  const auto connection = require(sql::Connection::open(contender.path, sql::Access::Write));
  for (const auto* setting = settings; setting->name != nullptr; ++setting) {
    auto select = require(connection->prepare(setting->sql));
    while (require(select.step())) answer_note(&answer, setting->name, select.text(0).c_str());
  }
}

void state(ConvoyContender& contender, Run& run) {
  if (run.answer == nullptr) return;
  for (int table = 0; table < WorkloadTables; ++table) {
    const auto* shape = workload_shape(static_cast<WorkloadTable>(table));
    const auto records = require(contender.full().fetch(from(shape->name).order_by(asc("id"))));
    for (const auto& record : records) {
      ++run.rows;
      answer_row(run.answer, record.id.data(), record.id.size());
      answer_names(run.answer, record.changed.c_str());
      answer_text(run.answer, record.status.data(), record.status.size());
      for (const auto& value : record.values) add_value(value, *run.answer);
    }
  }
}

void outbox(ConvoyContender& contender, Run& run) {
  const auto connection = require(sql::Connection::open(contender.path, sql::Access::Read));
  const auto mutations = require(connection->integer("select count(*) from convoy_mutation"));
  const auto changes = require(connection->integer(
      "select coalesce(sum(json_array_length(body, '$.ops')), 0) from convoy_mutation"));
  run.rows += static_cast<std::uint64_t>(mutations);
  if (run.answer == nullptr) return;
  answer_note(run.answer, "mutations", std::to_string(mutations).c_str());
  answer_note(run.answer, "changes", std::to_string(changes).c_str());
}

}  // namespace convoy::bench
