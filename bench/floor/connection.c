#include <stdio.h>
#include <stdlib.h>

#include "floor/floor.h"
#include "harness/settings.h"

void floor_check(sqlite3* db, int code, int expected) {
  if (code == expected) return;
  fprintf(stderr, "floor: %s (%d)\n", db != NULL ? sqlite3_errmsg(db) : "no memory", code);
  exit(1);
}

void floor_execute(sqlite3* db, const char* sql) {
  floor_check(db, sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

sqlite3_stmt* floor_prepare(sqlite3* db, const char* sql) {
  sqlite3_stmt* statement = NULL;
  const int code = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  floor_check(db, code, SQLITE_OK);
  return statement;
}

sqlite3* floor_connect(const char* path) {
  sqlite3* db = NULL;
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  floor_check(db, sqlite3_open_v2(path, &db, flags, NULL), SQLITE_OK);
  sqlite3_busy_timeout(db, 10000);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  floor_execute(db,
                "pragma cell_size_check = on;"
                "pragma mmap_size = 0;"
                "pragma cache_size = -16384;"
                "pragma temp_store = memory;"
                "pragma synchronous = full;"
                "pragma fullfsync = on;"
                "pragma checkpoint_fullfsync = on;"
                "pragma journal_size_limit = 67108864;"
                "pragma wal_autocheckpoint = 4000;"
                "pragma secure_delete = fast");
  return db;
}

void floor_close(sqlite3* db) { floor_check(db, sqlite3_close(db), SQLITE_OK); }

void floor_open_full(struct FloorContender* floor) {
  floor->db = floor_connect(floor->path);
  struct FloorStatements* statements = &floor->statements;
  statements->find =
      floor_prepare(floor->db, "select " CONVOY_FLOOR_TASK_COLUMNS
                               " from tasks where \"id\" = ? and \"_status\" is not 'deleted'");
  statements->board = floor_prepare(
      floor->db, "select " CONVOY_FLOOR_TASK_COLUMNS
                 // Of the indices this one leads to few rows; without statistics
                 // SQLite would take the other.
                 " from tasks where +\"status\" = ? and \"milestone_id\" in (?, ?, ?, ?, ?)"
                 " and \"_status\" is not 'deleted'"
                 " order by \"updated_at\" desc, \"id\" limit 50");
  statements->search = floor_prepare(floor->db, "select " CONVOY_FLOOR_TASK_COLUMNS
                                                " from tasks where instr(\"description\", ?) > 0"
                                                " and \"_status\" is not 'deleted'"
                                                " order by \"updated_at\" desc, \"id\" limit 50");
  statements->count =
      floor_prepare(floor->db,
                    "select count(*) from tasks where \"status\" = ? and \"updated_at\" >= ?"
                    " and \"_status\" is not 'deleted'");
  // The rows are known to have been synced, or changed by this very statement.
  statements->rename =
      floor_prepare(floor->db,
                    "update tasks set \"title\" = ?, \"updated_at\" = ?, \"_status\" = 'updated',"
                    " \"_changed\" = 'title,updated_at' where \"id\" = ?");
}

void floor_close_full(struct FloorContender* floor) {
  if (floor->db == NULL) return;
  struct FloorStatements* statements = &floor->statements;
  sqlite3_finalize(statements->find);
  sqlite3_finalize(statements->board);
  sqlite3_finalize(statements->search);
  sqlite3_finalize(statements->count);
  sqlite3_finalize(statements->rename);
  floor_close(floor->db);
  floor->db = NULL;
}

void floor_note_settings(sqlite3* db, struct Answer* answer) {
  for (const struct Setting* setting = settings; setting->name != NULL; ++setting) {
    sqlite3_stmt* select = floor_prepare(db, setting->sql);
    while (sqlite3_step(select) == SQLITE_ROW) {
      const char* text = (const char*)sqlite3_column_text(select, 0);
      answer_note(answer, setting->name, text != NULL ? text : "null");
    }
    sqlite3_finalize(select);
  }
}
