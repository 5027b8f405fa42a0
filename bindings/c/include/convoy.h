// convoy.h: Convoy's local database for C, and for whatever can call C.
//
// A tour with a complete program: docs/reference/c-api.md. The JSON forms: docs/reference/json.md.
//
// What holds for every function here, unless it says otherwise:
//
// Text goes in as a pointer and its size in bytes, UTF-8 without NUL characters, and is copied
// before the function returns; CONVOY_CSTR instead of the size means that it ends with a NUL.
// Null with size 0 is no text.
//
// Text comes out as a convoy_text, which the caller frees.
//
// A function that can fail returns CONVOY_OK or the number of an error (convoy_errors.h). Its last
// argument is a place for the whole error, which the caller frees, or null if the number is enough.
// Places for results, the error's as well, are written in any case: with null or 0 if there is
// nothing to put there. A place, and every handle, must not be null where nothing says it may be:
// CONVOY_E_INVALID_ARGUMENT. So are sizes that can't be, and JSON that is broken or has members
// that nothing reads; text that is not UTF-8 is CONVOY_E_INVALID_TEXT. Functions that free accept
// null. What fails leaves everything as it was.
//
// Handles are used only as long as their comment says; after that the behaviour is undefined.
//
// Thread-safety: databases, subscriptions and executors are thread-safe; all other handles belong
// to one thread at a time. No function here needs threads to be there.
//
// Nothing is thrown. Callbacks must not throw either, nor jump out. If memory runs out, the program
// ends.
#ifndef CONVOY_H
#define CONVOY_H

#include <stddef.h>
#include <stdint.h>

#include "convoy_errors.h"

#if defined(__GNUC__)
#define CONVOY_API __attribute__((visibility("default")))
#else
#define CONVOY_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// The size of a text that ends with a NUL.
#define CONVOY_CSTR SIZE_MAX

// Versions

// Raised when a program that was compiled with an older header must be compiled anew.
#define CONVOY_ABI_VERSION 1

// The library's own CONVOY_ABI_VERSION. A program that loads the library by itself compares.
CONVOY_API int32_t convoy_abi_version(void);

// The library's version, such as "0.1.0". Lives forever.
CONVOY_API const char* convoy_version(void);

// Errors and texts

// "NotFound". Lives forever; "OK" for CONVOY_OK, "Unknown" for a number that is none of Convoy's.
CONVOY_API const char* convoy_status_name(convoy_status status);

// What it means, as half a sentence: "no such record". Lives forever.
CONVOY_API const char* convoy_status_text(convoy_status status);

// 1 if the same call may succeed later without anybody doing anything, else 0.
CONVOY_API int32_t convoy_status_is_retryable(convoy_status status);

// What happened, to which thing, and what to do next.
typedef struct convoy_error convoy_error;

// The number that the function returned; CONVOY_OK for null.
CONVOY_API convoy_status convoy_error_status(const convoy_error* error);

// One sentence for a person, naming the table, column or record. Ends with a NUL, lives as long as
// the error; "" for null.
CONVOY_API const char* convoy_error_message(const convoy_error* error);

// What to do next; "" if there is nothing to say. Otherwise as the message.
CONVOY_API const char* convoy_error_hint(const convoy_error* error);

CONVOY_API void convoy_error_free(convoy_error* error);

// Bytes that the caller owns.
typedef struct convoy_text convoy_text;

// The bytes, and a NUL behind them. They live as long as the text; "" for null.
CONVOY_API const char* convoy_text_data(const convoy_text* text);

// How many bytes, without the NUL; 0 for null.
CONVOY_API size_t convoy_text_size(const convoy_text* text);

CONVOY_API void convoy_text_free(convoy_text* text);

// Any UTF-8 text, NUL characters included, as a JSON string with its quotes: what belongs between
// the parts of a query or of fields that a program puts together. Never put text there without.
CONVOY_API convoy_status convoy_json_quote(const char* text, size_t text_size, convoy_text** json,
                                           convoy_error** error);

