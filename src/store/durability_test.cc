// What remains after kill -9, on a full disk, and with two processes writing at once.
#include <csignal>
#include <filesystem>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "store/database_impl.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using base::Json;
using testing::code_of;
using testing::Fixture;
using testing::page_of;
using testing::TemporaryFolder;

// Runs `work` in a process of its own. It is forked before any connection is open, and leaves
// without running anybody's destructors.
template <class Work>
pid_t start(Work work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  work();
  ::_exit(0);
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

std::int64_t number(Database& database, const std::string& sql) {
  auto result =
      database.impl().read([&](sql::Connection& connection) { return connection.integer(sql); });
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
  return result.ok() ? *result : -1;
}

std::string integrity(Database& database) {
  auto result = database.impl().read([](sql::Connection& connection) -> Result<std::string> {
    CONVOY_TRY(auto check, connection.prepare("pragma integrity_check"));
    CONVOY_CHECK_OK(check.step());
    return check.text(0);
  });
  return result.ok() ? *result : result.error().message;
}

Status add_project(Database& database, const std::string& id, const std::string& name) {
  return database.write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", name}}, id));
    return ok_status();
  });
}

// Writes and pages in turn; says after each that it is on disk. The i-th page holds ten rows and
// the cursor i.
void work_for_ever(const std::string& path, int said) {
  Fixture fixture;
  auto database = fixture.open(path);
  Replica replica(database);
  for (int i = 1;; ++i) {
    const auto name = std::to_string(i);
    auto page = page_of("s", 1, "projects", {"name"}, {}, {});
    page.scopes_saved[0].base = name;
    for (int j = 0; j < 10; ++j) {
      page.changes[0].ids.push_back("row-" + name + "-" + std::to_string(j));
      page.changes[0].rows.push_back({Json(name)});
    }
    if (!add_project(database, "mine-" + name, name).ok() || !replica.apply_page(page).ok()) {
      ::_exit(1);
    }
    if (::write(said, "x", 1) != 1) ::_exit(1);
  }
}

TEST(Durability, AKilledProcessLosesNothingItHadFinished) {
  const TemporaryFolder folder;
  for (int round = 0; round < 8; ++round) {
    const auto path = folder.file(std::to_string(round));
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = start([&] { work_for_ever(path, pipe[1]); });
    ::close(pipe[1]);
    // Killed at the mercy of the scheduler, somewhere in the work after this many.
    std::int64_t finished = 0;
    char byte = 0;
    while (finished < 1 + round && ::read(pipe[0], &byte, 1) == 1) ++finished;
    ::kill(child, SIGKILL);
    wait_for(child);
    while (::read(pipe[0], &byte, 1) == 1) ++finished;
    ::close(pipe[0]);

    Fixture fixture;
    auto database = fixture.open(path);
    EXPECT_EQ(integrity(database), "ok");
    const auto scopes = Replica(database).load()->scopes;
    const auto pages = std::stoll(scopes.at("s").base);
    EXPECT_GE(pages, finished);
    // Rows and cursor belong together, and so do a record and its mutation.
    EXPECT_EQ(Replica(database).counts()->rows, pages * 10);
    const auto mine = number(database, "select count(*) from projects where id like 'mine-%'");
    EXPECT_EQ(Replica(database).counts()->pending, mine);
    EXPECT_GE(mine, pages);
    EXPECT_LE(mine, pages + 1);
    EXPECT_TRUE(add_project(database, "after", "x").ok());
  }
}

// Version 1 of a file that is large enough for a migration to write before it is committed.
void make_version_1(const std::string& path) {
  Fixture fixture;
  auto database = fixture.open(path);
  ASSERT_TRUE(add_project(database, "mine", "x").ok());
  auto page = page_of("s", 1, "projects", {"name"}, {}, {});
  const std::string name(1000, 'x');
  for (int i = 0; i < 30'000; ++i) {
    page.changes[0].ids.push_back(std::to_string(i));
    page.changes[0].rows.push_back({Json(name)});
  }
  ASSERT_TRUE(Replica(database).apply_page(page).ok());
}

