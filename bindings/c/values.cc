// Versions, errors, texts and executors: what stands by itself.
#include <memory>
#include <string_view>

#include "base/json.h"
#include "bindings/c/call.h"

using convoy::Status;
using convoy::c::Call;

namespace {

// Convoy's names end where the literals do.
const char* terminated(std::string_view literal) { return literal.data(); }

void run_work(void* argument) {
  const std::unique_ptr<std::function<void()>> work(static_cast<std::function<void()>*>(argument));
  (*work)();
}

}  // namespace

void convoy_executor::post(std::function<void()> work) {
  post_(run_work, new std::function<void()>(std::move(work)), user_);
}

int32_t convoy_abi_version(void) { return CONVOY_ABI_VERSION; }

const char* convoy_version(void) { return CONVOY_VERSION; }

const char* convoy_status_name(convoy_status status) {
  if (status == CONVOY_OK) return "OK";
  return terminated(to_string(static_cast<convoy::ErrorCode>(status)));
}

const char* convoy_status_text(convoy_status status) {
  if (status == CONVOY_OK) return "no error";
  return terminated(describe(static_cast<convoy::ErrorCode>(status)));
}

int32_t convoy_status_is_retryable(convoy_status status) {
  return is_retryable(static_cast<convoy::ErrorCode>(status)) ? 1 : 0;
}

convoy_status convoy_error_status(const convoy_error* error) {
  return error == nullptr ? CONVOY_OK : static_cast<convoy_status>(error->error.code);
}

const char* convoy_error_message(const convoy_error* error) {
  return error == nullptr ? "" : error->error.message.c_str();
}

const char* convoy_error_hint(const convoy_error* error) {
  return error == nullptr ? "" : error->error.hint.c_str();
}

void convoy_error_free(convoy_error* error) { delete error; }

const char* convoy_text_data(const convoy_text* text) {
  return text == nullptr ? "" : text->bytes.c_str();
}

size_t convoy_text_size(const convoy_text* text) {
  return text == nullptr ? 0 : text->bytes.size();
}

void convoy_text_free(convoy_text* text) { delete text; }

convoy_status convoy_json_quote(const char* text, size_t text_size, convoy_text** json,
                                convoy_error** error) {
  return Call(error).result(json, "the place for the text").run([&]() -> Status {
    CONVOY_TRY(const auto bytes, convoy::c::bytes_argument(text, text_size, "the text"));
    std::string quoted;
    convoy::base::append_json_string(quoted, bytes);
    *json = convoy::c::new_text(std::move(quoted));
    return convoy::ok_status();
  });
}

convoy_status convoy_executor_create(convoy_post post, void* user, convoy_executor** executor,
                                     convoy_error** error) {
  return Call(error)
      .result(executor, "the place for the executor")
      .argument(post, "the function to post to")
      .run([&]() -> Status {
        *executor = new convoy_executor(post, user);
        return convoy::ok_status();
      });
}

void convoy_executor_free(convoy_executor* executor) { delete executor; }