// Executors: where Convoy may run something later

typedef struct convoy_executor convoy_executor;

// Must see to it that work(argument) is called once, from any thread, later or at once; what one
// thread posts runs one after another, in its order. Called from any thread. Work that is left over
// when the program ends may be forgotten; otherwise that leaks.
typedef void (*convoy_post)(void (*work)(void* argument), void* argument, void* user);

// An executor that calls `post`, with `user`. Freed after whatever was told to use it.
CONVOY_API convoy_status convoy_executor_create(convoy_post post, void* user,
                                                convoy_executor** executor, convoy_error** error);

CONVOY_API void convoy_executor_free(convoy_executor* executor);

// Databases

typedef struct convoy_database convoy_database;

// Opens a file, or creates it, and brings it to the schema's version.
//
// `schema` is JSON with the tables and the migrations from older versions:
// docs/reference/schema.md. `options` is a JSON object with the members
//   "path"     where the file is; ":memory:" for a private database that ends with the handle
//   "project"  the project this file belongs to, and
//   "user"     whose data it holds: set when the file is created, compared ever after; without
//              them nothing is compared
// `background` is where live queries are worked out; null: on a thread of the database's own, where
// there are threads. It must outlive the database.
//
// The database lives until it is closed. Several databases, of several processes too, may have one
// file open. Errors: CONVOY_E_INVALID_SCHEMA, CONVOY_E_NOT_A_DATABASE, CONVOY_E_WRONG_DATABASE,
// CONVOY_E_NEWER_DATABASE, CONVOY_E_MIGRATION_MISSING, CONVOY_E_CORRUPT, CONVOY_E_BUSY,
// CONVOY_E_DISK_FULL, CONVOY_E_READ_ONLY, CONVOY_E_IO. The file is left as it was.
CONVOY_API convoy_status convoy_database_open(const char* schema, size_t schema_size,
                                              const char* options, size_t options_size,
                                              convoy_executor* background,
                                              convoy_database** database, convoy_error** error);

// Waits for callbacks of live queries that run, and must not be called in one, nor in a read or
// write. What is on disk stays; nothing waits to be written. Readers of the database end with it;
// texts, rows, fields, errors and subscriptions may outlive it.
CONVOY_API void convoy_database_close(convoy_database* database);

// A new id as the table's records have them, for a record that others in a batch refer to.
CONVOY_API convoy_status convoy_new_id(convoy_database* database, const char* table,
                                       size_t table_size, convoy_text** id, convoy_error** error);

// Reading
//
// Deleted records are no records. Errors of all: CONVOY_E_UNKNOWN_TABLE, CONVOY_E_UNKNOWN_COLUMN,
// CONVOY_E_INVALID_QUERY; CONVOY_E_CORRUPT, CONVOY_E_IO; CONVOY_E_INVALID_STATE if a database's own
// reader is used inside of a write to it by the same thread.

typedef struct convoy_reader convoy_reader;

// The database's own reader, each call on the state of its moment. Thread-safe; borrowed, lives as
// long as the database. Null for null.
CONVOY_API convoy_reader* convoy_database_reader(convoy_database* database);

// {"id": …, "_status": …, "_changed": …, "title": …}, or null if there is no such record: that is
// no error.
CONVOY_API convoy_status convoy_find(convoy_reader* reader, const char* table, size_t table_size,
                                     const char* id, size_t id_size, convoy_text** record,
                                     convoy_error** error);

// The records of a query, [{…}, …]. A query is JSON: docs/reference/queries.md.
//   {"from": "tasks", "where": [["status", "eq", "TODO"]], "order": [["updated_at", "desc"]],
//    "take": 50}
CONVOY_API convoy_status convoy_fetch(convoy_reader* reader, const char* query, size_t query_size,
                                      convoy_text** records, convoy_error** error);

// Their ids only, ["…", …].
CONVOY_API convoy_status convoy_fetch_ids(convoy_reader* reader, const char* query,
                                          size_t query_size, convoy_text** ids,
                                          convoy_error** error);

