// migration_steps.h: which steps lead from one version to another. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "convoy/migration.h"

namespace convoy::schema {

struct PlannedStep {
  int to_version = 0;
  std::size_t number = 0;  // In its migration, from 1.
  const MigrationStep* step = nullptr;

  // "migration to version 3, step 2 (AddColumns)".
  [[nodiscard]] std::string name() const;
};

// The steps from version `from` to `to`, in their order; nothing if some migration in between is
// missing. Borrows from `migrations`. REQUIRES: from < to; validate(migrations, …).
std::optional<std::vector<PlannedStep>> plan(const Migrations& migrations, int from, int to);

}  // namespace convoy::schema
