// C++ from a schema.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/cpp_emitter.h"
#include "codegen/generate.h"
#include "memory/schema.h"

namespace convoy::codegen {
namespace {

using testing::HasSubstr;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

schema::SchemaDocument document_of(const std::string& json) {
  auto document = schema::parse_schema(json);
  if (document.ok()) return *std::move(document);
  ADD_FAILURE() << document.error().message;
  return {};
}

// CONVOY_WRITE_GOLDEN=1 writes the files anew, to be looked at and committed.
void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(CONVOY_GOLDEN_FOLDER) + "/" + name;
  if (std::getenv("CONVOY_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  EXPECT_EQ(content_of(path), text) << "CONVOY_WRITE_GOLDEN=1 writes it anew";
}

TEST(Cpp, IsWhatItWasForASchemaWithEverything) {
  const auto document = document_of(content_of(CONVOY_GOLDEN_FOLDER "/everything.json"));
  const auto text = generate(document, {.name_space = "everything", .records = {}});
  ASSERT_TRUE(text.ok()) << text.error().message;
  expect_golden("everything.h", *text);
}

TEST(Cpp, IsTheSameEveryTime) {
  const auto document = document_of(content_of(CONVOY_GOLDEN_FOLDER "/everything.json"));
  EXPECT_EQ(*generate(document, {}), *generate(document, {}));
}

TEST(Cpp, TheMemoryBanksSchemaIsWhatItWas) {
  const schema::SchemaDocument document{.schema = memory::memory_schema(), .migrations = {}};
  const auto text = generate(document, {.name_space = "bank", .records = {}});
  ASSERT_TRUE(text.ok()) << text.error().message;
  expect_golden("memory_bank.h", *text);
}

TEST(Cpp, AnEmptySchemaIsPossible) {
  const auto text = generate({.schema = {.version = 1, .tables = {}}, .migrations = {}}, {});
  ASSERT_TRUE(text.ok());
  EXPECT_THAT(*text, HasSubstr("make_schema(1, {})"));
}

TEST(Cpp, LiteralsHoldAnyText) {
  EXPECT_EQ(cpp_literal("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(cpp_literal("?"
                        "?="),
            R"("?\?=")");
  EXPECT_EQ(cpp_literal("a\nb\n"), R"("a\n" "b\n")");
  EXPECT_EQ(cpp_literal("\t1\x7f\xc3\xb6"), R"("\0111\177\303\266")");
  EXPECT_EQ(cpp_literal(""), R"("")");
}

Error failure(const std::vector<std::string>& tables, Options options) {
  schema::SchemaDocument document;
  for (const auto& name : tables) document.schema.tables.push_back({.name = name});
  const auto text = generate(document, options);
  EXPECT_FALSE(text.ok());
  return text.ok() ? Error{} : text.error();
}

TEST(Cpp, RefusesTypesOfOneName) {
  const auto error = failure({"tasks", "new_tasks"}, {});
  EXPECT_EQ(error.code, ErrorCode::InvalidSchema);
  EXPECT_EQ(error.message, "both tasks and new_tasks would have a type called NewTask");
  EXPECT_THAT(error.hint, HasSubstr("--record new_tasks=Name"));
  EXPECT_EQ(failure({"task_patches", "tasks"}, {}).message,
            "both task_patches and tasks would have a type called TaskPatch");
  EXPECT_THAT(failure({"tasks"}, {.name_space = "app", .records = {{"tasks", "union"}}}).message,
              HasSubstr("C++ keeps the name union for itself"));
}

TEST(Cpp, RefusesNamespacesThatAreNone) {
  for (const char* name : {"", "::app", "app::", "a b", "2a", "std", "app::std", "convoy",
                           "app::convoy", "class", "a__b", "_App", "app:data"}) {
    const auto error = failure({"tasks"}, {.name_space = name, .records = {}});
    EXPECT_EQ(error.code, ErrorCode::InvalidArgument) << name;
    EXPECT_THAT(error.message, HasSubstr("can't be the namespace")) << name;
  }
}

TEST(Cpp, TakesNamespacesWithinNamespaces) {
  schema::SchemaDocument document;
  document.schema.tables.push_back({.name = "tasks"});
  for (const std::string name : {"app::data", "convoy::bank", "_a", "app2"}) {
    const auto text = generate(document, {.name_space = name, .records = {}});
    ASSERT_TRUE(text.ok()) << text.error().message;
    EXPECT_THAT(*text, HasSubstr("namespace " + name + " {"));
    EXPECT_THAT(*text, HasSubstr("Binding<::" + name + "::Task>"));
  }
}

}  // namespace
}  // namespace convoy::codegen