// How many there are.
CONVOY_API convoy_status convoy_count(convoy_reader* reader, const char* query, size_t query_size,
                                      int64_t* count, convoy_error** error);

// Any select of SQLite's, with `?` for the arguments, a JSON array (none: null and 0).
// {"columns": ["status", "n"], "rows": [["TODO", 3], …]}. Integers come as numbers (exact up to
// 2^53), blobs as null; deleted records are rows with "_status" 'deleted'. Errors: also
// CONVOY_E_INVALID_QUERY if it would write.
CONVOY_API convoy_status convoy_select(convoy_reader* reader, const char* sql, size_t sql_size,
                                       const char* args, size_t args_size, convoy_text** rows,
                                       convoy_error** error);

// How a query is carried out: {"sql": …, "args": […], "plan": ["SEARCH …"], "tables": […],
// "maintained": true}.
CONVOY_API convoy_status convoy_explain(convoy_reader* reader, const char* query, size_t query_size,
                                        convoy_text** explanation, convoy_error** error);

// For each of the ids, a JSON array, the record that `column` of that record of `table` refers to,
// or null: [{…}, null, …]. Few queries, however many ids.
CONVOY_API convoy_status convoy_parents(convoy_reader* reader, const char* table, size_t table_size,
                                        const char* ids, size_t ids_size, const char* column,
                                        size_t column_size, convoy_text** records,
                                        convoy_error** error);

// For each of the ids of records of `table`, a JSON array, those records of `child_table` whose
// `column` refers to it, by id: [[{…}, …], [], …]. No column: the only one that refers to `table`.
CONVOY_API convoy_status convoy_children(convoy_reader* reader, const char* table,
                                         size_t table_size, const char* ids, size_t ids_size,
                                         const char* child_table, size_t child_table_size,
                                         const char* column, size_t column_size,
                                         convoy_text** records, convoy_error** error);

// Rows: results without JSON

// Rows that have been read, and a place among them, at first before the first row. Nothing of the
// database is held on to. Lives until it is freed, and so does every text in it.
typedef struct convoy_rows convoy_rows;

// What a value is.
typedef int32_t convoy_type;

enum { CONVOY_NULL = 0, CONVOY_BOOLEAN = 1, CONVOY_NUMBER = 2, CONVOY_TEXT = 3 };

// As convoy_find, with one row or none.
CONVOY_API convoy_status convoy_find_row(convoy_reader* reader, const char* table,
                                         size_t table_size, const char* id, size_t id_size,
                                         convoy_rows** row, convoy_error** error);

// As convoy_fetch. The columns are "id", "_status", "_changed" and the table's, in the schema's
// order.
CONVOY_API convoy_status convoy_fetch_rows(convoy_reader* reader, const char* query,
                                           size_t query_size, convoy_rows** rows,
                                           convoy_error** error);

// As convoy_select.
CONVOY_API convoy_status convoy_select_rows(convoy_reader* reader, const char* sql, size_t sql_size,
                                            const char* args, size_t args_size, convoy_rows** rows,
                                            convoy_error** error);

CONVOY_API void convoy_rows_free(convoy_rows* rows);

// How many rows there are; 0 for null, as below.
CONVOY_API size_t convoy_rows_count(const convoy_rows* rows);

CONVOY_API size_t convoy_rows_column_count(const convoy_rows* rows);

// A column's name, with a NUL behind it; null if there is no such column. `size` may be null.
CONVOY_API const char* convoy_rows_column_name(const convoy_rows* rows, size_t column,
                                               size_t* size);

// Which column has the name; -1 if none has.
CONVOY_API int32_t convoy_rows_column(const convoy_rows* rows, const char* name, size_t name_size);

// Goes to the next row. 1: there is one. 0: that was the last; from then on nothing is there.
CONVOY_API int32_t convoy_rows_step(convoy_rows* rows);

// Goes back to before the first row.
CONVOY_API void convoy_rows_rewind(convoy_rows* rows);

