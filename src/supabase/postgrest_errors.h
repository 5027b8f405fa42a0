// postgrest_errors.h: what PostgREST's refusals mean. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "base/json.h"
#include "convoy/result.h"
#include "net/http.h"

namespace convoy::supabase {

// The error that a reply is, or nothing if it is a success. Decides by the `code` of the body, by
// the HTTP status only where there is none. `is_signed_in`: whether an access token was sent.
std::optional<Error> explain_rest_reply(const net::HttpReply& reply, const base::Json& body,
                                        std::string_view function, std::string_view host,
                                        bool is_signed_in);

// Whether another access token may help.
bool is_about_access_token(const Error& error);

}  // namespace convoy::supabase
