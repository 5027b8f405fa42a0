// answer.h: what an operation found, in a form that can be compared: the first ids, a count and a
// hash of all content. peer/answer.mjs makes the same.
#ifndef CONVOY_BENCH_ANSWER_H
#define CONVOY_BENCH_ANSWER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { AnswerIdsMax = 64, AnswerIdBytes = 40, AnswerNotesMax = 64, AnswerNoteBytes = 640 };

struct Answer {
  uint64_t rows;
  uint32_t hash[2];
  size_t ids;
  char id[AnswerIdsMax][AnswerIdBytes];
  size_t notes;
  char note[AnswerNotesMax][AnswerNoteBytes];
};

void answer_start(struct Answer* answer);
// A row is its id, then its values in the order of the schema's columns.
void answer_row(struct Answer* answer, const char* id, size_t length);
void answer_null(struct Answer* answer);
void answer_number(struct Answer* answer, double number);
void answer_text(struct Answer* answer, const char* text, size_t length);
// Names separated by commas, whose order does not matter.
void answer_names(struct Answer* answer, const char* names);
// What is to be compared word by word, such as a setting or a count.
void answer_note(struct Answer* answer, const char* name, const char* value);

// As one JSON object, without a line's end.
void answer_print(const struct Answer* answer, FILE* file);
// A text as JSON has it.
void answer_print_text(const char* text, FILE* file);

#ifdef __cplusplus
}
#endif

#endif
