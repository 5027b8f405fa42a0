// auth_errors.h: what GoTrue's refusals mean. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "base/json.h"
#include "convoy/result.h"
#include "net/http.h"

namespace convoy::supabase {

enum class AuthCall { SignUp, SignIn, Refresh, SignedIn };

// The error that a reply is, or nothing if it is a success. GoTrue's error code is in `sqlstate`.
// `secret`: a password or token of the request, kept out of the message should the server quote it.
std::optional<Error> explain_auth_reply(const net::HttpReply& reply, const base::Json& body,
                                        AuthCall call, std::string_view host,
                                        std::string_view secret);

// Whether an error of a refresh means that this session will never work again.
bool ends_session(const Error& error);

Error not_signed_in();
Error session_has_ended(std::string_view email);

}  // namespace convoy::supabase
