#include "workload/text.h"

#include <string.h>

#include "workload/random.h"

static const char* const common[] = {
    "the",       "of",      "sync",      "when",    "offline", "device",  "user",   "page",
    "server",    "cursor",  "write",     "read",    "table",   "column",  "index",  "before",
    "after",     "every",   "conflict",  "merge",   "change",  "pending", "commit", "request",
    "reply",     "network", "workspace", "project", "member",  "policy",  "naïve",  "café",
    "should",    "must",    "never",     "always",  "while",   "until",   "again",  "first",
    "last",      "small",   "large",     "new",     "old",     "time",    "state",  "store",
    "query",     "result",  "record",    "field",   "screen",  "button",  "list",   "board",
    "Übersicht", "test",    "build",     "release", "plan",    "review",  "note",   "task",
};

static const char* const rare[] = {
    "rollback",  "telemetry",  "onboarding", "pagination", "throttle",    "checksum",  "lexer",
    "webhook",   "idempotent", "keyboard",   "invoice",    "timezone",    "migration", "shortcut",
    "clipboard", "attachment", "emoji",      "avatar",     "firewall",    "quota",     "snapshot",
    "tombstone", "vacuum",     "websocket",  "backup",     "certificate", "deadlock",  "fixture",
    "gateway",   "histogram",  "locale",     "mutex",
};

enum { CommonWords = sizeof common / sizeof *common, RareWords = sizeof rare / sizeof *rare };

const char* text_rare_word(uint32_t number) { return rare[number % RareWords]; }

static size_t append(char* text, size_t used, size_t capacity, const char* word) {
  const size_t length = strlen(word);
  if (used + length + 2 > capacity) return used;
  if (used > 0) text[used++] = ' ';
  memcpy(text + used, word, length + 1);
  return used + length;
}

void text_words(struct Random* random, uint32_t length, char* text, size_t capacity) {
  size_t used = 0;
  while (used < length) {
    used = append(text, used, capacity, common[random_below(random, CommonWords)]);
  }
}

void text_description(struct Random* random, char* text, size_t capacity) {
  const uint32_t length = 170 + random_below(random, 50);
  text_words(random, length, text, capacity);
  if (random_below(random, 8) == 0) {
    append(text, strlen(text), capacity, text_rare_word(random_next(random)));
  }
}
