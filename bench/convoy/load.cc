#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "convoy/contender.h"

namespace convoy::bench {
namespace {

// How many rows a program would hold at once, say of a page or of a part of a backup.
constexpr std::uint32_t kPageRows = 1000;

void assign(Value& value, const char* text, std::size_t length) {
  if (auto* reused = std::get_if<std::string>(&value)) {
    reused->assign(text, length);
  } else {
    value.emplace<std::string>(text, length);
  }
}

void assign(Value& value, const WorkloadValue& from) {
  switch (from.kind) {
    case KindNull:
      value = Null{};
      break;
    case KindNumber:
      value = from.number;
      break;
    case KindText:
      assign(value, from.text, from.length);
      break;
  }
}

Status load_table(Writer& writer, Workload* data, WorkloadTable table, Run& run) {
  const auto* shape = workload_shape(table);
  std::vector<std::string> columns{"id"};
  for (std::size_t i = 0; i < shape->columns; ++i) columns.emplace_back(shape->column_names[i]);
  std::vector<std::vector<Value>> page(kPageRows, std::vector<Value>(columns.size()));
  const auto total = workload_count(data, table);
  for (std::uint32_t done = 0; done < total;) {
    const auto count = std::min(kPageRows, total - done);
    for (std::uint32_t i = 0; i < count; ++i, ++done) {
      const auto* row = workload_row(data, table, done);
      assign(page[i][0], row->id, WorkloadIdBytes - 1);
      for (std::size_t column = 0; column < row->columns; ++column) {
        assign(page[i][column + 1], row->values[column]);
      }
    }
    CONVOY_TRY(const auto loaded, writer.load(shape->name, columns, std::span(page).first(count)));
    run.rows += static_cast<std::uint64_t>(loaded);
  }
  return ok_status();
}

void load_all(Database& database, Workload* data, Run& run) {
  run_go(&run);
  require(database.write([&](Writer& writer) -> Status {
    for (int table = 0; table < WorkloadTables; ++table) {
      CONVOY_CHECK_OK(load_table(writer, data, static_cast<WorkloadTable>(table), run));
    }
    return ok_status();
  }));
  run_stop(&run);
}

}  // namespace

void fill(ConvoyContender& contender, Run& run) {
  contender.close();
  remove_database(contender.path.c_str());
  contender.database = require(Database::open(contender.options(contender.path)));
  load_all(contender.full(), contender.data, run);
  // What follows begins as in a new process.
  open(contender, run);
  if (run.answer != nullptr) note_settings(contender, *run.answer);
}

void open(ConvoyContender& contender, Run& /*run*/) {
  contender.close();
  contender.database = require(Database::open(contender.options(contender.path)));
}

void load(ConvoyContender& contender, Run& run) {
  remove_database(contender.load_path.c_str());
  {
    auto database = require(Database::open(contender.options(contender.load_path)));
    load_all(database, contender.data, run);
  }
  remove_database(contender.load_path.c_str());
}

}  // namespace convoy::bench
