// merge_mutations.h: two mutations of one record that follow each other, as one. Pure.
//
// Done when they are about to be sent for the first time, and not before: until then each can be
// undone by itself, and afterwards none of them could be.
#pragma once

#include <optional>
#include <string>

namespace convoy::store {

// The text of one mutation with the effect of both: an insert or update and a later update, each
// the only operation of its mutation, of one record. Nothing if they are not such, if the later one
// was made knowing more of the server than the earlier one, or if the result is too large.
std::optional<std::string> merge_mutations(const std::string& earlier, const std::string& later);

}  // namespace convoy::store
