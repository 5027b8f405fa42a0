// devices, on a device without a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/test_program.h"

namespace convoy::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kLaptop = "0199c2aa-0000-7000-8000-00000000aaaa";
constexpr const char* kPhone = "0199c2bb-0000-7000-8000-00000000bbbb";

class Devices : public testing::Test {
 protected:
  void SetUp() override {
    program.state.devices = {{.id = kLaptop,
                              .name = "Ada's\x1b laptop",
                              .program = "convoy 0.1.0",
                              .seen_at_ms = 1'795'344'362'952,
                              .created_at_ms = 1'795'344'362'000,
                              .is_this = true},
                             {.id = kPhone, .is_revoked = true}};
  }

  TestProgram program;
};

TEST_F(Devices, AreListedWithThisOneAmongThem) {
  program.state.device_name = "untouched";
  const auto table = program.run({"devices", "list"});
  ASSERT_EQ(table.code, 0) << table.err;
  EXPECT_EQ(program.state.device_name, "") << "this device has said hello, without a name";
  EXPECT_THAT(table.out, HasSubstr("0000aaaa"));
  EXPECT_THAT(table.out, HasSubstr("this device"));
  EXPECT_THAT(table.out, HasSubstr("signed out"));
  EXPECT_THAT(table.out, Not(HasSubstr("\x1b")));
  const auto json = program.run({"devices", "list", "--json"}).json();
  EXPECT_EQ(json.array()->at(1).dump(),
            std::string(R"({"id":")") + kPhone +
                R"(","name":null,"program":null,"seen_at":null,"created_at":null,)"
                R"("this":false,"revoked":true})");
  EXPECT_EQ(*json.array()->at(0).find("created_at")->string(), "2026-11-22T10:46:02+00:00");
}

TEST_F(Devices, AreListedByOneThatWasSignedOut) {
  program.state.hello_error =
      Error{.code = ErrorCode::Rejected, .message = "signed out", .sqlstate = "CV012"};
  EXPECT_EQ(program.run({"devices", "list"}).code, 0);
  program.state.hello_error = Error{.code = ErrorCode::Offline, .message = "no network"};
  EXPECT_EQ(program.run({"devices", "list"}).code, 4);
}

TEST_F(Devices, AreSignedOutByAnyPartOfTheirId) {
  for (const std::string id : {kPhone, "0199c2bb", "bbbb"}) {
    program.state.revoked.clear();
    const auto result = program.run({"devices", "revoke", id});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(program.state.revoked, kPhone);
    EXPECT_THAT(result.out, HasSubstr("device 0000bbbb is signed out"));
  }
  EXPECT_EQ(program.run({"devices", "revoke", kPhone, "--json"}).out,
            std::string(R"({"revoked":")") + kPhone + "\"}\n");
}

TEST_F(Devices, AnIdMustBeOneDevices) {
  EXPECT_EQ(program.run({"devices", "revoke", "bbb"}).code, 2);
  EXPECT_EQ(program.run({"devices", "revoke", "cccc"}).code, 3);
  const auto both = program.run({"devices", "revoke", "0199c2"});
  EXPECT_EQ(both.code, 3);
  EXPECT_THAT(both.err, HasSubstr(kPhone));
  EXPECT_EQ(program.state.revoked, "");
}

TEST_F(Devices, TheOneInUseIsAskedFor) {
  const auto unasked = program.run({"devices", "revoke", "aaaa"});
  EXPECT_EQ(unasked.code, 2);
  EXPECT_THAT(unasked.err, HasSubstr("--yes"));
  program.is_terminal = true;
  program.input = "n\n";
  EXPECT_EQ(program.run({"devices", "revoke", "aaaa"}).code, 4);
  EXPECT_EQ(program.state.revoked, "");
  program.input = "y\n";
  EXPECT_EQ(program.run({"devices", "revoke", "aaaa"}).code, 0);
  EXPECT_EQ(program.state.revoked, kLaptop);
  program.is_terminal = false;
  program.state.revoked.clear();
  EXPECT_EQ(program.run({"devices", "revoke", "aaaa", "--yes"}).code, 0);
  EXPECT_EQ(program.state.revoked, kLaptop);
}

TEST_F(Devices, ThisOneGetsAName) {
  EXPECT_EQ(program.run({"devices", "rename", "Küche"}).out, "This device is called Küche now.\n");
  EXPECT_EQ(program.state.device_name, "Küche");
  EXPECT_EQ(program.run({"devices", "rename", "N", "--json"}).out, "{\"name\":\"N\"}\n");
  EXPECT_EQ(program.run({"devices", "rename", ""}).code, 2);
  EXPECT_EQ(program.run({"devices", "rename", std::string(201, 'x')}).code, 2);
}

}  // namespace
}  // namespace convoy::cli
