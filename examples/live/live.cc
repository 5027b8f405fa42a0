// A list of what is to do, kept current while the program writes: docs/design/live-queries.md says
// how. It needs no server: a Database works by itself.
//
// Usage: live FILE      a database file, made anew.
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>

#include "convoy/database.h"
#include "convoy/live.h"
#include "convoy/system.h"

namespace {

using namespace convoy;

Schema list_schema() {
  Schema schema{.version = 1, .tables = {}};
  schema.tables.push_back(
      {.name = "tasks",
       .columns = {{.name = "title"}, {.name = "is_done", .type = ColumnType::Boolean}}});
  return schema;
}

// What the screen of an app would be: it follows the differences, and says how long the list is.
class Screen {
 public:
  void show(const Result<LiveRows>& now) {
    const std::lock_guard lock(mutex_);
    if (!now.ok()) {
      std::printf("%s\n", now.error().message.c_str());
      return;
    }
    for (const auto& difference : now->differences) print(difference, *now);
    std::printf("%zu to do\n", now->rows.size());
    length_ = now->rows.size();
    changed_.notify_all();
  }

  // Callbacks come on another thread; this one waits until the list is as long.
  void await(std::size_t length) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return length_ == length; });
  }

 private:
  static void print(const Difference& difference, const LiveRows& now) {
    const auto title = [&](std::size_t at) { return std::string(now.rows[at]->text("title")); };
    switch (difference.kind) {
      case DifferenceKind::Removed:
        std::printf("  - %zu\n", difference.from);
        break;
      case DifferenceKind::Inserted:
        std::printf("  + %zu %s\n", difference.to, title(difference.to).c_str());
        break;
      case DifferenceKind::Moved:
        std::printf("  %zu to %zu\n", difference.from, difference.to);
        break;
      case DifferenceKind::Changed:
        std::printf("  = %zu %s\n", difference.to, title(difference.to).c_str());
        break;
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t length_ = 0;
};

Status work(const std::string& path) {
  CONVOY_TRY(auto db, Database::open({.path = path,
                                      .schema = list_schema(),
                                      .clock = &system_clock(),
                                      .random = &system_random()}));
  const auto add = [&](const char* title) {
    return db.write([&](Writer& writer) -> Status {
      CONVOY_TRY(const auto task, writer.create("tasks", {{"title", title}}));
      return ok_status();
    });
  };
  CONVOY_CHECK_OK(add("Repaint mast 7"));

  Screen screen;
  const auto to_do = from("tasks").where("is_done", eq(false)).order_by(asc("title"));
  CONVOY_TRY(const auto subscription,
             observe(db, to_do, [&](const Result<LiveRows>& now) { screen.show(now); }));
  screen.await(1);

  CONVOY_CHECK_OK(add("Oil the points"));
  screen.await(2);

  CONVOY_TRY(const auto first, db.fetch(to_do.take(1)));
  const Status done = db.write([&](Writer& writer) -> Status {
    CONVOY_TRY(const auto task, writer.update("tasks", first.front().id, {{"is_done", true}}));
    return ok_status();
  });
  CONVOY_CHECK_OK(done);
  screen.await(1);

  CONVOY_TRY(const auto all, db.count(from("tasks")));
  CONVOY_TRY(const auto left, db.count(to_do));
  std::printf("Done: %lld of %lld\n", static_cast<long long>(all - left),
              static_cast<long long>(all));
  return ok_status();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: live FILE\n", stderr);
    return 2;
  }
  for (const char* part : {"", "-wal", "-shm"}) std::remove((std::string(argv[1]) + part).c_str());
  const auto status = work(argv[1]);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n%s\n", status.error().message.c_str(), status.error().hint.c_str());
  return 1;
}
