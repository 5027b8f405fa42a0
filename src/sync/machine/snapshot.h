// snapshot.h: what a Postgres snapshot has seen. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace convoy::sync::machine {

// Whether the effects of the transaction `xid` (decimal digits, xid8) are in `snapshot`
// (`xmin:xmax:xip,…`), as pg_visible_in_snapshot() says for a transaction that has committed.
// Nothing if either text is not what it should be.
std::optional<bool> is_visible(std::string_view xid, std::string_view snapshot);

}  // namespace convoy::sync::machine
