#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workload/random.h"
#include "workload/text.h"
#include "workload/workload_impl.h"

static const struct WorkloadShape shapes[WorkloadTables] = {
    [Workspaces] = {"workspaces", 4, {"name", "description", "created_at", "updated_at"}},
    [Projects] = {"projects",
                  8,
                  {"workspace_id", "name", "description", "overview", "tech_stack", "status",
                   "created_at", "updated_at"}},
    [Milestones] = {"milestones",
                    8,
                    {"project_id", "name", "description", "requirements", "status", "target_date",
                     "created_at", "updated_at"}},
    [Tasks] = {"tasks",
               9,
               {"milestone_id", "parent_task_id", "title", "description", "current_stage", "status",
                "created_at", "updated_at", "completion_date"}},
    [Activities] = {"activity_feed",
                    5,
                    {"task_id", "actor_id", "activity_type", "details", "created_at"}},
};

static const char* const project_states[] = {"ACTIVE", "PAUSED", "ARCHIVED"};
static const char* const milestone_states[] = {"PLANNED", "ACTIVE", "DONE"};
static const char* const stages[] = {"PLAN", "PLAN_REVIEW", "IMPLEMENT",
                                     "TEST", "CODE_REVIEW", "DOCUMENT"};
static const char* const activity_types[] = {"COMMENT", "STAGE_CHANGE", "CODE_COMMIT", "NOTE"};

static const double day_ms = 86400000.0;

const struct WorkloadShape* workload_shape(enum WorkloadTable table) { return &shapes[table]; }

// What a row is put together in: its texts, one after another.
struct Maker {
  struct WorkloadRow* row;
  char* texts;
  size_t used;
  struct Random random;
};

static struct WorkloadValue* next_value(struct Maker* maker) {
  return &maker->row->values[maker->row->columns++];
}

static void put_null(struct Maker* maker) {
  *next_value(maker) = (struct WorkloadValue){.kind = KindNull};
}

static void put_number(struct Maker* maker, double number) {
  *next_value(maker) = (struct WorkloadValue){.kind = KindNumber, .number = number};
}

static void put_text(struct Maker* maker, const char* text) {
  char* copy = maker->texts + maker->used;
  const size_t length = strlen(text);
  memcpy(copy, text, length + 1);
  maker->used += length + 1;
  *next_value(maker) = (struct WorkloadValue){.kind = KindText, .text = copy, .length = length};
}

static void put_id(struct Maker* maker, enum WorkloadTable table, uint32_t number) {
  char id[WorkloadIdBytes];
  workload_id(table, number, id);
  put_text(maker, id);
}

// About `length` bytes of words.
static void put_words(struct Maker* maker, uint32_t length) {
  char words[WorkloadTextMax];
  text_words(&maker->random, length, words, sizeof words);
  put_text(maker, words);
}

static bool one_in(struct Maker* maker, uint32_t count) {
  return random_below(&maker->random, count) == 0;
}

static void put_words_or_null(struct Maker* maker, uint32_t length) {
  if (one_in(maker, 4)) {
    put_null(maker);
  } else {
    put_words(maker, length);
  }
}

static void put_one_of(struct Maker* maker, const char* const* texts, size_t count) {
  put_text(maker, texts[random_below(&maker->random, (uint32_t)count)]);
}

static void put_times(struct Maker* maker, uint32_t number) {
  put_number(maker, WorkloadEpoch + number * 60000.0);
  put_number(maker, WorkloadEpoch + number * 60000.0 + random_below(&maker->random, 1U << 30));
}

static void make_workspace(struct Maker* maker, uint32_t number) {
  put_words(maker, 20);
  put_words_or_null(maker, 80);
  put_times(maker, number);
}

static void make_project(const struct Workload* workload, struct Maker* maker, uint32_t number) {
  put_id(maker, Workspaces, number % workload->counts[Workspaces]);
  put_words(maker, 24);
  put_words_or_null(maker, 120);
  put_words_or_null(maker, 400);
  put_text(maker, "{\"database\":\"postgres\",\"languages\":[\"c++\",\"typescript\"]}");
  put_one_of(maker, project_states, sizeof project_states / sizeof *project_states);
  put_times(maker, number);
}

static void make_milestone(const struct Workload* workload, struct Maker* maker, uint32_t number) {
  put_id(maker, Projects, number % workload->counts[Projects]);
  put_words(maker, 30);
  put_words_or_null(maker, 150);
  put_words_or_null(maker, 300);
  put_one_of(maker, milestone_states, sizeof milestone_states / sizeof *milestone_states);
  if (one_in(maker, 3)) {
    put_null(maker);
  } else {
    put_number(maker, WorkloadEpoch + day_ms * random_below(&maker->random, 365));
  }
  put_times(maker, number);
}

static void make_task(const struct Workload* workload, struct Maker* maker, uint32_t number) {
  put_id(maker, Milestones, random_below(&maker->random, workload->counts[Milestones]));
  if (number > 0 && one_in(maker, 5)) {
    put_id(maker, Tasks, random_below(&maker->random, number));
  } else {
    put_null(maker);
  }
  put_words(maker, 40);
  char description[WorkloadTextMax];
  text_description(&maker->random, description, sizeof description);
  put_text(maker, description);
  put_one_of(maker, stages, sizeof stages / sizeof *stages);
  const char* status = workload_states[random_below(&maker->random, WorkloadStates)];
  put_text(maker, status);
  const double updated_at = workload_updated_at(workload, number);
  put_number(maker, updated_at - day_ms * random_below(&maker->random, 90));
  put_number(maker, updated_at);
  if (strcmp(status, "DONE") == 0) {
    put_number(maker, updated_at);
  } else {
    put_null(maker);
  }
}

static void make_activity(const struct Workload* workload, struct Maker* maker, uint32_t number) {
  put_id(maker, Tasks, random_below(&maker->random, workload->counts[Tasks]));
  if (one_in(maker, 8)) {
    put_null(maker);
  } else {
    put_words(maker, 10);
  }
  put_one_of(maker, activity_types, sizeof activity_types / sizeof *activity_types);
  char words[WorkloadTextMax];
  text_words(&maker->random, 60, words, sizeof words);
  char details[WorkloadTextMax + 32];
  snprintf(details, sizeof details, "{\"text\":\"%s\"}", words);
  put_text(maker, details);
  put_number(maker, WorkloadEpoch + number * 1000.0);
}

size_t make_row(const struct Workload* workload, enum WorkloadTable table, uint32_t number,
                struct WorkloadRow* row, char* texts) {
  struct Maker maker = {.row = row, .texts = texts, .random = random_stream(table, number)};
  row->columns = 0;
  workload_id(table, number, row->id);
  switch (table) {
    case Workspaces:
      make_workspace(&maker, number);
      break;
    case Projects:
      make_project(workload, &maker, number);
      break;
    case Milestones:
      make_milestone(workload, &maker, number);
      break;
    case Tasks:
      make_task(workload, &maker, number);
      break;
    case Activities:
      make_activity(workload, &maker, number);
      break;
  }
  return maker.used;
}
