// actor.h: who does something.
#pragma once

#include <string>

namespace convoy::memory {

enum class ActorKind {
  Person,
  Agent,  // A program that works for the person whose device this is, with that person's rights.
};

struct Actor {
  ActorKind kind = ActorKind::Person;
  std::string name;  // Of an agent: "claude". A person is known by the database's user.
};

}  // namespace convoy::memory
