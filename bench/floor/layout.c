#include "floor/floor.h"

// As src/store/layout.cc makes them; the run compares both files' sqlite_schema.
#define CONVOY_TABLE(name, columns) \
  "create table \"" name "\" (\"id\" primary key, \"_changed\", \"_status\", " columns ");"
#define CONVOY_INDEX(table, column) \
  "create index \"" table "_" column "\" on \"" table "\" (\"" column "\");"

const char* const floor_layout_sql =
    "create table \"local_storage\" (\"key\" varchar(16) primary key not null, \"value\" text not "
    "null);"
    "create index \"local_storage_key_index\" on \"local_storage\" (\"key\");"

    CONVOY_TABLE(
        "workspaces",
        "\"name\", \"description\", \"created_at\", \"updated_at\"") CONVOY_INDEX("workspaces",
                                                                                  "_status")

        CONVOY_TABLE("workspace_members",
                     "\"workspace_id\", \"user_id\", \"role\", \"created_at\", \"updated_at\"")
            CONVOY_INDEX("workspace_members", "workspace_id") CONVOY_INDEX(
                "workspace_members", "user_id") CONVOY_INDEX("workspace_members", "_status")

                CONVOY_TABLE(
                    "projects",
                    "\"workspace_id\", \"name\", \"description\", \"overview\", \"tech_stack\", "
                    "\"status\", \"created_at\", \"updated_at\"")
                    CONVOY_INDEX("projects", "workspace_id") CONVOY_INDEX(
                        "projects", "status") CONVOY_INDEX("projects", "_status")

                        CONVOY_TABLE("milestones",
                                     "\"project_id\", \"name\", \"description\", \"requirements\", "
                                     "\"status\", "
                                     "\"target_date\", \"created_at\", \"updated_at\"")
                            CONVOY_INDEX("milestones", "project_id") CONVOY_INDEX(
                                "milestones", "status") CONVOY_INDEX("milestones", "_status")

                                CONVOY_TABLE("tasks",
                                             "\"milestone_id\", \"parent_task_id\", \"title\", "
                                             "\"description\", "
                                             "\"current_stage\", \"status\", \"created_at\", "
                                             "\"updated_at\", \"completion_date\"")
                                    CONVOY_INDEX("tasks", "milestone_id") CONVOY_INDEX(
                                        "tasks", "parent_task_id")
                                        CONVOY_INDEX("tasks", "current_stage") CONVOY_INDEX(
                                            "tasks", "status") CONVOY_INDEX("tasks", "_status")

                                            CONVOY_TABLE(
                                                "task_dependencies",
                                                "\"task_id\", \"depends_on_task_id\", "
                                                "\"created_at\"") CONVOY_INDEX("task_dependencies",
                                                                               "task_id")
                                                CONVOY_INDEX("task_dependencies",
                                                             "depends_on_task_id")
                                                    CONVOY_INDEX("task_dependencies", "_status")

                                                        CONVOY_TABLE("activity_feed",
                                                                     "\"task_id\", \"actor_id\", "
                                                                     "\"activity_type\", "
                                                                     "\"details\", \"created_at\"")
                                                            CONVOY_INDEX("activity_feed", "task_id") CONVOY_INDEX(
                                                                "activity_feed", "_status")

                                                                CONVOY_TABLE(
                                                                    "workflows",
                                                                    "\"name\", \"description\", "
                                                                    "\"stages\", \"created_at\", "
                                                                    "\"updated_at\"")
                                                                    CONVOY_INDEX("workflows",
                                                                                 "_status")

                                                                        CONVOY_TABLE(
                                                                            "patterns",
                                                                            "\"workspace_id\", "
                                                                            "\"project_id\", "
                                                                            "\"name\", "
                                                                            "\"description\", "
                                                                            "\"pattern_type\", "
                                                                            "\"content\", "
                                                                            "\"created_at\", "
                                                                            "\"updated_at\"")
                                                                            CONVOY_INDEX(
                                                                                "patterns",
                                                                                "workspace_id")
                                                                                CONVOY_INDEX(
                                                                                    "patterns",
                                                                                    "project_id")
                                                                                    CONVOY_INDEX(
                                                                                        "patterns",
                                                                                        "_status")

                                                                                        CONVOY_TABLE(
                                                                                            "best_"
                                                                                            "practi"
                                                                                            "ces",
                                                                                            "\"work"
                                                                                            "space_"
                                                                                            "id\", "
                                                                                            "\"proj"
                                                                                            "ect_"
                                                                                            "id\", "
                                                                                            "\"name"
                                                                                            "\", "
                                                                                            "\"desc"
                                                                                            "riptio"
                                                                                            "n\", "
                                                                                            "\"cate"
                                                                                            "gory\""
                                                                                            ", "
                                                                                            "\"cont"
                                                                                            "ent\","
                                                                                            " \"cre"
                                                                                            "ated_"
                                                                                            "at\", "
                                                                                            "\"upda"
                                                                                            "ted_"
                                                                                            "at\"")
                                                                                            CONVOY_INDEX(
                                                                                                "be"
                                                                                                "st"
                                                                                                "_p"
                                                                                                "ra"
                                                                                                "ct"
                                                                                                "ic"
                                                                                                "e"
                                                                                                "s",
                                                                                                "wo"
                                                                                                "rk"
                                                                                                "sp"
                                                                                                "ac"
                                                                                                "e_"
                                                                                                "i"
                                                                                                "d")
                                                                                                CONVOY_INDEX(
                                                                                                    "best_practices",
                                                                                                    "project_id")
                                                                                                    CONVOY_INDEX(
                                                                                                        "best_practices",
                                                                                                        "_status")

                                                                                                        "pragma user_version = 1";
