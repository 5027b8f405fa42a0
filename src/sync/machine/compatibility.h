// compatibility.h: whether the server's tables can hold what this device's schema says. Pure.
#pragma once

#include <map>
#include <string>

#include "convoy/schema.h"
#include "schema/replication.h"

namespace convoy::sync::machine {

// The local tables that can't be synced, each with what is wrong: every one of its columns must
// exist on the server, with a type that converts without loss. What the server has beyond that is
// no concern of this device.
std::map<std::string, std::string> unfit_tables(const Schema& local,
                                                const schema::ServerSchema& server);

}  // namespace convoy::sync::machine
