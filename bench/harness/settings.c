#include "harness/settings.h"

#include <stddef.h>

const char* const settings_queries[] = {
    "select sqlite_version()",
    "pragma auto_vacuum",
    "pragma cache_size",
    "pragma cell_size_check",
    "pragma checkpoint_fullfsync",
    "pragma encoding",
    "pragma foreign_keys",
    "pragma fullfsync",
    "pragma journal_mode",
    "pragma journal_size_limit",
    "pragma locking_mode",
    "pragma mmap_size",
    "pragma page_size",
    "pragma secure_delete",
    "pragma synchronous",
    "pragma temp_store",
    "pragma trusted_schema",
    "pragma user_version",
    "pragma wal_autocheckpoint",
    // The tables of the user; not those that SQLite and a library keep for themselves.
    ("select sql from sqlite_schema where sql is not null and name not glob 'convoy_*'"
     " and name not glob 'sqlite_*' order by name"),
    NULL,
};
