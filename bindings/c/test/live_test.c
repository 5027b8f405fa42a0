// Live queries, with executors that run when the test says so, and with the database's own thread.
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fixture.h"

// A queue of work.
struct work {
  void (*run)(void* argument);
  void* argument;
  struct work* next;
};

struct queue {
  pthread_mutex_t mutex;
  struct work* first;
  struct work** end;
};

static void post(void (*run)(void* argument), void* argument, void* user) {
  struct queue* queue = user;
  struct work* work = malloc(sizeof *work);
  CHECK(work != NULL);
  *work = (struct work){.run = run, .argument = argument, .next = NULL};
  pthread_mutex_lock(&queue->mutex);
  *queue->end = work;
  queue->end = &work->next;
  pthread_mutex_unlock(&queue->mutex);
}

static void run_all(struct queue* queue) {
  for (;;) {
    pthread_mutex_lock(&queue->mutex);
    struct work* work = queue->first;
    if (work != NULL) queue->first = work->next;
    if (queue->first == NULL) queue->end = &queue->first;
    pthread_mutex_unlock(&queue->mutex);
    if (work == NULL) return;
    work->run(work->argument);
    free(work);
  }
}

static void start_queue(struct queue* queue, convoy_executor** executor) {
  convoy_error* error = NULL;
  pthread_mutex_init(&queue->mutex, NULL);
  queue->first = NULL;
  queue->end = &queue->first;
  OK(convoy_executor_create(post, queue, executor, &error));
}

// What a callback was told last.
struct told {
  int count;
  char json[1024];
  convoy_status status;
  convoy_subscription* stop;  // To be stopped when it is told.
};

static void note(const char* json, size_t size, const convoy_error* error, void* user) {
  struct told* told = user;
  CHECK((json == NULL) == (error != NULL));
  CHECK(size < sizeof told->json);
  ++told->count;
  told->status = convoy_error_status(error);
  if (json != NULL) memcpy(told->json, json, size);
  told->json[size] = '\0';
  convoy_subscription_stop(told->stop);
  told->stop = NULL;
}

// That it was told once since the last time, and this.
#define TOLD(told, expected) check_told(&(told), (expected), __FILE__, __LINE__)

static void check_told(struct told* told, const char* expected, const char* file, int line) {
  if (told->count != 1) check_failed(file, line, expected, "was not told once");
  if (strcmp(told->json, expected) != 0) check_failed(file, line, expected, told->json);
  told->count = 0;
}

#define P1 "{\"id\":\"p1\",\"_status\":\"created\",\"_changed\":\"\",\"name\":\"One\"}"
#define P2 "{\"id\":\"p2\",\"_status\":\"created\",\"_changed\":\"\",\"name\":\"Two\"}"
#define P2_NEW "{\"id\":\"p2\",\"_status\":\"created\",\"_changed\":\"name\",\"name\":\"A\"}"

static const char* const by_name = "{\"from\": \"projects\", \"order\": [[\"name\", \"asc\"]]}";

