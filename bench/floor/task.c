#include <stdlib.h>
#include <string.h>

#include "floor/floor.h"

enum { FirstNumber = 9 };

static struct FloorText column_text(sqlite3_stmt* statement, int column) {
  struct FloorText text;
  text.text = (const char*)sqlite3_column_text(statement, column);
  text.length = (size_t)sqlite3_column_bytes(statement, column);
  return text;
}

static char* move_text(struct FloorText* text, char* to) {
  if (text->text == NULL) return to;
  memcpy(to, text->text, text->length + 1);  // SQLite ends its texts with a NUL.
  text->text = to;
  return to + text->length + 1;
}

struct FloorTask* floor_task_read(sqlite3_stmt* statement) {
  struct FloorText texts[FirstNumber];
  size_t size = sizeof(struct FloorTask);
  for (int i = 0; i < FirstNumber; ++i) {
    texts[i] = column_text(statement, i);
    size += texts[i].length + 1;
  }
  struct FloorTask* task = malloc(size);
  if (task == NULL) floor_check(NULL, SQLITE_NOMEM, SQLITE_OK);
  char* end = (char*)(task + 1);
  for (int i = 0; i < FirstNumber; ++i) end = move_text(&texts[i], end);
  *task = (struct FloorTask){
      .id = texts[0],
      .status_of_row = texts[1],
      .changed = texts[2],
      .milestone_id = texts[3],
      .parent_task_id = texts[4],
      .title = texts[5],
      .description = texts[6],
      .current_stage = texts[7],
      .status = texts[8],
      .created_at = sqlite3_column_double(statement, FirstNumber),
      .updated_at = sqlite3_column_double(statement, FirstNumber + 1),
      .completion_date = sqlite3_column_double(statement, FirstNumber + 2),
      .has_completion_date = sqlite3_column_type(statement, FirstNumber + 2) != SQLITE_NULL,
  };
  return task;
}

static void answer_optional(struct Answer* answer, struct FloorText text) {
  if (text.text == NULL) {
    answer_null(answer);
  } else {
    answer_text(answer, text.text, text.length);
  }
}

void floor_task_answer(const struct FloorTask* task, struct Answer* answer) {
  answer_row(answer, task->id.text, task->id.length);
  answer_optional(answer, task->milestone_id);
  answer_optional(answer, task->parent_task_id);
  answer_optional(answer, task->title);
  answer_optional(answer, task->description);
  answer_optional(answer, task->current_stage);
  answer_optional(answer, task->status);
  answer_number(answer, task->created_at);
  answer_number(answer, task->updated_at);
  if (task->has_completion_date) {
    answer_number(answer, task->completion_date);
  } else {
    answer_null(answer);
  }
}
