// text.h: words to fill columns with. Some are not ASCII.
#ifndef CONVOY_BENCH_TEXT_H
#define CONVOY_BENCH_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct Random;

// Words separated by blanks, until they are `length` bytes or a little more.
void text_words(struct Random* random, uint32_t length, char* text, size_t capacity);

// Between 170 and 230 bytes; one in eight holds a rare word.
void text_description(struct Random* random, char* text, size_t capacity);

const char* text_rare_word(uint32_t number);

#endif
