#include "cli/resource_spec.h"

#include <array>

namespace convoy::cli {
namespace {

constexpr FieldOption kName{.flag = "--name",
                            .column = "name",
                            .type = "TEXT",
                            .help = "Name; not blank",
                            .is_required = true};
constexpr FieldOption kDescription{.flag = "--description",
                                   .column = "description",
                                   .kind = FieldKind::Long,
                                   .type = "TEXT",
                                   .help = "Description; @FILE reads a file, - standard input"};

constexpr std::array kWorkspace{kName, kDescription};

constexpr std::array kProject{
    FieldOption{.flag = "--workspace",
                .column = "workspace_id",
                .kind = FieldKind::Reference,
                .type = "ID",
                .help = "Workspace it lies in",
                .is_required = true},
    kName,
    kDescription,
    FieldOption{.flag = "--overview",
                .column = "overview",
                .kind = FieldKind::Long,
                .type = "TEXT",
                .help = "Overview; @FILE or -"},
    FieldOption{.flag = "--tech-stack",
                .column = "tech_stack",
                .kind = FieldKind::Json,
                .type = "JSON",
                .help = "Tech stack as JSON; @FILE or -"},
    FieldOption{.flag = "--status",
                .column = "status",
                .type = "STATUS",
                .help = "ACTIVE (default), ON_HOLD, COMPLETED, ARCHIVED"},
};

constexpr std::array kMilestone{
    FieldOption{.flag = "--project",
                .column = "project_id",
                .kind = FieldKind::Reference,
                .type = "ID",
                .help = "Project it lies in",
                .is_required = true},
    kName,
    kDescription,
    FieldOption{.flag = "--requirements",
                .column = "requirements",
                .kind = FieldKind::Long,
                .type = "TEXT",
                .help = "Requirements; @FILE or -"},
    FieldOption{.flag = "--status",
                .column = "status",
                .type = "STATUS",
                .help = "PLANNED (default), IN_PROGRESS, COMPLETED, ARCHIVED"},
    FieldOption{.flag = "--target-date",
                .column = "target_date",
                .kind = FieldKind::Time,
                .type = "DATE",
                .help = "2026-11-22 or ISO 8601"},
};

constexpr std::array kTask{
    FieldOption{.flag = "--milestone",
                .column = "milestone_id",
                .kind = FieldKind::Reference,
                .type = "ID",
                .help = "Milestone it lies in",
                .is_required = true},
    FieldOption{.flag = "--title",
                .column = "title",
                .type = "TEXT",
                .help = "Title; not blank",
                .is_required = true},
    kDescription,
    FieldOption{.flag = "--parent",
                .column = "parent_task_id",
                .kind = FieldKind::Reference,
                .type = "ID",
                .help = "Task it is a part of"},
    FieldOption{.flag = "--status",
                .column = "status",
                .type = "STATUS",
                .help = "TODO (default), IN_PROGRESS, BLOCKED, DONE"},
    FieldOption{.flag = "--stage",
                .column = "current_stage",
                .type = "STAGE",
                .help = "PLAN (default), PLAN_REVIEW, IMPLEMENT, VALIDATE, CODE_REVIEW, COMMIT"},
};

}  // namespace

std::span<const FieldOption> field_options(memory::Entity entity) {
  switch (entity) {
    case memory::Entity::Workspace:
      return kWorkspace;
    case memory::Entity::Project:
      return kProject;
    case memory::Entity::Milestone:
      return kMilestone;
    case memory::Entity::Task:
      break;
  }
  return kTask;
}

}  // namespace convoy::cli
