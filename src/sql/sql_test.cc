// Connections, statements, transactions, and how SQLite's errors come out.
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>

#include <gtest/gtest.h>

#include "sql/connection.h"
#include "sql/transaction.h"

namespace convoy::sql {
namespace {

struct SqlTest : ::testing::Test {
  SqlTest() {
    std::string name = std::filesystem::temp_directory_path() / "convoy-sql-XXXXXX";
    folder = ::mkdtemp(name.data());
    path = folder + "/test.db";
  }

  ~SqlTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  std::unique_ptr<Connection> open(Access access = Access::Write) const {
    EXPECT_TRUE(Connection::create_file(path).ok());
    auto connection = Connection::open(path, access);
    EXPECT_TRUE(connection.ok()) << (connection.ok() ? "" : connection.error().message);
    return connection.ok() ? *std::move(connection) : nullptr;
  }

  std::string folder;
  std::string path;
};

ErrorCode code_of(const Status& status) { return status.ok() ? ErrorCode{} : status.error().code; }

std::string pragma(Connection& connection, const std::string& name) {
  auto statement = connection.prepare("pragma " + name);
  EXPECT_TRUE(statement.ok() && *statement->step());
  return statement->text(0);
}

TEST_F(SqlTest, IsNewerThanTheReleasesThatCanCorruptASharedWal) {
  const auto version = open()->integer("select substr(sqlite_version(), 3, 2)");
  ASSERT_TRUE(version.ok());
  EXPECT_GE(*version, 53);
}

TEST_F(SqlTest, SetsThePragmasOfADurableFile) {
  const auto connection = open();
  ASSERT_TRUE(connection->use_wal().ok());
  EXPECT_EQ(pragma(*connection, "journal_mode"), "wal");
  EXPECT_EQ(pragma(*connection, "synchronous"), "2");
  EXPECT_EQ(pragma(*connection, "foreign_keys"), "1");
  EXPECT_EQ(pragma(*connection, "trusted_schema"), "0");
  EXPECT_EQ(pragma(*connection, "cell_size_check"), "1");
  EXPECT_EQ(pragma(*connection, "mmap_size"), "0");
  EXPECT_EQ(pragma(*connection, "busy_timeout"), "10000");
  EXPECT_EQ(pragma(*connection, "journal_size_limit"), "67108864");
  EXPECT_EQ(pragma(*connection, "wal_autocheckpoint"), "4000");
  EXPECT_EQ(pragma(*connection, "secure_delete"), "2");
}

TEST_F(SqlTest, IsDefensive) {
  const auto connection = open();
  ASSERT_TRUE(connection->execute("create table t (a)").ok());
  EXPECT_FALSE(connection->execute("pragma writable_schema = 1; delete from sqlite_schema").ok());
  EXPECT_FALSE(connection->execute("select \"no such column\" from t").ok());
}

TEST_F(SqlTest, KeepsEveryValue) {
  const auto connection = open();
  ASSERT_TRUE(connection->execute("create table t (a)").ok());
  const Value values[] = {Null{},
                          std::string(),
                          std::string("a\0b", 3),
                          std::string("é€😀"),
                          0.0,
                          42.0,
                          -0.1,
                          9007199254740993.0,
                          std::numeric_limits<double>::infinity(),
                          std::numeric_limits<double>::denorm_min()};
  for (const auto& value : values) {
    auto statement = *connection->prepare("select ?");
    ASSERT_TRUE(*statement.bind(1, value).step());
    EXPECT_EQ(statement.value(0), value);
  }
  auto statement = *connection->prepare("select ?, typeof(?1), ?2, typeof(?2), ?3");
  ASSERT_TRUE(*statement.bind(1, true)
                   .bind(2, 42.0)
                   .bind_integer(3, std::numeric_limits<std::int64_t>::min())
                   .step());
  EXPECT_EQ(statement.text(1), "integer");
  EXPECT_EQ(statement.text(3), "real");
  EXPECT_EQ(statement.integer(4), std::numeric_limits<std::int64_t>::min());
}

TEST_F(SqlTest, UsesOneTextTwiceAtOnce) {
  const auto connection = open();
  auto first = *connection->prepare("select 1 union select 2");
  ASSERT_TRUE(*first.step());
  {
    auto second = *connection->prepare("select 1 union select 2");
    ASSERT_TRUE(*second.step());
    EXPECT_EQ(second.integer(0), 1);
  }
  ASSERT_TRUE(*first.step());
  EXPECT_EQ(first.integer(0), 2);
  EXPECT_FALSE(*first.step());
}

TEST_F(SqlTest, SaysWhatIsWrongWithAStatement) {
  const auto connection = open();
  const auto wrong = connection->prepare("selct 1");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, ErrorCode::Internal);
  EXPECT_NE(wrong.error().message.find(path), std::string::npos);
  auto few = *connection->prepare("select ?");
  EXPECT_FALSE(few.bind_integer(2, 1).step().ok());
}

TEST_F(SqlTest, RollsBackUnlessCommitted) {
  const auto connection = open();
  ASSERT_TRUE(connection->execute("create table t (a)").ok());
  {
    auto transaction = *Transaction::begin(*connection);
    ASSERT_TRUE(connection->execute("insert into t values (1)").ok());
  }
  EXPECT_EQ(*connection->integer("select count(*) from t"), 0);
  {
    auto transaction = *Transaction::begin(*connection);
    ASSERT_TRUE(connection->execute("insert into t values (1)").ok());
    ASSERT_TRUE(transaction.commit().ok());
  }
  EXPECT_EQ(*connection->integer("select count(*) from t"), 1);
}

TEST_F(SqlTest, WillNotCommitWhatIsGone) {
  const auto connection = open();
  auto transaction = *Transaction::begin(*connection);
  ASSERT_TRUE(connection->execute("rollback").ok());
  EXPECT_EQ(code_of(transaction.commit()), ErrorCode::Internal);
}

TEST_F(SqlTest, TellsBusyFromOtherErrors) {
  const auto one = open();
  ASSERT_TRUE(one->use_wal().ok());
  const auto two = open();
  ASSERT_TRUE(two->execute("pragma busy_timeout = 0").ok());
  const auto transaction = *Transaction::begin(*one);
  const auto refused = Transaction::begin(*two);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Busy);
}

