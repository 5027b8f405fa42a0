// schema types; the others are in schema_server_commands.cc.
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/files.h"
#include "codegen/generate.h"
#include "schema/schema_json.h"

namespace convoy::cli {
namespace {

struct TypesOptions {
  std::string schema;
  std::string language = "cpp";
  std::string output = "-";
  std::string name_space = codegen::Options().name_space;
  std::vector<std::string> records;  // "tasks=Task"
};

Result<codegen::RecordNames> record_names(const std::vector<std::string>& given) {
  codegen::RecordNames names;
  for (const auto& one : given) {
    const auto equals = one.find('=');
    const auto table = one.substr(0, equals);
    if (equals == std::string::npos || !names.emplace(table, one.substr(equals + 1)).second) {
      return Error{.code = ErrorCode::InvalidArgument,
                   .message = "--record " + one +
                              (equals == std::string::npos ? " has no =" : " names it twice"),
                   .hint = "Write it as --record tasks=Task."};
    }
  }
  return names;
}

Result<ExitCode> types(Context& context, const TypesOptions& options) {
  codegen::Options wanted{.name_space = options.name_space, .records = {}};
  CONVOY_TRY(wanted.records, record_names(options.records));
  CONVOY_TRY(const auto text, read_file(options.schema, *context.streams().in));
  auto document = schema::parse_schema(text);
  const auto& name = options.schema == "-" ? "standard input" : options.schema;
  if (!document.ok()) return std::move(document).error().with_context(name);
  CONVOY_TRY(const auto code, codegen::generate(*document, wanted));
  const bool is_printed = options.output == "-";
  if (!is_printed) CONVOY_CHECK_OK(replace_file(options.output, code));
  if (context.is_json()) {
    base::Json json;
    json.set("language", options.language);
    json.set(is_printed ? "text" : "output", is_printed ? code : options.output);
    context.print_json(json);
  } else if (is_printed) {
    context.print(code);
  }
  return ExitCode::Ok;
}

}  // namespace

void add_schema_commands(CLI::App& app, Action& action) {
  auto* schema = app.add_subcommand("schema", "The tables of a database of your own");
  schema->require_subcommand(1);
  auto* command = schema->add_subcommand(
      "types", "Turn a schema into source text: a type for each table, columns and queries");
  auto options = std::make_shared<TypesOptions>();
  command->add_option("schema", options->schema, "The schema as JSON; - is standard input")
      ->required()
      ->type_name("FILE");
  command->add_option("--lang", options->language, "The language: cpp")
      ->check(CLI::IsMember({"cpp"}))
      ->type_name("LANGUAGE");
  command->add_option("-o,--output", options->output, "Where to put it (default: standard output)")
      ->type_name("FILE");
  command->add_option("--namespace", options->name_space, "The C++ namespace (default: app)")
      ->type_name("NAME");
  command
      ->add_option(
          "--record", options->records,
          "What a record of a table is called, where its name does not say; may be repeated")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("TABLE=NAME");
  command->callback([options, &action] {
    action = [options](Context& context) { return types(context, *options); };
  });
  add_schema_server_commands(*schema, action);
}

}  // namespace convoy::cli
