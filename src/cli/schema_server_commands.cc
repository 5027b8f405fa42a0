// schema describe, pull, diff, sql: a local schema and the server's tables.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/display_text.h"
#include "cli/files.h"
#include "cli/schema_view.h"
#include "codegen/postgres_emitter.h"
#include "codegen/schema_diff.h"
#include "codegen/schema_update.h"
#include "memory/schema.h"
#include "schema/schema_json.h"

namespace convoy::cli {
namespace {

struct ServerSource {
  std::string saved;                 // A reply that was saved; empty: the server is asked.
  std::vector<std::string> renames;  // "tasks=todos"
};

struct PullOptions {
  ServerSource server;
  std::string output = "-";
};

struct DiffOptions {
  ServerSource server;
  std::string schema;  // Empty: the memory bank's.
};

struct TextOptions {
  std::string schema;
  std::string output = "-";
};

// The server as a generator sees it.
struct ServerSide {
  codegen::ServerDescription description;
  codegen::ServerSchema schema;
  std::vector<codegen::Rename> renames;
};

Result<std::string> description_text(Context& context, const std::string& saved) {
  if (!saved.empty()) return read_file(saved, *context.streams().in);
  CONVOY_TRY(Device * device, context.device());
  return device->describe_server();
}

Result<ServerSide> server_side(Context& context, const ServerSource& source) {
  ServerSide side;
  for (const auto& text : source.renames) {
    CONVOY_TRY(auto rename, codegen::parse_rename(text));
    side.renames.push_back(std::move(rename));
  }
  CONVOY_TRY(const auto text, description_text(context, source.saved));
  CONVOY_TRY(side.description, codegen::parse_description(text));
  CONVOY_TRY(side.schema, codegen::to_local_schema(side.description));
  return side;
}

Result<schema::SchemaDocument> read_schema(Context& context, const std::string& path) {
  if (path.empty()) {
    return schema::SchemaDocument{.schema = memory::memory_schema(), .migrations = {}};
  }
  CONVOY_TRY(const auto text, read_file(path, *context.streams().in));
  auto document = schema::parse_schema(text);
  if (!document.ok()) {
    return std::move(document).error().with_context(path == "-" ? "standard input" : path);
  }
  return document;
}

// Puts text where it is wanted; what is not printed is told as JSON or in words.
Status deliver(Context& context, const std::string& output, const std::string& text) {
  if (output != "-") return replace_file(output, text);
  if (!context.is_json()) context.print(text);
  return ok_status();
}

Result<ExitCode> describe(Context& context, const TextOptions& options) {
  CONVOY_TRY(const auto text, description_text(context, ""));
  CONVOY_TRY(const auto json, base::parse_json(text));
  const bool is_printed = options.output == "-";
  CONVOY_CHECK_OK(deliver(context, options.output, json.dump_pretty() + "\n"));
  if (context.is_json()) {
    base::Json result;
    result.set("output", options.output);
    context.print_json(is_printed ? json : result);
  }
  return ExitCode::Ok;
}

Result<ExitCode> pull(Context& context, const PullOptions& options) {
  const bool is_printed = options.output == "-";
  std::error_code ignored;
  const bool is_new = is_printed || !std::filesystem::exists(options.output, ignored);
  schema::SchemaDocument local{.schema = {.version = 1, .tables = {}}, .migrations = {}};
  if (!is_new) {
    CONVOY_TRY(local, read_schema(context, options.output));
  }
  CONVOY_TRY(const auto server, server_side(context, options.server));
  codegen::SchemaUpdate update{.document = {.schema = server.schema.schema, .migrations = {}},
                               .steps = {}};
  if (is_new) {
    CONVOY_CHECK_OK(codegen::apply_renames(local.schema, server.description, server.renames));
  } else {
    CONVOY_TRY(update,
               codegen::update_schema(local, server.description, server.schema, server.renames));
  }
  const auto text =
      schema::schema_to_json(update.document.schema, update.document.migrations) + "\n";
  CONVOY_CHECK_OK(deliver(context, options.output, text));
  if (context.is_json()) {
    auto json = to_json(update, server.schema.notes);
    if (is_printed) {
      CONVOY_TRY(auto schema, base::parse_json(text));
      json.set("schema", std::move(schema));
    } else {
      json.set("output", options.output);
    }
    context.print_json(json);
    return ExitCode::Ok;
  }
  for (const auto& note : server.schema.notes) context.note(line_of(note));
  if (!is_printed && !context.is_quiet()) {
    const bool is_changed = update.document != local || is_new;
    context.print(printable(options.output) +
                  (!is_changed ? " is up to date.\n" : " holds " + summary_of(update) + " now.\n"));
  }
  return ExitCode::Ok;
}

ExitCode exit_code_of(codegen::Impact impact) {
  switch (impact) {
    case codegen::Impact::Note:
      return ExitCode::Ok;
    case codegen::Impact::Additive:
      return ExitCode::Warnings;
    case codegen::Impact::Breaking:
      break;
  }
  return ExitCode::Problems;
}

Result<ExitCode> diff(Context& context, const DiffOptions& options) {
  CONVOY_TRY(const auto local, read_schema(context, options.schema));
  CONVOY_TRY(const auto server, server_side(context, options.server));
  CONVOY_TRY(const auto differences,
             codegen::compare(local.schema, server.description, server.schema, server.renames));
  CONVOY_TRY(const auto update,
             codegen::update_schema(local, server.description, server.schema, server.renames));
  if (context.is_json()) {
    context.print_json(to_json(differences, update));
  } else {
    context.print(view(differences, update, context.out_style()));
  }
  return exit_code_of(codegen::worst(differences));
}

Result<ExitCode> sql(Context& context, const TextOptions& options) {
  CONVOY_TRY(const auto document, read_schema(context, options.schema));
  const auto text = codegen::emit_postgres(document);
  CONVOY_CHECK_OK(deliver(context, options.output, text));
  if (context.is_json()) {
    const bool is_printed = options.output == "-";
    base::Json json;
    json.set(is_printed ? "text" : "output", is_printed ? text : options.output);
    context.print_json(json);
  }
  return ExitCode::Ok;
}

void add_source_options(CLI::App& command, ServerSource& source) {
  command
      .add_option("--offline", source.saved,
                  "Take what `convoy schema describe` saved, and ask no server")
      ->type_name("FILE");
  command
      .add_option("--rename", source.renames,
                  "What is new on the server is this, under another name: tasks=todos or "
                  "tasks.title=name; may be repeated")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("OLD=NEW");
}

void add_output_option(CLI::App& command, std::string& output, const char* help) {
  command.add_option("-o,--output", output, help)->type_name("FILE");
}

void add_schema_option(CLI::App& command, std::string& schema) {
  command
      .add_option("schema", schema,
                  "The schema as JSON; - is standard input (default: the memory bank's own)")
      ->type_name("FILE");
}

}  // namespace

void add_schema_server_commands(CLI::App& schema, Action& action) {
  auto* describe_command =
      schema.add_subcommand("describe", "Show what the server says of its tables");
  auto described = std::make_shared<TextOptions>();
  add_output_option(*describe_command, described->output,
                    "Where to put it (default: standard output)");
  describe_command->callback([described, &action] {
    action = [described](Context& context) { return describe(context, *described); };
  });

  auto* pull_command = schema.add_subcommand(
      "pull", "Make a schema of the server's tables, or bring one up to date");
  auto pulled = std::make_shared<PullOptions>();
  add_output_option(
      *pull_command, pulled->output,
      "The schema to write, or to bring up to date if it is there (default: a new one "
      "on standard output)");
  add_source_options(*pull_command, pulled->server);
  pull_command->callback([pulled, &action] {
    action = [pulled](Context& context) { return pull(context, *pulled); };
  });

  auto* diff_command = schema.add_subcommand(
      "diff", "Compare a schema with the server's tables; see its exit codes");
  auto compared = std::make_shared<DiffOptions>();
  add_schema_option(*diff_command, compared->schema);
  add_source_options(*diff_command, compared->server);
  diff_command->callback([compared, &action] {
    action = [compared](Context& context) { return diff(context, *compared); };
  });

  auto* sql_command =
      schema.add_subcommand("sql", "Turn a schema into SQL that makes its tables on the server");
  auto emitted = std::make_shared<TextOptions>();
  add_schema_option(*sql_command, emitted->schema);
  add_output_option(*sql_command, emitted->output, "Where to put it (default: standard output)");
  sql_command->callback([emitted, &action] {
    action = [emitted](Context& context) { return sql(context, *emitted); };
  });
}

}  // namespace convoy::cli
