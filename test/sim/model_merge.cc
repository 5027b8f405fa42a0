#include "sim/model_merge.h"

#include <algorithm>
#include <utility>

#include "base/time_text.h"

namespace convoy::sim {
namespace {

using base::Json;
using Kept = Settled::Kept;

std::optional<double> time_of(const Json& value) {
  return value.string() == nullptr ? std::nullopt : base::parse_timestamp(*value.string());
}

Json::Array elements(const Json& value) {
  return value.array() == nullptr ? Json::Array() : *value.array();
}

bool contains(const Json::Array& list, const Json& element) {
  return std::ranges::find(list, element) != list.end();
}

Json merge_set(const Edit& edit, Mutant mutant) {
  const auto base = elements(*edit.base);
  const auto client = elements(edit.client);
  Json::Array merged;
  for (auto& element : elements(edit.server)) {
    const bool stays = !contains(base, element) || contains(client, element);
    if (stays || mutant == Mutant::SetKeepsAll) merged.push_back(element);
  }
  for (const auto& element : client) {
    if (!contains(base, element) && !contains(merged, element)) merged.push_back(element);
  }
  return merged;
}

// Both sides changed it, each to something else.
Settled settle_conflict(Rule rule, const Edit& edit, Mutant mutant) {
  Settled settled{.kept = Kept::Server, .is_conflict = true, .value = {}};
  switch (rule) {
    case Rule::ServerWins:
      break;
    case Rule::Manual:
      if (mutant == Mutant::ManualDecides) settled.kept = Kept::Client;
      break;
    case Rule::ClientWins:
      settled.kept = Kept::Client;
      break;
    case Rule::Latest:
      if (!time_of(edit.client) || !time_of(edit.server)) break;
      settled.is_conflict = false;
      if (*time_of(edit.server) < *time_of(edit.client)) settled.kept = Kept::Client;
      break;
    case Rule::LastWriteWins:
      if (edit.is_later || mutant == Mutant::LastToArriveWins) settled.kept = Kept::Client;
      settled.is_conflict = edit.client != edit.server;
      break;
    case Rule::Counter:
      settled.kept = Kept::Merged;
      settled.value = edit.server.integer().value_or(0) +
                      (edit.client.integer().value_or(0) - edit.base->integer().value_or(0));
      if (mutant == Mutant::CounterReplaced) settled.value = edit.client;
      break;
    case Rule::Set:
      settled.kept = Kept::Merged;
      settled.value = merge_set(edit, mutant);
      break;
  }
  return settled;
}

}  // namespace

Settled settle(Rule rule, const Edit& edit, Mutant mutant) {
  const auto& base = edit.base;
  if (!base) {
    const bool loses = rule == Rule::LastWriteWins && !edit.is_later;
    return {.kept = loses ? Kept::Server : Kept::Client,
            .is_conflict = loses && edit.client != edit.server,
            .value = {}};
  }
  if (edit.client == *base) return {.kept = Kept::Server, .is_conflict = false, .value = {}};
  // Equal steps of a counter are two, and of two equal writes the later one counts.
  const bool counts_twice = rule == Rule::Counter || rule == Rule::LastWriteWins;
  const bool is_same = edit.client == edit.server && !counts_twice;
  if (edit.server == *base || is_same || mutant == Mutant::BaseIgnored) return {};
  return settle_conflict(rule, edit, mutant);
}

}  // namespace convoy::sim
