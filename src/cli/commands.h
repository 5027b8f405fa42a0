// commands.h: each function adds some commands to the program's parser. A command that is called
// for stores in `action` what it does.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/options.h"

namespace convoy::cli {

void add_session_commands(CLI::App& app, Action& action);   // init, login, logout
void add_sync_commands(CLI::App& app, Action& action);      // sync, verify
void add_status_commands(CLI::App& app, Action& action);    // status, log
void add_watch_commands(CLI::App& app, Action& action);     // watch
void add_queue_commands(CLI::App& app, Action& action);     // queue
void add_conflict_commands(CLI::App& app, Action& action);  // conflicts
void add_resource_commands(CLI::App& app, Action& action);  // workspace, project, milestone, task
void add_context_commands(CLI::App& app, Action& action);   // context, search
void add_schema_commands(CLI::App& app, Action& action);    // schema
void add_device_commands(CLI::App& app, Action& action);    // devices
void add_doctor_commands(CLI::App& app, Action& action);    // doctor

// Beneath `task`: stage, depend, undepend, comment.
void add_task_commands(CLI::App& task, Action& action);

// Beneath `schema`: describe, pull, diff, sql.
void add_schema_server_commands(CLI::App& schema, Action& action);

}  // namespace convoy::cli
