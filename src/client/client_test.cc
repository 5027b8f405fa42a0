// A device without a network: its home, and what each call says when something is missing.
#include "convoy/client.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "net/http.h"

namespace convoy {
namespace {

// A network that answers nothing, and remembers what was asked.
class NoNetwork : public net::HttpTransport {
 public:
  Result<net::HttpReply> send(const net::HttpRequest& request) override {
    urls.push_back(request.url);
    return Error{.code = ErrorCode::Offline, .message = "no network"};
  }

  std::vector<std::string> urls;
};

class ClientTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "convoy-client-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    home_ = pattern + "/home";
  }

  void TearDown() override {
    std::filesystem::remove_all(std::filesystem::path(home_).parent_path());
  }

  Result<Client> open() {
    return Client::open(
        {.home = home_,
         .schema = {.version = 1, .tables = {{.name = "notes", .columns = {{.name = "text"}}}}},
         .transport = &network_});
  }

  // As `login` leaves it: a project, and somebody whose data is here.
  void write_config() const {
    std::filesystem::create_directory(home_);
    std::filesystem::permissions(home_, std::filesystem::perms::owner_all);
    std::ofstream(home_ + "/config.json")
        << R"({"project":{"url":"https://abc.supabase.co","key":"sb_publishable_x"},)"
           R"("user":{"id":"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa","email":"ada@example.com"}})";
    std::filesystem::permissions(home_ + "/config.json", std::filesystem::perms::owner_read |
                                                             std::filesystem::perms::owner_write);
  }

  std::string home_;
  NoNetwork network_;
};

TEST_F(ClientTest, MakesAHomeThatNobodyElseCanRead) {
  ASSERT_TRUE(open().ok());
  struct stat info{};
  ASSERT_EQ(stat(home_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
}

TEST_F(ClientTest, SaysWhatIsMissing) {
  auto client = open();
  ASSERT_TRUE(client.ok()) << client.error().message;
  EXPECT_EQ(client->sync().error().code, ErrorCode::NotConfigured);
  EXPECT_EQ(client->database().error().code, ErrorCode::NotConfigured);
  ASSERT_TRUE(
      client->configure({.url = "https://abc.supabase.co/", .api_key = "sb_publishable_x"}).ok());
  const auto unknown = client->sync();
  EXPECT_EQ(unknown.error().code, ErrorCode::SignInRequired);
  EXPECT_NE(unknown.error().hint.find("convoy login"), std::string::npos);
  EXPECT_TRUE(network_.urls.empty());

  const auto status = client->status();
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(*status->project_url, "https://abc.supabase.co");
  EXPECT_FALSE(status->user.has_value());
}

TEST_F(ClientTest, RefusesASecretKeyAndABadAddress) {
  auto client = open();
  ASSERT_TRUE(client.ok());
  EXPECT_EQ(
      client->configure({.url = "https://abc.supabase.co", .api_key = "sb_secret_x"}).error().code,
      ErrorCode::InvalidArgument);
  EXPECT_EQ(client->configure({.url = "http://abc.supabase.co", .api_key = "sb_publishable_x"})
                .error()
                .code,
            ErrorCode::InvalidArgument);
  EXPECT_FALSE(client->status()->project_url.has_value());
}

TEST_F(ClientTest, KeepsDataReadableAndWritableWithoutASession) {
  write_config();
  {
    auto client = open();
    ASSERT_TRUE(client.ok()) << client.error().message;
    auto database = client->database();
    ASSERT_TRUE(database.ok()) << database.error().message;
    ASSERT_TRUE((*database)
                    ->write([](Writer& writer) -> Status {
                      CONVOY_TRY(auto note, writer.create("notes", {{"text", "kept"}}));
                      return ok_status();
                    })
                    .ok());
    EXPECT_EQ(client->sync().error().code, ErrorCode::SignInRequired);
  }
  auto client = open();
  ASSERT_TRUE(client.ok());
  const auto notes = (*client->database())->count(from("notes"));
  ASSERT_TRUE(notes.ok()) << notes.error().message;
  EXPECT_EQ(*notes, 1);
}

TEST_F(ClientTest, DoesNotSignOutOverUnsentWrites) {
  write_config();
  auto client = open();
  ASSERT_TRUE(client.ok());
  ASSERT_TRUE((*client->database())
                  ->write([](Writer& writer) -> Status {
                    CONVOY_TRY(auto note, writer.create("notes", {{"text", "unsent"}}));
                    return ok_status();
                  })
                  .ok());
  const auto refused = client->sign_out(PendingWork::Refuse);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Busy);
  EXPECT_TRUE(client->status()->user.has_value());

  const auto path = client->status()->database_path;
  ASSERT_TRUE(client->sign_out(PendingWork::Discard).ok());
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(client->status()->user.has_value());
}

TEST_F(ClientTest, KeepsTheDatabaseWhenAsked) {
  write_config();
  auto client = open();
  ASSERT_TRUE(client.ok());
  ASSERT_TRUE(client->database().ok());
  const auto path = client->status()->database_path;
  ASSERT_TRUE(client->sign_out(PendingWork::Keep).ok());
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(ClientTest, DoesNotMoveSomebodysDataToAnotherProject) {
  write_config();
  auto client = open();
  ASSERT_TRUE(client.ok());
  const auto moved =
      client->configure({.url = "https://other.supabase.co", .api_key = "sb_publishable_y"});
  ASSERT_FALSE(moved.ok());
  EXPECT_EQ(moved.error().code, ErrorCode::AlreadyExists);
  EXPECT_TRUE(
      client->configure({.url = "https://abc.supabase.co", .api_key = "sb_publishable_new"}).ok());
}

TEST_F(ClientTest, RefusesADamagedConfiguration) {
  write_config();
  std::ofstream(home_ + "/config.json", std::ios::trunc) << "{";
  const auto client = open();
  ASSERT_FALSE(client.ok());
  EXPECT_EQ(client.error().code, ErrorCode::Corrupt);
}

TEST_F(ClientTest, SignInWithoutANetworkIsOfflineAndChangesNothing) {
  auto client = open();
  ASSERT_TRUE(client.ok());
  ASSERT_TRUE(
      client->configure({.url = "https://abc.supabase.co", .api_key = "sb_publishable_x"}).ok());
  EXPECT_EQ(client->sign_in("ada@example.com", "secret").error().code, ErrorCode::Offline);
  EXPECT_FALSE(client->status()->user.has_value());
}

}  // namespace
}  // namespace convoy