// The value in a column of this row. Nothing is converted: a value of another type, a column that
// is not there and no row at all are CONVOY_NULL, 0, and null with size 0. Records have the types
// of their columns; a select gives SQLite's, where true and false are numbers.
CONVOY_API convoy_type convoy_rows_type(const convoy_rows* rows, size_t column);
CONVOY_API int32_t convoy_rows_boolean(const convoy_rows* rows, size_t column);
CONVOY_API double convoy_rows_number(const convoy_rows* rows, size_t column);
// With a NUL behind it. `size` may be null.
CONVOY_API const char* convoy_rows_text(const convoy_rows* rows, size_t column, size_t* size);

// Several reads of one state

// Returns CONVOY_OK, or any other number, which convoy_read then returns; negative ones are free
// for the program's own use. The reader lives until the function returns.
typedef convoy_status (*convoy_read_function)(convoy_reader* reader, void* user);

// Calls `read` once, with a reader whose reads all see one state of the database, whatever is
// written meanwhile. A database in memory has one state at a time: there a read keeps writers out,
// and using the database otherwise within it is CONVOY_E_INVALID_STATE. Errors: what `read`
// returns, with the reader's error if that has the number.
CONVOY_API convoy_status convoy_read(convoy_database* database, convoy_read_function read,
                                     void* user, convoy_error** error);

// Writing

typedef struct convoy_writer convoy_writer;

// Returns CONVOY_OK to commit, or any other number to leave everything as it was; negative ones are
// free for the program's own use. The writer lives until the function returns.
typedef convoy_status (*convoy_write_function)(convoy_writer* writer, void* user);

// Calls `write` once, in one transaction. If it returns CONVOY_OK, all it did is on disk, and in
// the outbox as one mutation, when this returns; else nothing of it remains, and its number is
// returned, with the writer's error if that has the number. Writers queue. Errors: also
// CONVOY_E_BUSY, CONVOY_E_DISK_FULL, CONVOY_E_IO, CONVOY_E_CORRUPT; CONVOY_E_INVALID_ARGUMENT if
// the transaction is too large to be sent as one; CONVOY_E_INVALID_STATE if this thread is in a
// write of this database already.
CONVOY_API convoy_status convoy_write(convoy_database* database, convoy_write_function write,
                                      void* user, convoy_error** error);

// A reader that sees what was written. Borrowed, lives as long as the writer. Null for null.
CONVOY_API convoy_reader* convoy_writer_reader(convoy_writer* writer);

// Adds a record with the id given, or a new one (null and 0). `fields` is a JSON object with values
// by column, or nothing; columns that are not given take null, "", 0 or false, and created_at and
// updated_at the time. `record` may be null. Errors: CONVOY_E_ALREADY_EXISTS (a deleted record that
// waits to be sent counts), CONVOY_E_UNKNOWN_TABLE, CONVOY_E_UNKNOWN_COLUMN;
// CONVOY_E_INVALID_ARGUMENT if a value does not fit its column.
CONVOY_API convoy_status convoy_create(convoy_writer* writer, const char* table, size_t table_size,
                                       const char* id, size_t id_size, const char* fields,
                                       size_t fields_size, convoy_text** record,
                                       convoy_error** error);

// Changes some columns, and updated_at if anything changed. `record` may be null. Errors:
// CONVOY_E_NOT_FOUND and as above.
CONVOY_API convoy_status convoy_update(convoy_writer* writer, const char* table, size_t table_size,
                                       const char* id, size_t id_size, const char* fields,
                                       size_t fields_size, convoy_text** record,
                                       convoy_error** error);

// Marks a record as deleted, with those that the schema's references say go along. `count`, of all
// of them, may be null. Errors: CONVOY_E_NOT_FOUND, CONVOY_E_UNKNOWN_TABLE.
CONVOY_API convoy_status convoy_mark_deleted(convoy_writer* writer, const char* table,
                                             size_t table_size, const char* id, size_t id_size,
                                             int64_t* count, convoy_error** error);

