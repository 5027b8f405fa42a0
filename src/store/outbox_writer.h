// outbox_writer.h: putting a mutation into the outbox.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/environment.h"
#include "convoy/result.h"
#include "sql/connection.h"
#include "store/mutation_builder.h"

namespace convoy::store {

// Bytes of `body` inside a request: as a JSON string, with its share of what stands around it.
std::size_t bytes_on_the_wire(std::string_view body);

// Errors: InvalidArgument if a mutation with this text can never be sent.
Status check_mutation_size(std::string_view body);

// What becomes of a mutation that is too large to be ever sent.
enum class TooLarge {
  Refuse,  // InvalidArgument.
  Keep,    // It is parked, and stays part of what the user sees.
};

// Writes what `builder` collected as one mutation, keeps what the server has confirmed of its rows,
// and brings rows up to date whose operations were merged. Does nothing if nothing was changed.
// REQUIRES: a transaction is open.
// Errors: InvalidArgument if the mutation is too large to be ever sent.
Status record_mutation(sql::Connection& connection, const Tables& tables,
                       const MutationBuilder& builder, base::Clock& clock, base::Random& random,
                       TooLarge too_large = TooLarge::Refuse);

}  // namespace convoy::store
