// call.h: what every function of convoy.h does around its own work: it checks what it was given,
// and hands out results and errors.
#pragma once

#include <convoy.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/c/handles.h"
#include "convoy/database.h"
#include "convoy/query.h"
#include "convoy/result.h"

namespace convoy::c {

// One call. Places for results are emptied first, so that they are written whatever happens.
class Call {
 public:
  explicit Call(convoy_error** error) : error_(error) {
    if (error_ != nullptr) *error_ = nullptr;
  }

  // A place that must be there.
  template <class T>
  Call& result(T* place, std::string_view name) {
    optional_result(place);
    return argument(place, name);
  }

  // One that may be null.
  template <class T>
  Call& optional_result(T* place) {
    if (place != nullptr) *place = T{};
    return *this;
  }

  // A handle or function that must be there.
  template <class T>
  Call& argument(T* pointer, std::string_view name) {
    if (pointer == nullptr) fail(missing(name));
    return *this;
  }

  Call& reader(const convoy_reader* reader) {
    argument(reader, "reader");
    if (reader != nullptr) noted_ = reader->failure;
    return *this;
  }

  Call& writer(const convoy_writer* writer) {
    argument(writer, "writer");
    if (writer != nullptr) noted_ = writer->reader.failure;
    return *this;
  }

  // Does the work, a function that gives a Status, unless something was wrong already.
  template <class Work>
  convoy_status run(const Work& work) {
    if (!failure_) {
      auto status = work();
      if (!status.ok()) fail(std::move(status).error());
    }
    return finish();
  }

 private:
  static Error missing(std::string_view name);
  void fail(Error error);
  convoy_status finish();

  convoy_error** error_;
  std::optional<Error>* noted_ = nullptr;
  std::optional<Error> failure_;
};

// A text argument. Errors: InvalidArgument, InvalidText, naming `what`.
Result<std::string_view> text_argument(const char* data, std::size_t size, std::string_view what);
// The same for text that may hold NUL characters.
Result<std::string_view> bytes_argument(const char* data, std::size_t size, std::string_view what);

Result<Query> query_argument(const char* data, std::size_t size);

struct Select {
  std::string_view sql;
  std::vector<Value> args;
};

Result<Select> select_argument(const char* sql, std::size_t sql_size, const char* args,
                               std::size_t args_size);

// Hands a text out.
convoy_text* new_text(std::string bytes);

// What a function given to convoy_read or convoy_write ended it with. `noted` is the last error of
// what it called.
Status verdict(convoy_status status, const std::optional<Error>& noted);

}  // namespace convoy::c
