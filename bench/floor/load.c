#include <stdio.h>
#include <string.h>

#include "floor/floor.h"

static sqlite3* create(const char* path) {
  remove_database(path);
  sqlite3* db = floor_connect(path);
  floor_execute(db, "pragma journal_mode = wal");
  floor_execute(db, "begin immediate");
  floor_execute(db, floor_layout_sql);
  floor_execute(db, "commit");
  return db;
}

static sqlite3_stmt* prepare_insert(sqlite3* db, const struct WorkloadShape* shape) {
  char names[512] = "\"id\", \"_status\", \"_changed\"";
  char marks[128] = "?, 'synced', ''";
  for (size_t i = 0; i < shape->columns; ++i) {
    const size_t used = strlen(names);
    const size_t marks_used = strlen(marks);
    snprintf(names + used, sizeof names - used, ", \"%s\"", shape->column_names[i]);
    snprintf(marks + marks_used, sizeof marks - marks_used, ", ?");
  }
  char sql[768];
  snprintf(sql, sizeof sql, "insert into \"%s\" (%s) values (%s)", shape->name, names, marks);
  return floor_prepare(db, sql);
}

static int bind(sqlite3_stmt* insert, int index, const struct WorkloadValue* value) {
  switch (value->kind) {
    case KindNull:
      return sqlite3_bind_null(insert, index);
    case KindNumber:
      return sqlite3_bind_double(insert, index, value->number);
    case KindText:
      return sqlite3_bind_text(insert, index, value->text, (int)value->length, SQLITE_STATIC);
  }
  return SQLITE_MISUSE;
}

static uint32_t insert_table(sqlite3* db, struct Workload* workload, enum WorkloadTable table) {
  sqlite3_stmt* insert = prepare_insert(db, workload_shape(table));
  const uint32_t count = workload_count(workload, table);
  for (uint32_t number = 0; number < count; ++number) {
    const struct WorkloadRow* row = workload_row(workload, table, number);
    int code = sqlite3_bind_text(insert, 1, row->id, WorkloadIdBytes - 1, SQLITE_STATIC);
    for (size_t i = 0; i < row->columns && code == SQLITE_OK; ++i) {
      code = bind(insert, (int)i + 2, &row->values[i]);
    }
    floor_check(db, code, SQLITE_OK);
    floor_check(db, sqlite3_step(insert), SQLITE_DONE);
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  return count;
}

static void insert_all(sqlite3* db, struct Workload* workload, struct Run* run) {
  run_go(run);
  floor_execute(db, "begin immediate");
  for (int table = 0; table < WorkloadTables; ++table) {
    run->rows += insert_table(db, workload, (enum WorkloadTable)table);
  }
  floor_execute(db, "commit");
  run_stop(run);
}

void floor_fill(void* self, struct Run* run) {
  struct FloorContender* floor = self;
  floor_close_full(floor);
  sqlite3* db = create(floor->path);
  insert_all(db, floor->workload, run);
  floor_close(db);
  floor_open_full(floor);
  if (run->answer != NULL) floor_note_settings(floor->db, run->answer);
}

void floor_open(void* self, struct Run* run) {
  (void)run;
  floor_close_full(self);
  floor_open_full(self);
}

void floor_load(void* self, struct Run* run) {
  struct FloorContender* floor = self;
  sqlite3* db = create(floor->load_path);
  insert_all(db, floor->workload, run);
  floor_close(db);
  remove_database(floor->load_path);
}

static void answer_column(sqlite3_stmt* select, int column, struct Answer* answer) {
  switch (sqlite3_column_type(select, column)) {
    case SQLITE_NULL:
      answer_null(answer);
      return;
    case SQLITE_FLOAT:
    case SQLITE_INTEGER:
      answer_number(answer, sqlite3_column_double(select, column));
      return;
    default:
      answer_text(answer, (const char*)sqlite3_column_text(select, column),
                  (size_t)sqlite3_column_bytes(select, column));
  }
}

static void answer_table(sqlite3* db, const struct WorkloadShape* shape, struct Run* run) {
  char sql[128];
  snprintf(sql, sizeof sql, "select * from \"%s\" order by \"id\"", shape->name);
  sqlite3_stmt* select = floor_prepare(db, sql);
  int code = sqlite3_step(select);
  for (; code == SQLITE_ROW; code = sqlite3_step(select)) {
    ++run->rows;
    answer_row(run->answer, (const char*)sqlite3_column_text(select, 0),
               (size_t)sqlite3_column_bytes(select, 0));
    answer_names(run->answer, (const char*)sqlite3_column_text(select, 1));
    for (int i = 2; i < sqlite3_column_count(select); ++i) answer_column(select, i, run->answer);
  }
  floor_check(db, code, SQLITE_DONE);
  sqlite3_finalize(select);
}

void floor_state(void* self, struct Run* run) {
  const struct FloorContender* floor = self;
  if (run->answer == NULL) return;
  for (int table = 0; table < WorkloadTables; ++table) {
    answer_table(floor->db, workload_shape((enum WorkloadTable)table), run);
  }
}
