#include "convoy/migration.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <set>
#include <utility>

#include "base/text.h"
#include "schema/check.h"
#include "schema/migration_history.h"
#include "schema/migration_steps.h"

namespace convoy {
namespace {

constexpr int kVersionMin = 2;

Error invalid(std::string message, std::string hint = {}) {
  return {.code = ErrorCode::InvalidSchema, .message = std::move(message), .hint = std::move(hint)};
}

Status check_step(const CreateTable& step) { return schema::check_table(step.table); }

Status check_step(const AddColumns& step) {
  return schema::check_table({.name = step.table, .columns = step.columns});
}

Status check_step(const DropTable& step) { return schema::check_table_name(step.table); }

Status check_step(const RenameTable& step) {
  CONVOY_CHECK_OK(schema::check_table_name(step.from));
  CONVOY_CHECK_OK(schema::check_table_name(step.to));
  if (step.from != step.to) return ok_status();
  return invalid("\"" + step.from + "\" is renamed to itself");
}

Status check_names(const std::string& table, const std::string& column) {
  CONVOY_CHECK_OK(schema::check_table_name(table));
  return schema::check_column_name(column);
}

Status check_step(const DropColumn& step) { return check_names(step.table, step.column); }

Status check_step(const RenameColumn& step) {
  CONVOY_CHECK_OK(check_names(step.table, step.from));
  CONVOY_CHECK_OK(schema::check_column_name(step.to));
  if (step.from != step.to) return ok_status();
  return invalid(step.table + "." + step.from + " is renamed to itself");
}

Status check_step(const AddIndex& step) { return check_names(step.table, step.column); }

Status check_step(const DropIndex& step) { return check_names(step.table, step.column); }

Status check_step(const RunSql& step) {
  if (!base::is_utf8(step.sql) || step.sql.find('\0') != std::string::npos) {
    return invalid("the SQL is not UTF-8, or has a NUL character");
  }
  const auto last = step.sql.find_last_not_of(" \t\r\n\f\v");
  if (last != std::string::npos && step.sql[last] == ';') return ok_status();
  return invalid("the SQL does not end with a semicolon");
}

std::vector<const Migration*> sorted(const Migrations& migrations) {
  std::vector<const Migration*> order;
  order.reserve(migrations.size());
  for (const auto& migration : migrations) order.push_back(&migration);
  std::ranges::sort(order, {}, &Migration::to_version);
  return order;
}

Status check_versions(const std::vector<const Migration*>& order, int schema_version) {
  const Migration* before = nullptr;
  for (const auto* migration : order) {
    const auto name = "migration to version " + std::to_string(migration->to_version);
    if (migration->to_version < kVersionMin) {
      return invalid(name + ": there is none to a version below " + std::to_string(kVersionMin));
    }
    if (before != nullptr && migration->to_version == before->to_version) {
      return invalid(name + ": it stands twice");
    }
    if (before != nullptr && migration->to_version - 1 != before->to_version) {
      return invalid(name + ": the one to version " + std::to_string(migration->to_version - 1) +
                     " is missing");
    }
    before = migration;
  }
  if (before->to_version == schema_version) return ok_status();
  const auto versions = "the newest migration leads to version " +
                        std::to_string(before->to_version) + ", the schema has version " +
                        std::to_string(schema_version);
  return invalid(versions, before->to_version > schema_version
                               ? "Raise the schema's version, or take the migration out."
                               : "Add the migration that is missing; it may be without steps.");
}

}  // namespace

namespace schema {

std::string PlannedStep::name() const {
  constexpr std::array<const char*, std::variant_size_v<MigrationStep>> kNames{
      "CreateTable",  "AddColumns", "DropTable", "RenameTable", "DropColumn",
      "RenameColumn", "AddIndex",   "DropIndex", "RunSql"};
  return "migration to version " + std::to_string(to_version) + ", step " + std::to_string(number) +
         " (" + kNames[step->index()] + ")";
}

std::optional<std::vector<PlannedStep>> plan(const Migrations& migrations, int from, int to) {
  std::vector<PlannedStep> steps;
  int version = from;
  for (const auto* migration : sorted(migrations)) {
    if (migration->to_version <= from || migration->to_version > to) continue;
    if (migration->to_version != ++version) return std::nullopt;
    for (std::size_t i = 0; i < migration->steps.size(); ++i) {
      steps.push_back({.to_version = version, .number = i + 1, .step = &migration->steps[i]});
    }
  }
  if (version != to) return std::nullopt;
  return steps;
}

}  // namespace schema

Status validate(const Migrations& migrations, const Schema& schema) {
  if (migrations.empty()) return ok_status();
  const auto order = sorted(migrations);
  CONVOY_CHECK_OK(check_versions(order, schema.version));
  const int oldest = order.front()->to_version - 1;
  const auto steps = *schema::plan(migrations, oldest, schema.version);
  for (const auto& planned : steps) {
    auto status = std::visit([](const auto& step) { return check_step(step); }, *planned.step);
    if (!status.ok()) return std::move(status).error().with_context(planned.name());
  }
  schema::History history(schema);
  for (const auto& planned : std::views::reverse(steps)) {
    auto status = history.undo(*planned.step);
    if (!status.ok()) return std::move(status).error().with_context(planned.name());
  }
  return ok_status();
}

}  // namespace convoy