// Erases a record, and those that go along, from this device without telling the server, which may
// send them again. `count` may be null. Errors: CONVOY_E_NOT_FOUND, CONVOY_E_UNKNOWN_TABLE;
// CONVOY_E_UNSENT_WRITES if writes to any of them wait to be sent.
CONVOY_API convoy_status convoy_erase(convoy_writer* writer, const char* table, size_t table_size,
                                      const char* id, size_t id_size, int64_t* count,
                                      convoy_error** error);

// Adds or replaces records that the server has already, or that come from a backup, without sending
// them. `rows` is JSON as a select gives it, {"columns": ["id", "title"], "rows": [["…", "…"]]}.
// `count` may be null. Errors: as convoy_create, and CONVOY_E_UNSENT_WRITES if a write to one of
// them waits; after an error the transaction can't be committed.
CONVOY_API convoy_status convoy_load(convoy_writer* writer, const char* table, size_t table_size,
                                     const char* rows, size_t rows_size, int64_t* count,
                                     convoy_error** error);

// Writes that are known beforehand, in one transaction, all or nothing:
//   [{"create": "tasks", "id": …, "fields": {…}}, {"update": "tasks", "id": …, "fields": {…}},
//    {"delete": "tasks", "id": …}, {"erase": "tasks", "id": …}]
// `results` is a JSON array with the record created or updated, or the number of records deleted or
// erased, for each. Errors: as convoy_write and each of them, naming the operation.
CONVOY_API convoy_status convoy_write_batch(convoy_database* database, const char* operations,
                                            size_t operations_size, convoy_text** results,
                                            convoy_error** error);

// Fields without JSON

// Values by column, for convoy_create_row and convoy_update_row. Lives until it is freed.
typedef struct convoy_fields convoy_fields;

CONVOY_API convoy_status convoy_fields_create(convoy_fields** fields, convoy_error** error);
CONVOY_API void convoy_fields_free(convoy_fields* fields);

// Each gives a column a value; of several for one column the last counts. Whether there is such a
// column, and whether the value fits, shows in the write.
CONVOY_API convoy_status convoy_fields_set_null(convoy_fields* fields, const char* column,
                                                size_t column_size, convoy_error** error);
// 0 is false, all else true.
CONVOY_API convoy_status convoy_fields_set_boolean(convoy_fields* fields, const char* column,
                                                   size_t column_size, int32_t value,
                                                   convoy_error** error);
CONVOY_API convoy_status convoy_fields_set_number(convoy_fields* fields, const char* column,
                                                  size_t column_size, double value,
                                                  convoy_error** error);
CONVOY_API convoy_status convoy_fields_set_text(convoy_fields* fields, const char* column,
                                                size_t column_size, const char* value,
                                                size_t value_size, convoy_error** error);

// As convoy_create; the fields are only read, and may be null. `row` may be null.
CONVOY_API convoy_status convoy_create_row(convoy_writer* writer, const char* table,
                                           size_t table_size, const char* id, size_t id_size,
                                           const convoy_fields* fields, convoy_rows** row,
                                           convoy_error** error);

// As convoy_update; the fields are only read. `row` may be null.
CONVOY_API convoy_status convoy_update_row(convoy_writer* writer, const char* table,
                                           size_t table_size, const char* id, size_t id_size,
                                           const convoy_fields* fields, convoy_rows** row,
                                           convoy_error** error);

// Local values: text by key, on this device only, outside of any transaction
//
// Keys that begin with "__" belong to the engines. Errors of all: CONVOY_E_INVALID_ARGUMENT for an
// empty or reserved key; CONVOY_E_INVALID_STATE in a write of this thread.

// Null if there is none: that is no error.
CONVOY_API convoy_status convoy_local_get(convoy_database* database, const char* key,
                                          size_t key_size, convoy_text** value,
                                          convoy_error** error);
CONVOY_API convoy_status convoy_local_set(convoy_database* database, const char* key,
                                          size_t key_size, const char* value, size_t value_size,
                                          convoy_error** error);
