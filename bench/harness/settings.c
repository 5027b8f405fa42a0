#include "harness/settings.h"

#include <stddef.h>

const struct Setting settings[] = {
    {"sqlite", "select sqlite_version()"},
    {"auto_vacuum", "pragma auto_vacuum"},
    {"cache_size", "pragma cache_size"},
    {"cell_size_check", "pragma cell_size_check"},
    {"checkpoint_fullfsync", "pragma checkpoint_fullfsync"},
    {"encoding", "pragma encoding"},
    {"foreign_keys", "pragma foreign_keys"},
    {"fullfsync", "pragma fullfsync"},
    {"journal_mode", "pragma journal_mode"},
    {"journal_size_limit", "pragma journal_size_limit"},
    {"locking_mode", "pragma locking_mode"},
    {"mmap_size", "pragma mmap_size"},
    {"page_size", "pragma page_size"},
    {"secure_delete", "pragma secure_delete"},
    {"synchronous", "pragma synchronous"},
    {"temp_store", "pragma temp_store"},
    {"trusted_schema", "pragma trusted_schema"},
    {"user_version", "pragma user_version"},
    {"wal_autocheckpoint", "pragma wal_autocheckpoint"},
    // The tables of the user; not those that SQLite and a library keep for themselves.
    {"layout",
     "select sql from sqlite_schema where sql is not null and name not glob 'convoy_*'"
     " and name not glob 'sqlite_*' order by name"},
    {NULL, NULL},
};
