// schema types, on real files.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "cli/files.h"
#include "cli/test_program.h"
#include "store/test_support.h"

namespace convoy::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

namespace fs = std::filesystem;

constexpr std::string_view kSchema =
    R"({"version": 1, "tables": [{"name": "tasks", "columns": [{"name": "title", "type": "string"}]}]})";

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class SchemaTypes : public testing::Test {
 protected:
  void SetUp() override {
    // Nothing is set up here, and nothing must be.
    program.state.error = Error{.code = ErrorCode::NotConfigured, .message = "not set up"};
    program.variables.clear();
    std::ofstream(schema) << kSchema;
  }

  Output types(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"schema", "types", schema});
    return program.run(arguments);
  }

  store::testing::TemporaryFolder folder;
  std::string schema = folder.file("schema.json");
  std::string header = folder.file("app_schema.h");
  TestProgram program;
};

TEST_F(SchemaTypes, AreWrittenWithoutAHome) {
  const auto result = types({"--lang", "cpp", "-o", header});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out + result.err, "");
  EXPECT_THAT(content_of(header), HasSubstr("namespace app {\n\nstruct Task;\n"));
  struct stat info{};
  ASSERT_EQ(::stat(header.c_str(), &info), 0);
  const auto mask = ::umask(0);
  ::umask(mask);
  EXPECT_EQ(info.st_mode & 0777U, 0666U & ~mask);
}

TEST_F(SchemaTypes, GoToStandardOutputWithoutAFile) {
  const auto result = types({"--namespace", "board::data", "--record", "tasks=Card"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("namespace board::data {\n\nstruct Card;\n"));
  program.input = kSchema;
  EXPECT_THAT(program.run({"schema", "types", "-"}).out, HasSubstr("struct Task;"));
}

TEST_F(SchemaTypes, AreJsonForPrograms) {
  const auto printed = types({"--json"}).json();
  EXPECT_THAT(*printed.find("text")->string(), HasSubstr("struct Task"));
  const auto written = types({"--json", "-o", header}).json();
  EXPECT_EQ(written.dump(), R"({"language":"cpp","output":")" + header + "\"}");
}

TEST_F(SchemaTypes, NameThePlaceOfAMistake) {
  std::ofstream(schema)
      << R"({"version": 1, "tables": [{"name": "tasks", "columns": [{"name": "a"}]}]})";
  const auto result = types({"-o", header});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr(schema + ": tables[0].columns[0].type: is missing"));
  EXPECT_FALSE(fs::exists(header));
}

TEST_F(SchemaTypes, RefuseBadOptions) {
  EXPECT_EQ(types({"--lang", "cobol"}).code, 2);
  EXPECT_THAT(types({"--namespace", "std"}).err, HasSubstr("can't be the namespace"));
  EXPECT_THAT(types({"--record", "tasks"}).err, HasSubstr("--record tasks has no ="));
  EXPECT_THAT(types({"--record", "tasks=A", "--record", "tasks=B"}).err, HasSubstr("twice"));
  EXPECT_THAT(types({"--record", "task=A"}).err, HasSubstr("Did you mean \"tasks\"?"));
  EXPECT_EQ(program.run({"schema"}).code, 2);
}

TEST_F(SchemaTypes, AFileThatCantBeReadIsNamed) {
  schema = folder.file("none.json");
  const auto missing = types({"-o", header});
  EXPECT_EQ(missing.code, 8);
  EXPECT_THAT(missing.err, HasSubstr("none.json"));
  schema = folder.file("");
  EXPECT_EQ(types({}).code, 8);
}

// --- Files

TEST_F(SchemaTypes, AFileIsReplacedAsAWhole) {
  CONVOY_EXPECT_OK(replace_file(header, "old"));
  ASSERT_EQ(::chmod(header.c_str(), 0640), 0);
  CONVOY_EXPECT_OK(replace_file(header, "new"));
  EXPECT_EQ(content_of(header), "new");
  struct stat info{};
  ASSERT_EQ(::stat(header.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0640U);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.file("")), {}), 2);  // Schema and header.
}

TEST_F(SchemaTypes, AFileThatDoesNotChangeIsLeftAlone) {
  CONVOY_EXPECT_OK(replace_file(header, "same"));
  const auto long_ago = fs::last_write_time(header) - std::chrono::hours(24);
  fs::last_write_time(header, long_ago);
  CONVOY_EXPECT_OK(replace_file(header, "same"));
  EXPECT_EQ(fs::last_write_time(header), long_ago);
  CONVOY_EXPECT_OK(replace_file(header, "diff"));
  EXPECT_NE(fs::last_write_time(header), long_ago);
}

TEST_F(SchemaTypes, ALinkStaysALink) {
  CONVOY_EXPECT_OK(replace_file(header, "old"));
  const auto link = folder.file("link.h");
  fs::create_symlink(header, link);
  CONVOY_EXPECT_OK(replace_file(link, "new"));
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(content_of(header), "new");
}

TEST_F(SchemaTypes, AFolderThatIsNotThereIsNamed) {
  const auto result = types({"-o", folder.file("no/such/folder.h")});
  EXPECT_EQ(result.code, 8);
  EXPECT_THAT(result.err, HasSubstr("no/such/folder.h"));
}

TEST_F(SchemaTypes, AFullDiskLeavesTheOldFile) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full here";
  EXPECT_EQ(store::testing::code_of(replace_file("/dev/full", "text")), ErrorCode::DiskFull);
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

}  // namespace
}  // namespace convoy::cli
