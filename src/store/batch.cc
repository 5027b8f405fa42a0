#include "store/batch.h"

#include <array>
#include <utility>

#include "schema/suggest.h"
#include "store/record_json.h"

namespace convoy::store {
namespace {

using base::Json;

constexpr std::array<std::pair<std::string_view, OperationKind>, 4> kKinds{
    {{"create", OperationKind::Create},
     {"update", OperationKind::Update},
     {"delete", OperationKind::Delete},
     {"erase", OperationKind::Erase}}};

Error invalid(std::string message) {
  return {.code = ErrorCode::InvalidArgument, .message = std::move(message)};
}

std::string place(std::size_t index) { return "operations[" + std::to_string(index) + "]"; }

bool has_fields(OperationKind kind) {
  return kind == OperationKind::Create || kind == OperationKind::Update;
}

Status read_id(const Json* json, Operation& operation) {
  if (json == nullptr && operation.kind == OperationKind::Create) return ok_status();
  if (json == nullptr) return invalid(R"(the member "id" is missing)");
  if (json->string() == nullptr || json->string()->empty()) {
    return invalid(R"("id" must be text that is not empty)");
  }
  operation.id = *json->string();
  return ok_status();
}

struct Kind {
  std::string_view name;
  OperationKind kind = OperationKind::Create;
  const Json* table = nullptr;
};

// The first member that names one.
Result<Kind> kind_of(const Json& json) {
  for (const auto& [name, kind] : kKinds) {
    if (const auto* table = json.find(name))
      return Kind{.name = name, .kind = kind, .table = table};
  }
  return invalid(R"(one of the members "create", "update", "delete" and "erase" must be there)");
}

Status check_members(const Json& json, const Kind& kind) {
  for (const auto& [name, unused] : *json.object()) {
    if (name == kind.name || name == "id" || (name == "fields" && has_fields(kind.kind))) continue;
    return invalid("\"" + name + "\" does not belong beside \"" + std::string(kind.name) + "\"");
  }
  return ok_status();
}

Result<Operation> read_operation(const Schema& schema, const Json& json) {
  if (json.object() == nullptr) return invalid("it must be an object");
  CONVOY_TRY(const auto kind, kind_of(json));
  CONVOY_CHECK_OK(check_members(json, kind));
  if (kind.table->string() == nullptr) return invalid(std::string(kind.name) + " takes a table");
  const auto* table = schema.find_table(*kind.table->string());
  if (table == nullptr) return schema::unknown_table(schema, *kind.table->string());
  Operation operation{.kind = kind.kind, .table = table->name, .id = {}, .fields = {}};
  CONVOY_CHECK_OK(read_id(json.find("id"), operation));
  if (const auto* fields = json.find("fields")) {
    CONVOY_TRY(operation.fields, fields_from_json(*table, *fields));
  } else if (kind.kind == OperationKind::Update) {
    return invalid(R"(the member "fields" is missing)");
  }
  return operation;
}

Status run(Writer& writer, Operation operation, std::string& out) {
  switch (operation.kind) {
    case OperationKind::Create: {
      CONVOY_TRY(const auto record, writer.create(operation.table, std::move(operation.fields),
                                                  std::move(operation.id)));
      append_json(out, record);
      return ok_status();
    }
    case OperationKind::Update: {
      CONVOY_TRY(const auto record,
                 writer.update(operation.table, operation.id, std::move(operation.fields)));
      append_json(out, record);
      return ok_status();
    }
    case OperationKind::Delete: {
      CONVOY_TRY(const auto count, writer.mark_deleted(operation.table, operation.id));
      out += std::to_string(count);
      return ok_status();
    }
    case OperationKind::Erase: {
      CONVOY_TRY(const auto count, writer.erase(operation.table, operation.id));
      out += std::to_string(count);
      return ok_status();
    }
  }
  return ok_status();
}

}  // namespace

Result<std::vector<Operation>> parse_batch(const Schema& schema, std::string_view json) {
  CONVOY_TRY(const auto document, parse_argument(json, "operations"));
  if (document.array() == nullptr) return invalid("operations must be an array");
  std::vector<Operation> operations;
  operations.reserve(document.array()->size());
  for (std::size_t i = 0; i < document.array()->size(); ++i) {
    auto operation = read_operation(schema, (*document.array())[i]);
    if (!operation.ok()) return std::move(operation).error().with_context(place(i));
    operations.push_back(*std::move(operation));
  }
  return operations;
}

Result<std::string> run_batch(Writer& writer, std::vector<Operation> operations) {
  std::string out = "[";
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (i > 0) out += ',';
    auto status = run(writer, std::move(operations[i]), out);
    if (!status.ok()) return std::move(status).error().with_context(place(i));
  }
  out += ']';
  return out;
}

}  // namespace convoy::store
