// devices: list, revoke, rename.
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/display_text.h"
#include "cli/input.h"
#include "cli/table_writer.h"
#include "cli/times.h"
#include "memory/lookup.h"

namespace convoy::cli {
namespace {

using base::Json;

struct RevokeOptions {
  std::string id;
  bool is_sure = false;
};

Json time_json(std::optional<std::int64_t> time_ms) {
  return time_ms ? Json(json_time(static_cast<double>(*time_ms))) : Json();
}

Json to_json(const DeviceInfo& device) {
  Json json;
  json.set("id", device.id);
  json.set("name", device.name.empty() ? Json() : Json(device.name));
  json.set("program", device.program.empty() ? Json() : Json(device.program));
  json.set("seen_at", time_json(device.seen_at_ms));
  json.set("created_at", time_json(device.created_at_ms));
  json.set("this", device.is_this);
  json.set("revoked", device.is_revoked);
  return json;
}

std::string name_of(const DeviceInfo& device) {
  return device.name.empty() ? "device " + memory::short_id(device.id) : device.name;
}

// This device is in the list, too, whatever it has done so far. One that was signed out can't say
// hello, and is in it anyway.
Status register_this(Device& device) {
  const auto hello = device.hello("");
  if (hello.ok() || hello.error().sqlstate == "CV012") return ok_status();
  return hello.error();
}

Result<ExitCode> list(Context& context) {
  CONVOY_TRY(Device * device, context.device());
  CONVOY_CHECK_OK(register_this(*device));
  CONVOY_TRY(const auto devices, device->devices());
  if (context.is_json()) {
    Json::Array all;
    for (const auto& one : devices) all.push_back(to_json(one));
    context.print_json(Json(std::move(all)));
    return ExitCode::Ok;
  }
  std::vector<std::vector<Cell>> rows;
  for (const auto& one : devices) {
    const auto seen =
        one.seen_at_ms ? local_time(static_cast<double>(*one.seen_at_ms)) : std::string();
    Cell state;
    if (one.is_this) state = {"this device", Ink::Green};
    if (one.is_revoked) state = {"signed out", Ink::Red};
    rows.push_back({{memory::short_id(one.id), Ink::Dim},
                    {one.name},
                    {one.program},
                    {seen},
                    std::move(state)});
  }
  context.print(write_table({{.title = "ID"},
                             {.title = "NAME", .is_flexible = true},
                             {.title = "PROGRAM", .is_dispensable = true},
                             {.title = "LAST SEEN"},
                             {.title = ""}},
                            rows, context.streams().columns, context.out_style()));
  return ExitCode::Ok;
}

// The device with this id, or whose id begins or ends so.
Result<DeviceInfo> find(const std::vector<DeviceInfo>& devices, const std::string& id) {
  if (id.size() < memory::kIdPartMin) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "\"" + id + "\" is too short for an id",
                 .hint = "Give at least 4 characters of its beginning or end."};
  }
  const DeviceInfo* found = nullptr;
  for (const auto& one : devices) {
    if (one.id == id) return one;
    if (!one.id.starts_with(id) && !one.id.ends_with(id)) continue;
    if (found != nullptr) {
      return Error{.code = ErrorCode::Ambiguous,
                   .message = "more than one device has an id like \"" + id + "\"",
                   .hint = "They are " + found->id + " and " + one.id + "."};
    }
    found = &one;
  }
  if (found != nullptr) return *found;
  return Error{.code = ErrorCode::NotFound,
               .message = "no device of yours has the id " + id,
               .hint = "`convoy devices list` shows them all."};
}

// Signing out the device one sits at ends its sync for good, so that is asked for.
Result<bool> is_sure(Context& context, const RevokeOptions& options, const DeviceInfo& device) {
  if (!device.is_this || options.is_sure) return true;
  if (!context.can_ask()) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "this is the device that you are using",
                 .hint = "Confirm with --yes. What it has not sent can't be sent any more."};
  }
  return confirm(context,
                 "This is the device that you are using. What it has not sent can't be sent any "
                 "more. Sign it out?");
}

Result<ExitCode> revoke(Context& context, const RevokeOptions& options) {
  CONVOY_TRY(Device * device, context.device());
  CONVOY_TRY(const auto devices, device->devices());
  CONVOY_TRY(const auto one, find(devices, options.id));
  CONVOY_TRY(const bool sure, is_sure(context, options, one));
  if (!sure) return Error{.code = ErrorCode::Cancelled, .message = "nothing was signed out"};
  CONVOY_CHECK_OK(device->revoke_device(one.id));
  if (context.is_json()) {
    Json json;
    json.set("revoked", one.id);
    context.print_json(json);
  } else if (!context.is_quiet()) {
    context.print(printable(name_of(one)) +
                  " is signed out: it can't sync any more. If it was lost, change your password "
                  "too.\n");
  }
  return ExitCode::Ok;
}

Result<ExitCode> rename(Context& context, const std::string& name) {
  constexpr std::size_t kNameMax = 200;  // The server keeps no more.
  if (name.empty() || name.size() > kNameMax) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "a device's name has 1 to 200 bytes"};
  }
  CONVOY_TRY(Device * device, context.device());
  CONVOY_CHECK_OK(device->hello(name));
  if (context.is_json()) {
    Json json;
    json.set("name", name);
    context.print_json(json);
  } else if (!context.is_quiet()) {
    context.print("This device is called " + printable(name) + " now.\n");
  }
  return ExitCode::Ok;
}

}  // namespace

void add_device_commands(CLI::App& app, Action& action) {
  auto* devices = app.add_subcommand("devices", "Your devices, as the server knows them");
  devices->require_subcommand(1);
  devices->add_subcommand("list", "All of them, the one seen last first")->callback([&action] {
    action = list;
  });

  auto* revoke_command = devices->add_subcommand("revoke", "Sign a device out, for ever");
  auto which = std::make_shared<RevokeOptions>();
  revoke_command->add_option("id", which->id, "Its id, or a part")->required()->type_name("ID");
  revoke_command->add_flag("-y,--yes", which->is_sure, "Do not ask, even if it is this one");
  revoke_command->callback(
      [&action, which] { action = [which](Context& context) { return revoke(context, *which); }; });

  auto* rename_command = devices->add_subcommand("rename", "Give this device a name");
  auto name = std::make_shared<std::string>();
  rename_command->add_option("name", *name, "What it is to be called")
      ->required()
      ->type_name("NAME");
  rename_command->callback(
      [&action, name] { action = [name](Context& context) { return rename(context, *name); }; });
}

}  // namespace convoy::cli