CONVOY_API convoy_status convoy_local_remove(convoy_database* database, const char* key,
                                             size_t key_size, convoy_error** error);

// Live queries: results that stay current
//
// A function of the program's is called with a result, as JSON, soon after it was subscribed, and
// again after each commit that changed it: of this program, or of another process on the same file
// (noticed within moments). Commits that follow each other faster than they are delivered are
// delivered as one; the last state is always delivered; nothing is, when nothing changed. If
// reading fails, the function gets the error, once; each later commit tries again.
//
// Errors of all, from the call that subscribes: CONVOY_E_UNKNOWN_TABLE, CONVOY_E_UNKNOWN_COLUMN,
// CONVOY_E_INVALID_QUERY; CONVOY_E_INVALID_STATE in a write of this thread.

// From subscribing to convoy_subscription_stop, even if the database is closed in between; from
// then on it is silent.
typedef struct convoy_subscription convoy_subscription;

// Either `json` or `error` is there, the other one null; both live until the function returns. The
// calls of one subscription never overlap, and run where `deliver_on` says (null: where the
// database works live queries out). The function may be called before the one that subscribes has
// returned. It may do what any other code may, end its own subscription too, but not close the
// database.
typedef void (*convoy_on_change)(const char* json, size_t json_size, const convoy_error* error,
                                 void* user);

// Which rows each delivery of convoy_observe has.
enum {
  // All: {"first": …, "rows": [{…}, …], "differences": […]}.
  CONVOY_ALL_ROWS = 0,
  // All at first; then only differences, those inserted and changed with their records.
  CONVOY_DIFFERENCES = 1
};

// The records of a query. Differences lead from the rows delivered last to these:
//   {"kind": "removed", "from": 3}            {"kind": "inserted", "to": 0}
//   {"kind": "moved", "from": 5, "to": 1}     {"kind": "changed", "from": 2, "to": 2}
// How to follow them: docs/reference/json.md. `form` is one of the above.
CONVOY_API convoy_status convoy_observe(convoy_database* database, const char* query,
                                        size_t query_size, int32_t form,
                                        convoy_executor* deliver_on, convoy_on_change on_change,
                                        void* user, convoy_subscription** subscription,
                                        convoy_error** error);

// How many records a query has: 42.
CONVOY_API convoy_status convoy_observe_count(convoy_database* database, const char* query,
                                              size_t query_size, convoy_executor* deliver_on,
                                              convoy_on_change on_change, void* user,
                                              convoy_subscription** subscription,
                                              convoy_error** error);

// One record, {…}, or null while there is none. It may come (back) later.
CONVOY_API convoy_status convoy_observe_record(convoy_database* database, const char* table,
                                               size_t table_size, const char* id, size_t id_size,
                                               convoy_executor* deliver_on,
                                               convoy_on_change on_change, void* user,
                                               convoy_subscription** subscription,
                                               convoy_error** error);

// The record that `column` of the given record refers to, or null, followed when the column
// changes.
CONVOY_API convoy_status convoy_observe_parent(
    convoy_database* database, const char* table, size_t table_size, const char* id, size_t id_size,
    const char* column, size_t column_size, convoy_executor* deliver_on, convoy_on_change on_change,
    void* user, convoy_subscription** subscription, convoy_error** error);

// A select of your own, {"columns": […], "rows": […]}, run again when a table that it reads has
// changed.
CONVOY_API convoy_status convoy_observe_select(convoy_database* database, const char* sql,
                                               size_t sql_size, const char* args, size_t args_size,
                                               convoy_executor* deliver_on,
                                               convoy_on_change on_change, void* user,
                                               convoy_subscription** subscription,
                                               convoy_error** error);

// Ends a subscription and frees it: no call begins afterwards, and one that runs on another thread
// is waited for.
CONVOY_API void convoy_subscription_stop(convoy_subscription* subscription);

// For databases with an executor in the background, which has no clock: call it every now and then
// to see the commits of other processes. Cheap if there are none. Errors: CONVOY_E_CORRUPT,
// CONVOY_E_IO.
CONVOY_API convoy_status convoy_look_for_commits(convoy_database* database, convoy_error** error);

