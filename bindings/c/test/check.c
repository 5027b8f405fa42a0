#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void check_failed(const char* file, int line, const char* what, const char* why) {
  fprintf(stderr, "%s:%d: %s: %s\n", file, line, what, why);
  exit(1);
}

void check_ok(convoy_status status, convoy_error** error, const char* file, int line,
              const char* call) {
  if (status != CONVOY_OK) {
    const char* message = convoy_error_message(*error);
    check_failed(file, line, call, *message == '\0' ? convoy_status_name(status) : message);
  }
  if (*error != NULL) check_failed(file, line, call, "gave an error beside CONVOY_OK");
}

void check_fails(convoy_status status, convoy_status expected, const char* part,
                 convoy_error** error, const char* file, int line, const char* call) {
  if (status != expected) {
    fprintf(stderr, "expected %s, not %s: %s\n", convoy_status_name(expected),
            convoy_status_name(status), convoy_error_message(*error));
    check_failed(file, line, call, "fails otherwise");
  }
  if (convoy_error_status(*error) != status) check_failed(file, line, call, "has another error");
  if (strstr(convoy_error_message(*error), part) == NULL &&
      strstr(convoy_error_hint(*error), part) == NULL) {
    fprintf(stderr, "expected \"%s\" in: %s\n", part, convoy_error_message(*error));
    check_failed(file, line, call, "says something else");
  }
  convoy_error_free(*error);
  *error = NULL;
}

static void end_text(convoy_text** text) {
  convoy_text_free(*text);
  *text = NULL;
}

void check_text(convoy_text** text, const char* expected, const char* file, int line) {
  const char* data = convoy_text_data(*text);
  if (*text == NULL) check_failed(file, line, expected, "there is no text");
  if (strlen(data) != convoy_text_size(*text)) check_failed(file, line, data, "has another size");
  if (strcmp(data, expected) != 0) check_failed(file, line, expected, data);
  end_text(text);
}

void check_text_has(convoy_text** text, const char* part, const char* file, int line) {
  if (strstr(convoy_text_data(*text), part) == NULL) {
    check_failed(file, line, part, convoy_text_data(*text));
  }
  end_text(text);
}
