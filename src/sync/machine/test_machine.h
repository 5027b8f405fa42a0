// test_machine.h: a device, a server's replies, and the first steps of a round, for tests.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/json.h"
#include "sync/machine/machine.h"

namespace convoy::sync::machine {

using base::Json;
using base::parse_json;

inline constexpr const char* kEpoch = "11111111-1111-4111-8111-111111111111";
inline constexpr const char* kScopeA = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
inline constexpr const char* kScopeB = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";

inline Json json(const std::string& text) {
  auto parsed = parse_json(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : Json();
}

inline Schema task_schema() {
  return {.version = 1,
          .tables = {
              {.name = "tasks",
               .columns = {
                   {.name = "title"},
                   {.name = "due", .type = ColumnType::Number, .pg_type = PgType::Timestamptz}}}}};
}

inline schema::ReplicaState fresh() {
  return {.client_id = "cccccccc-cccc-4ccc-8ccc-cccccccccccc"};
}

// A device that has synced scope A before.
inline schema::ReplicaState synced() {
  auto state = fresh();
  state.epoch = kEpoch;
  state.fingerprint = "f1";
  state.scopes[kScopeA] = {
      .id = kScopeA, .visibility = "owner:1", .base = "10:10:", .generation = 1};
  state.mid_assigned = 5;
  state.mid_seen = 5;
  return state;
}

inline std::string pull_reply(const std::string& members) {
  return R"({"status":"ok","protocol":1,"epoch":")" + std::string(kEpoch) +
         R"(","target":"20:20:","next":"20:20:","after":null,"more":false,"changes":[],"last_mid":5)" +
         (members.empty() ? "" : "," + members) + "}";
}

// Replaces the default members of `pull_reply`.
inline Json pull_with(std::initializer_list<std::pair<const char*, std::string>> members) {
  auto reply = json(pull_reply(""));
  for (const auto& [name, value] : members) reply.set(name, json(value));
  return reply;
}

inline std::string rows(const char* scope, const std::string& id) {
  return R"([{"table":"tasks","scope":")" + std::string(scope) +
         R"(","columns":["title","due"],"rows":[[")" + id + R"(","T",null]],"gone":[]}])";
}

template <class T>
T expect(Effect effect) {
  auto* found = std::get_if<T>(&effect);
  EXPECT_NE(found, nullptr) << "unexpected effect, index " << effect.index();
  if (found == nullptr) {
    if (auto* finish = std::get_if<Finish>(&effect); finish != nullptr && finish->error) {
      ADD_FAILURE() << finish->error->message;
    }
    return T{};
  }
  return std::move(*found);
}

inline Effect reply(Machine& machine, Json value) { return machine.on(Replied{std::move(value)}); }

// A machine with an empty outbox that has just sent its first pull.
inline Call first_pull(Machine& machine) {
  expect<PreparePush>(machine.start());
  return expect<Call>(machine.on(PushPrepared{}));
}

}  // namespace convoy::sync::machine