// The outbox: local transactions on their way to the server
//
// JSON as `convoy queue --json` has it: docs/reference/cli.md. Transactions have numbers, which are
// never given twice. Errors of all that take one: CONVOY_E_NOT_FOUND if none has it,
// CONVOY_E_INVALID_STATE if it is not in a state for that. What comes along is told as a JSON array
// of numbers, ascending, the given one among them; the place for it may be null.

// What waits, what is under way and what was refused, the oldest first: [{"number": 7, "state":
// "parked", …}, …].
CONVOY_API convoy_status convoy_outbox_list(convoy_database* database, convoy_text** entries,
                                            convoy_error** error);

// One of them; "dependents" is what would go along with it.
CONVOY_API convoy_status convoy_outbox_find(convoy_database* database, int64_t number,
                                            convoy_text** entry, convoy_error** error);

// The life of one, also after it has left the outbox: {"number": 7, "state": "confirmed",
// "written_at": …, "sent_at": …, …}. Some thousand are remembered.
CONVOY_API convoy_status convoy_outbox_story(convoy_database* database, int64_t number,
                                             convoy_text** story, convoy_error** error);

// Sends a refused one again, with those that were parked because of it.
CONVOY_API convoy_status convoy_outbox_retry(convoy_database* database, int64_t number,
                                             convoy_text** numbers, convoy_error** error);

// Changes values of a record in a refused one, and sends it again. `fields` is as in convoy_update.
// Errors: also CONVOY_E_NOT_FOUND if it sets no values of that record, and those of convoy_update.
CONVOY_API convoy_status convoy_outbox_edit(convoy_database* database, int64_t number,
                                            const char* table, size_t table_size, const char* id,
                                            size_t id_size, const char* fields, size_t fields_size,
                                            convoy_text** numbers, convoy_error** error);

// Gives up one that was refused or has not been sent, with those that rest on it.
CONVOY_API convoy_status convoy_outbox_discard(convoy_database* database, int64_t number,
                                               convoy_text** numbers, convoy_error** error);

// Takes back one that has not been sent, with those that rest on it. 0: the newest; errors then:
// CONVOY_E_NOT_FOUND if nothing waits.
CONVOY_API convoy_status convoy_outbox_undo(convoy_database* database, int64_t number,
                                            convoy_text** numbers, convoy_error** error);

// Conflicts
//
// Values on which this device and others disagreed, as `convoy conflicts --json` has them.

// The oldest first. `filter` is a JSON object, or nothing: {"state": "open", "table": "tasks",
// "id": …}, each of its members if it is wanted.
CONVOY_API convoy_status convoy_conflicts_list(convoy_database* database, const char* filter,
                                               size_t filter_size, convoy_text** conflicts,
                                               convoy_error** error);

// Errors: CONVOY_E_NOT_FOUND.
CONVOY_API convoy_status convoy_conflicts_find(convoy_database* database, int64_t number,
                                               convoy_text** conflict, convoy_error** error);

// Decides an open one by an ordinary write: `choice` is {"take": "mine"}, {"take": "theirs"}, or
// {"value": …} with a value for the column. Errors: CONVOY_E_NOT_FOUND, CONVOY_E_INVALID_STATE if
// it is not open, and those of convoy_update.
CONVOY_API convoy_status convoy_conflicts_resolve(convoy_database* database, int64_t number,
                                                  const char* choice, size_t choice_size,
                                                  convoy_error** error);

// How a record stands: "synced", "pending", "sending", "parked" or "conflict". Errors:
// CONVOY_E_UNKNOWN_TABLE. A select can join the view convoy_record_state for many.
CONVOY_API convoy_status convoy_record_state(convoy_database* database, const char* table,
                                             size_t table_size, const char* id, size_t id_size,
                                             convoy_text** state, convoy_error** error);

#ifdef __cplusplus
}  // extern "C"
#endif

#endif  // CONVOY_H