static void delivers_rows_and_differences(void) {
  convoy_error* error = NULL;
  struct queue queue;
  convoy_executor* executor = NULL;
  start_queue(&queue, &executor);
  convoy_database* database = open_in_memory(executor);
  convoy_subscription* all = NULL;
  convoy_subscription* steps = NULL;
  struct told rows = {0};
  struct told differences = {0};
  write_all(database,
            "[{\"create\": \"projects\", \"id\": \"p1\", \"fields\": {\"name\": \"One\"}}]");
  OK(convoy_observe(database, Z(by_name), CONVOY_ALL_ROWS, NULL, note, &rows, &all, &error));
  OK(convoy_observe(database, Z(by_name), CONVOY_DIFFERENCES, NULL, note, &differences, &steps,
                    &error));
  CHECK(rows.count == 0);
  run_all(&queue);
  TOLD(rows, "{\"first\":true,\"rows\":[" P1 "],\"differences\":[]}");
  TOLD(differences, "{\"first\":true,\"rows\":[" P1 "],\"differences\":[]}");

  write_all(database,
            "[{\"create\": \"projects\", \"id\": \"p2\", \"fields\": {\"name\": \"Two\"}}]");
  run_all(&queue);
  TOLD(rows, "{\"first\":false,\"rows\":[" P1 "," P2
             "],\"differences\":[{\"kind\":\"inserted\",\"to\":1}]}");
  TOLD(differences,
       "{\"first\":false,\"differences\":[{\"kind\":\"inserted\",\"to\":1,\"record\":" P2 "}]}");

  write_all(database,
            "[{\"update\": \"projects\", \"id\": \"p2\", \"fields\": {\"name\": \"A\"}}]");
  run_all(&queue);
  TOLD(differences,
       "{\"first\":false,\"differences\":[{\"kind\":\"moved\",\"from\":1,\"to\":0},"
       "{\"kind\":\"changed\",\"from\":1,\"to\":0,\"record\":" P2_NEW "}]}");
  rows.count = 0;

  write_all(database, "[{\"create\": \"tasks\"}]");
  run_all(&queue);
  CHECK(rows.count == 0 && differences.count == 0);

  convoy_subscription_stop(all);
  write_all(database, "[{\"delete\": \"projects\", \"id\": \"p1\"}]");
  run_all(&queue);
  CHECK(rows.count == 0);
  TOLD(differences, "{\"first\":false,\"differences\":[{\"kind\":\"removed\",\"from\":1}]}");
  convoy_subscription_stop(steps);
  convoy_database_close(database);
  run_all(&queue);
  convoy_executor_free(executor);
}

static void delivers_counts_records_and_selects(void) {
  convoy_error* error = NULL;
  struct queue queue;
  convoy_executor* executor = NULL;
  start_queue(&queue, &executor);
  convoy_database* database = open_in_memory(executor);
  convoy_subscription* subscriptions[4] = {NULL};
  struct told count = {0};
  struct told record = {0};
  struct told parent = {0};
  struct told rows = {0};
  OK(convoy_observe_count(database, Z("{\"from\": \"tasks\"}"), NULL, note, &count,
                          &subscriptions[0], &error));
  OK(convoy_observe_record(database, Z("projects"), Z("p1"), NULL, note, &record, &subscriptions[1],
                           &error));
  OK(convoy_observe_parent(database, Z("tasks"), Z("t"), Z("project_id"), NULL, note, &parent,
                           &subscriptions[2], &error));
  OK(convoy_observe_select(database, Z("select count(*) as n from tasks where title is not ?"),
                           Z("[\"x\"]"), NULL, note, &rows, &subscriptions[3], &error));
  run_all(&queue);
  TOLD(count, "0");
  TOLD(record, "null");
  TOLD(parent, "null");
  TOLD(rows, "{\"columns\":[\"n\"],\"rows\":[[0]]}");
  write_all(database,
            "[{\"create\": \"projects\", \"id\": \"p1\", \"fields\": {\"name\": \"One\"}},"
            " {\"create\": \"tasks\", \"id\": \"t\", \"fields\": {\"project_id\": \"p1\"}}]");
  run_all(&queue);
  TOLD(count, "1");
  TOLD(record, P1);
  TOLD(parent, P1);
  TOLD(rows, "{\"columns\":[\"n\"],\"rows\":[[1]]}");
  for (size_t i = 0; i < 4; ++i) convoy_subscription_stop(subscriptions[i]);
  convoy_database_close(database);
  run_all(&queue);
  convoy_executor_free(executor);
}

static void delivers_where_it_is_told_to(void) {
  convoy_error* error = NULL;
  struct queue queue;
  struct queue ui;
  convoy_executor* executor = NULL;
  convoy_executor* ui_executor = NULL;
  start_queue(&queue, &executor);
  start_queue(&ui, &ui_executor);
  convoy_database* database = open_in_memory(executor);
  convoy_subscription* subscription = NULL;
  struct told told = {0};
  OK(convoy_observe_count(database, Z("{\"from\": \"tasks\"}"), ui_executor, note, &told,
                          &subscription, &error));
  run_all(&queue);
  CHECK(told.count == 0);
  run_all(&ui);
  TOLD(told, "0");
  // It ends itself while it is told.
  told.stop = subscription;
  write_all(database, "[{\"create\": \"tasks\"}]");
  run_all(&queue);
  run_all(&ui);
  TOLD(told, "1");
  write_all(database, "[{\"create\": \"tasks\"}]");
  run_all(&queue);
  run_all(&ui);
  CHECK(told.count == 0);
  OK(convoy_look_for_commits(database, &error));
  // What is left over after the database is harmless, and so is a subscription.
  OK(convoy_observe_count(database, Z("{\"from\": \"tasks\"}"), ui_executor, note, &told,
                          &subscription, &error));
  run_all(&queue);
  convoy_database_close(database);
  run_all(&queue);
  run_all(&ui);
  convoy_subscription_stop(subscription);
  convoy_executor_free(ui_executor);
  convoy_executor_free(executor);
}

