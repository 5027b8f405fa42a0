// reply.h: what any of a project's services may answer, and answers that are not from them at all.
// Pure.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json.h"
#include "convoy/result.h"
#include "net/http.h"

namespace convoy::supabase {

inline constexpr std::size_t kServerTextBytesMax = 1000;

// Text of the server's, fit for a message: one line, no control characters, not endless,
// well-formed UTF-8, and without `secrets` and without anything that looks like a JWT.
std::string server_text(std::string_view text,
                        std::initializer_list<std::string_view> secrets = {});

// The member `name` of an object if it is text, else "".
std::string text_of(const base::Json& object, std::string_view name);

// The body of a reply, whatever its status; null if it is empty.
// Errors: ServerError (5xx without JSON: a gateway speaks for a server that does not), BadReply (a
// web page, a redirect, broken JSON). `host` names the server in messages.
Result<base::Json> read_body(const net::HttpReply& reply, std::string_view host);

// What all services have in common: the gateway's refusal of the API key, 402, 407, 408, 429, and
// 5xx and 404 that come from no service. Returns whether it is one of these, with `error` filled.
bool explain_gateway(const net::HttpReply& reply, const base::Json& body, std::string_view host,
                     Error& error);

}  // namespace convoy::supabase