TEST_F(SqlTest, ReadersDoNotWrite) {
  const auto writer = open();
  ASSERT_TRUE(writer->use_wal().ok());
  ASSERT_TRUE(writer->execute("create table t (a)").ok());
  const auto reader = open(Access::Read);
  EXPECT_EQ(code_of(reader->execute("insert into t values (1)")), ErrorCode::ReadOnly);
  EXPECT_EQ(*reader->integer("select count(*) from t"), 0);
}

TEST_F(SqlTest, AFullDiskChangesNothing) {
  const auto connection = open();
  ASSERT_TRUE(connection->execute("create table t (a); pragma max_page_count = 10").ok());
  auto transaction = *Transaction::begin(*connection);
  const auto status = connection->execute("insert into t values (zeroblob(100000))");
  EXPECT_EQ(code_of(status), ErrorCode::DiskFull);
  EXPECT_FALSE(transaction.commit().ok() && *connection->integer("select count(*) from t") != 0);
}

TEST_F(SqlTest, GuardsATransactionAgainstForeignSql) {
  const auto connection = open();
  ASSERT_TRUE(connection->execute("create table own_a (a); create table b (c)").ok());
  auto transaction = Transaction::begin(*connection);
  ASSERT_TRUE(transaction.ok());
  EXPECT_TRUE(connection
                  ->execute_guarded("insert into b values (1); alter table b add d; create index i "
                                    "on b (d); drop index i; create table e as select * from "
                                    "own_a; alter table b rename to f; drop table e;",
                                    "own_")
                  .ok());
  for (const char* sql :
       {"commit", "rollback", "begin", "savepoint s", "insert into own_a values (1)",
        "update own_a set a = 1", "delete from OWN_A", "drop table Own_a", "create table own_b (a)",
        "create index j on own_a (a)", "alter table own_a add b", "attach ':memory:' as x",
        "create trigger t after insert on own_a begin select 1; end"}) {
    EXPECT_EQ(code_of(connection->execute_guarded(sql, "own_")), ErrorCode::InvalidSchema) << sql;
    EXPECT_TRUE(connection->is_in_transaction()) << sql;
  }
  EXPECT_EQ(code_of(connection->execute_guarded("rubbish", "own_")), ErrorCode::Internal);
  // The guard goes with the call.
  EXPECT_TRUE(connection->execute("insert into own_a values (1)").ok());
}

}  // namespace
}  // namespace convoy::sql