// With the database's own thread.
struct arrival {
  pthread_mutex_t mutex;
  pthread_cond_t arrived;
  char json[64];
};

static void arrive(const char* json, size_t size, const convoy_error* error, void* user) {
  struct arrival* arrival = user;
  CHECK(error == NULL && size < sizeof arrival->json);
  pthread_mutex_lock(&arrival->mutex);
  memcpy(arrival->json, json, size);
  arrival->json[size] = '\0';
  pthread_cond_signal(&arrival->arrived);
  pthread_mutex_unlock(&arrival->mutex);
}

static void wait_for(struct arrival* arrival, const char* json) {
  pthread_mutex_lock(&arrival->mutex);
  while (strcmp(arrival->json, json) != 0) {
    pthread_cond_wait(&arrival->arrived, &arrival->mutex);
  }
  pthread_mutex_unlock(&arrival->mutex);
}

static void sees_what_others_write_to_the_file(void) {
  convoy_error* error = NULL;
  new_folder();
  struct arrival arrival = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, ""};
  convoy_database* database = open_file(path_in_folder("tasks.db"));
  convoy_database* other = open_file(path_in_folder("tasks.db"));
  convoy_subscription* subscription = NULL;
  OK(convoy_observe_count(database, Z("{\"from\": \"tasks\"}"), NULL, arrive, &arrival,
                          &subscription, &error));
  wait_for(&arrival, "0");
  write_all(database, "[{\"create\": \"tasks\"}]");
  wait_for(&arrival, "1");
  write_all(other, "[{\"create\": \"tasks\"}]");
  wait_for(&arrival, "2");
  convoy_subscription_stop(subscription);
  convoy_database_close(other);
  convoy_database_close(database);
  remove_folder();
}

static void refuses_what_can_not_be_observed(void) {
  convoy_error* error = NULL;
  convoy_database* database = open_in_memory(NULL);
  convoy_subscription* none = NULL;
  struct told told = {0};
  FAILS(CONVOY_E_UNKNOWN_TABLE, "tsks",
        convoy_observe(database, Z("{\"from\": \"tsks\"}"), 0, NULL, note, &told, &none, &error));
  CHECK(none == NULL);
  FAILS(CONVOY_E_INVALID_ARGUMENT, "form",
        convoy_observe(database, Z("{\"from\": \"tasks\"}"), 7, NULL, note, &told, &none, &error));
  FAILS(CONVOY_E_INVALID_QUERY, "title",
        convoy_observe_parent(database, Z("tasks"), Z("t"), Z("title"), NULL, note, &told, &none,
                              &error));
  FAILS(CONVOY_E_INVALID_QUERY, "",
        convoy_observe_select(database, Z("delete from tasks"), NONE, NULL, note, &told, &none,
                              &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "database",
        convoy_observe_count(NULL, Z("{\"from\": \"tasks\"}"), NULL, note, &told, &none, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "function",
        convoy_observe_record(database, Z("tasks"), Z("t"), NULL, NULL, &told, &none, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "place",
        convoy_observe_record(database, Z("tasks"), Z("t"), NULL, note, &told, NULL, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "database", convoy_look_for_commits(NULL, &error));
  convoy_subscription_stop(NULL);
  convoy_database_close(database);
  CHECK(told.count == 0);
}

void test_live_queries(void) {
  delivers_rows_and_differences();
  delivers_counts_records_and_selects();
  delivers_where_it_is_told_to();
  sees_what_others_write_to_the_file();
  refuses_what_can_not_be_observed();
}
