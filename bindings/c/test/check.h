// check.h: what the tests of the C interface are made of. A check that fails ends the program.
#ifndef CONVOY_TEST_CHECK_H
#define CONVOY_TEST_CHECK_H

#include <convoy.h>

// A literal or other C string as a text argument.
#define Z(text) (text), CONVOY_CSTR
// No text.
#define NONE NULL, 0

#define CHECK(condition) \
  ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition, "is false"))

// All of these expect a variable `error`, whose address the call is given.
#define OK(call) check_ok((call), &error, __FILE__, __LINE__, #call)
// The call fails with this status, and says `part` in its message or hint.
#define FAILS(status, part, call) \
  check_fails((call), (status), (part), &error, __FILE__, __LINE__, #call)

// The text is this; frees it and empties the variable.
#define TEXT_IS(text, expected) check_text(&(text), (expected), __FILE__, __LINE__)
// The text has this in it; frees it and empties the variable.
#define TEXT_HAS(text, part) check_text_has(&(text), (part), __FILE__, __LINE__)

void check_failed(const char* file, int line, const char* what, const char* why);
void check_ok(convoy_status status, convoy_error** error, const char* file, int line,
              const char* call);
void check_fails(convoy_status status, convoy_status expected, const char* part,
                 convoy_error** error, const char* file, int line, const char* call);
void check_text(convoy_text** text, const char* expected, const char* file, int line);
void check_text_has(convoy_text** text, const char* part, const char* file, int line);

#endif  // CONVOY_TEST_CHECK_H
