// compatibility.h: whether the server's tables can hold what this device's schema says. Pure.
#pragma once

#include "convoy/schema.h"
#include "sync/machine/protocol.h"

namespace convoy::sync::machine {

// Every local table and column must exist on the server, with a type that converts without loss.
// What the server has beyond that is no concern of this device. Errors: SchemaMismatch, naming each
// table and column that does not fit and what to do.
Status check_compatible(const Schema& local, const schema::ServerSchema& server);

}  // namespace convoy::sync::machine
