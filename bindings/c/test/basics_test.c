// Versions, errors, texts, quoting.
#include <string.h>

#include "check.h"
#include "fixture.h"

static void says_its_version(void) {
  CHECK(convoy_abi_version() == CONVOY_ABI_VERSION);
  CHECK(strcmp(convoy_version(), TEST_VERSION) == 0);
}

static void names_every_status(void) {
  CHECK(strcmp(convoy_status_name(CONVOY_OK), "OK") == 0);
  CHECK(strcmp(convoy_status_name(CONVOY_E_NOT_FOUND), "NotFound") == 0);
  CHECK(strcmp(convoy_status_text(CONVOY_E_NOT_FOUND), "no such record") == 0);
  CHECK(strcmp(convoy_status_name(-7), "Unknown") == 0);
  CHECK(convoy_status_is_retryable(CONVOY_E_BUSY) == 1);
  CHECK(convoy_status_is_retryable(CONVOY_E_NOT_FOUND) == 0);
  CHECK(convoy_status_is_retryable(CONVOY_OK) == 0);
  CHECK(convoy_status_is_retryable(-7) == 0);
}

static void takes_null_for_no_error_and_no_text(void) {
  CHECK(convoy_error_status(NULL) == CONVOY_OK);
  CHECK(strcmp(convoy_error_message(NULL), "") == 0);
  CHECK(strcmp(convoy_error_hint(NULL), "") == 0);
  CHECK(strcmp(convoy_text_data(NULL), "") == 0);
  CHECK(convoy_text_size(NULL) == 0);
  convoy_error_free(NULL);
  convoy_text_free(NULL);
}

static void quotes_any_text(void) {
  convoy_error* error = NULL;
  convoy_text* json = NULL;
  OK(convoy_json_quote(Z("say \"hi\"\n\xc3\xa9\\"), &json, &error));
  TEXT_IS(json, "\"say \\\"hi\\\"\\n\xc3\xa9\\\\\"");
  OK(convoy_json_quote("a\0b", 3, &json, &error));
  TEXT_IS(json, "\"a\\u0000b\"");
  OK(convoy_json_quote(NONE, &json, &error));
  TEXT_IS(json, "\"\"");
  FAILS(CONVOY_E_INVALID_TEXT, "UTF-8", convoy_json_quote(Z("\xff"), &json, &error));
  CHECK(json == NULL);
}

void test_basics(void) {
  says_its_version();
  names_every_status();
  takes_null_for_no_error_and_no_text();
  quotes_any_text();
}