TEST(Durability, AKilledMigrationLeavesTheOldVersionWhole) {
  const TemporaryFolder folder;
  const auto path = folder.file();
  make_version_1(path);
  auto schema = testing::task_schema();
  schema.version = 2;
  schema.tables[0].columns.push_back({.name = "more"});
  const AddColumns step{"projects", {{.name = "more"}}};
  const auto wal_bytes = [&] {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(path + "-wal", ignored);
    return ignored ? std::uintmax_t{0} : size;
  };
  const pid_t child = start([&] {
    Fixture fixture;
    auto options = fixture.options(path, schema);
    // The second step never ends: whenever the process is killed, it is in the middle.
    options.migrations = {
        {.to_version = 2,
         .steps = {step, RunSql{"with recursive n (i) as (select 1 union all select i + 1 from n) "
                                "select count(*) from n;"}}}};
    static_cast<void>(Database::open(options));
    ::_exit(1);
  });
  // Pages of the open transaction are in the log.
  while (wal_bytes() < 4'000'000) ::sched_yield();
  ::kill(child, SIGKILL);
  EXPECT_TRUE(WIFSIGNALED(wait_for(child)));
  Fixture fixture;
  {
    auto database = fixture.open(path);
    EXPECT_EQ(integrity(database), "ok");
    EXPECT_EQ(number(database, "pragma user_version"), 1);
    EXPECT_EQ(*database.count(from("projects")), 30'001);
    EXPECT_EQ(Replica(database).counts()->pending, 1);
    EXPECT_EQ(number(database, "select count(*) from pragma_table_info('projects')"), 4);
  }
  auto options = fixture.options(path, schema);
  options.migrations = {{.to_version = 2, .steps = {step}}};
  auto database = Database::open(options);
  ASSERT_TRUE(database.ok()) << database.error().message;
  EXPECT_EQ(integrity(*database), "ok");
  EXPECT_EQ(number(*database, "select count(*) from projects where more = ''"), 30'001);
}

TEST(Durability, TwoProcessesWriteAtOnce) {
  const TemporaryFolder folder;
  const auto path = folder.file();
  constexpr int kEach = 20;
  std::vector<pid_t> children;
  for (int process = 0; process < 2; ++process) {
    children.push_back(start([&] {
      Fixture fixture;
      auto database = fixture.open(path);
      for (int i = 0; i < kEach; ++i) {
        const auto id = std::to_string(process) + "-" + std::to_string(i);
        if (!add_project(database, id, "x").ok()) ::_exit(1);
      }
    }));
  }
  for (const auto child : children) EXPECT_EQ(wait_for(child), 0);
  Fixture fixture;
  auto database = fixture.open(path);
  EXPECT_EQ(*database.count(from("projects")), 2 * kEach);
  EXPECT_EQ(Replica(database).counts()->pending, 2 * kEach);
  EXPECT_EQ(integrity(database), "ok");
}

TEST(Durability, AFullDiskChangesNothing) {
  const TemporaryFolder folder;
  Fixture fixture;
  auto database = fixture.open(folder.file());
  ASSERT_TRUE(add_project(database, "before", "x").ok());
  const auto limit = [&](const std::string& pages) {
    return database.impl().write([&](sql::Connection& connection) {
      return connection.execute("pragma max_page_count = " + pages);
    });
  };
  CONVOY_ASSERT_OK(limit("1"));  // SQLite takes it for the pages the file has.
  const auto big = std::string(150'000, 'x');
  EXPECT_EQ(code_of(add_project(database, "big", big)), ErrorCode::DiskFull);
  // Nor when the work goes on as if nothing had happened.
  EXPECT_EQ(code_of(database.write([&](Writer& writer) -> Status {
              static_cast<void>(writer.create("projects", {{"name", "small"}}, "small"));
              static_cast<void>(writer.create("projects", {{"name", big}}, "big"));
              return ok_status();
            })),
            ErrorCode::DiskFull);
  auto page = page_of("s", 1, "projects", {"name"}, {"p"}, {{Json(big)}});
  EXPECT_EQ(code_of(Replica(database).apply_page(page)), ErrorCode::DiskFull);
  EXPECT_EQ(*database.count(from("projects")), 1);
  EXPECT_EQ(Replica(database).counts()->pending, 1);
  EXPECT_TRUE(Replica(database).load()->scopes.empty());
  CONVOY_ASSERT_OK(limit("100000"));
  CONVOY_EXPECT_OK(add_project(database, "big", big));
  EXPECT_EQ(integrity(database), "ok");
}

}  // namespace
}  // namespace convoy::store
