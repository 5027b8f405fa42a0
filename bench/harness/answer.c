#include "harness/answer.h"

#include <stdlib.h>
#include <string.h>

void answer_start(struct Answer* answer) {
  memset(answer, 0, sizeof *answer);
  answer->hash[0] = 0x811c9dc5U;
  answer->hash[1] = 0x9747b28cU;
}

// FNV-1a in two lanes that begin differently and multiply differently.
static void add(struct Answer* answer, const void* data, size_t length) {
  const unsigned char* bytes = data;
  uint32_t a = answer->hash[0];
  uint32_t b = answer->hash[1];
  for (size_t i = 0; i < length; ++i) {
    a = (a ^ bytes[i]) * 0x01000193U;
    b = (b ^ bytes[i]) * 0x85ebca6bU;
    b ^= b >> 13;
  }
  answer->hash[0] = a;
  answer->hash[1] = b;
}

static void add_tagged(struct Answer* answer, char tag, const void* data, size_t length) {
  const uint32_t size = (uint32_t)length;
  const unsigned char head[5] = {(unsigned char)tag, (unsigned char)size,
                                 (unsigned char)(size >> 8), (unsigned char)(size >> 16),
                                 (unsigned char)(size >> 24)};
  add(answer, head, sizeof head);
  add(answer, data, length);
}

void answer_row(struct Answer* answer, const char* id, size_t length) {
  ++answer->rows;
  if (answer->ids < AnswerIdsMax && length < AnswerIdBytes) {
    memcpy(answer->id[answer->ids++], id, length);
  }
  add_tagged(answer, 'r', id, length);
}

void answer_null(struct Answer* answer) { add_tagged(answer, 'n', "", 0); }

void answer_number(struct Answer* answer, double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  unsigned char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = (unsigned char)(bits >> (8 * i));
  add_tagged(answer, 'd', bytes, sizeof bytes);
}

void answer_text(struct Answer* answer, const char* text, size_t length) {
  add_tagged(answer, 't', text, length);
}

static int compare_names(const void* left, const void* right) {
  return strcmp(*(const char* const*)left, *(const char* const*)right);
}

void answer_names(struct Answer* answer, const char* names) {
  enum { NamesMax = 16 };

  char copy[256];
  snprintf(copy, sizeof copy, "%s", names);
  char* sorted[NamesMax];
  size_t count = 0;
  char* rest = NULL;
  for (char* name = strtok_r(copy, ",", &rest); name != NULL && count < NamesMax;
       name = strtok_r(NULL, ",", &rest)) {
    sorted[count++] = name;
  }
  qsort((void*)sorted, count, sizeof *sorted, compare_names);
  for (size_t i = 0; i < count; ++i) add_tagged(answer, 'c', sorted[i], strlen(sorted[i]));
  answer_null(answer);
}

void answer_note(struct Answer* answer, const char* name, const char* value) {
  if (answer->notes == AnswerNotesMax) {
    fputs("too many notes in an answer\n", stderr);
    exit(1);
  }
  snprintf(answer->note[answer->notes++], AnswerNoteBytes, "%s: %s", name, value);
}

void answer_print_text(const char* text, FILE* file) {
  putc('"', file);
  for (; *text != '\0'; ++text) {
    if (*text == '"' || *text == '\\') putc('\\', file);
    if ((unsigned char)*text >= 0x20) putc(*text, file);
  }
  putc('"', file);
}

void answer_print(const struct Answer* answer, FILE* file) {
  fprintf(file, "{\"rows\":%llu,\"hash\":\"%08x%08x\",\"ids\":[", (unsigned long long)answer->rows,
          answer->hash[0], answer->hash[1]);
  for (size_t i = 0; i < answer->ids; ++i) {
    if (i > 0) putc(',', file);
    answer_print_text(answer->id[i], file);
  }
  fputs("],\"notes\":[", file);
  for (size_t i = 0; i < answer->notes; ++i) {
    if (i > 0) putc(',', file);
    answer_print_text(answer->note[i], file);
  }
  fputs("]}", file);
}
