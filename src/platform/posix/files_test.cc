// Secrets and locks in files, the clock and random numbers.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/posix/file_lock.h"
#include "platform/posix/file_secret_store.h"
#include "platform/posix/posix_clock.h"
#include "platform/posix/posix_random.h"
#include "platform/posix/secret_file.h"
#include "platform/posix/shared_file.h"

namespace convoy::platform {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  Files() {
    std::string name = (fs::temp_directory_path() / "convoy_files_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
  }

  ~Files() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  static mode_t mode_of(const std::string& path) {
    struct stat info{};
    EXPECT_EQ(::lstat(path.c_str(), &info), 0);
    return info.st_mode & 07777U;
  }

  std::string folder_;
};

using SecretFile = Files;
using SharedFile = Files;

TEST_F(SecretFile, ReadsBackWhatWasWritten) {
  ASSERT_TRUE(write_secret_file(path("s"), "one").ok());
  EXPECT_EQ(**read_secret_file(path("s")), "one");
  ASSERT_TRUE(write_secret_file(path("s"), "two, longer").ok());
  EXPECT_EQ(**read_secret_file(path("s")), "two, longer");
  ASSERT_TRUE(write_secret_file(path("s"), "").ok());
  EXPECT_EQ(**read_secret_file(path("s")), "");
}

TEST_F(SecretFile, IsForItsOwnerOnlyWhateverTheUmask) {
  const mode_t before = ::umask(0);
  const auto written = write_secret_file(path("new/folder/s"), "secret");
  ::umask(before);
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(mode_of(path("new/folder/s")), 0600U);
  EXPECT_EQ(mode_of(path("new/folder")), 0700U);
  EXPECT_EQ(mode_of(path("new")), 0700U);
}

TEST_F(SecretFile, LeavesNoDraftBehind) {
  std::ofstream(path("s.new")) << "from a crash";
  ASSERT_TRUE(write_secret_file(path("s"), "secret").ok());
  EXPECT_FALSE(fs::exists(path("s.new")));
}

TEST_F(SecretFile, IsNothingWhenThereIsNone) {
  const auto missing = read_secret_file(path("s"));
  ASSERT_TRUE(missing.ok());
  EXPECT_FALSE(missing->has_value());
  EXPECT_FALSE(read_secret_file(path("no/folder/s"))->has_value());
  EXPECT_TRUE(remove_secret_file(path("s")).ok());
  EXPECT_TRUE(remove_secret_file(path("no/folder/s")).ok());
}

TEST_F(SecretFile, GoesAway) {
  ASSERT_TRUE(write_secret_file(path("s"), "secret").ok());
  ASSERT_TRUE(remove_secret_file(path("s")).ok());
  EXPECT_FALSE(fs::exists(path("s")));
}

TEST_F(SecretFile, IsRefusedWhenOthersCanReadIt) {
  ASSERT_TRUE(write_secret_file(path("s"), "secret").ok());
  for (const mode_t mode : {0640U, 0604U, 0620U}) {
    ASSERT_EQ(::chmod(path("s").c_str(), mode), 0);
    const auto read = read_secret_file(path("s"));
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::Io);
    EXPECT_THAT(read.error().message, HasSubstr(path("s")));
    EXPECT_THAT(read.error().hint, HasSubstr("chmod 600"));
  }
}

TEST_F(SecretFile, IsRefusedWhenItIsNoPlainFile) {
  ASSERT_TRUE(write_secret_file(path("real"), "secret").ok());
  fs::create_symlink(path("real"), path("link"));
  fs::create_directory(path("folder"));
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  for (const char* name : {"link", "folder", "pipe"}) {
    const auto read = read_secret_file(path(name));
    ASSERT_FALSE(read.ok()) << name;
    EXPECT_EQ(read.error().code, ErrorCode::Io) << name;
  }
}

TEST_F(SecretFile, ReplacesALinkInsteadOfFollowingIt) {
  std::ofstream(path("victim")) << "untouched";
  fs::create_symlink(path("victim"), path("s"));
  fs::create_symlink(path("victim"), path("s.new"));
  ASSERT_TRUE(write_secret_file(path("s"), "secret").ok());
  std::string content;
  std::ifstream(path("victim")) >> content;
  EXPECT_EQ(content, "untouched");
  EXPECT_EQ(**read_secret_file(path("s")), "secret");
}

TEST_F(SecretFile, HasABound) {
  const std::string most(kSecretFileBytesMax, 'x');
  ASSERT_TRUE(write_secret_file(path("s"), most).ok());
  EXPECT_EQ(**read_secret_file(path("s")), most);
  EXPECT_FALSE(write_secret_file(path("s"), most + "x").ok());
  ASSERT_EQ(::truncate(path("s").c_str(), static_cast<off_t>(most.size()) + 1), 0);
  EXPECT_FALSE(read_secret_file(path("s")).ok());
}

TEST_F(SecretFile, IsNotPutWhereEverybodyMayWrite) {
  ASSERT_EQ(::chmod(folder_.c_str(), 0777), 0);
  const auto written = write_secret_file(path("s"), "secret");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::Io);
  EXPECT_THAT(written.error().message, HasSubstr(folder_));
}

TEST_F(SecretFile, SaysWhenTheFolderIsAFile) {
  std::ofstream(path("file")) << "x";
  const auto written = write_secret_file(path("file/s"), "secret");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::Io);
}

using Lock = Files;

TEST_F(Lock, HasOneHolder) {
  {
    const auto first = FileLock::acquire(path("l"), milliseconds(0));
    ASSERT_TRUE(first.ok());
    const auto second = FileLock::acquire(path("l"), milliseconds(0));
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::Busy);
    EXPECT_THAT(second.error().message, HasSubstr(path("l")));
  }
  EXPECT_TRUE(FileLock::acquire(path("l"), milliseconds(0)).ok());
}

TEST_F(Lock, MovesWithItsHolder) {
  auto first = FileLock::acquire(path("l"), milliseconds(0));
  ASSERT_TRUE(first.ok());
  auto moved = std::make_unique<FileLock>(*std::move(first));
  EXPECT_FALSE(FileLock::acquire(path("l"), milliseconds(0)).ok());
  moved.reset();
  EXPECT_TRUE(FileLock::acquire(path("l"), milliseconds(0)).ok());
}

TEST_F(Lock, IsWaitedFor) {
  auto first = std::make_unique<FileLock>(*FileLock::acquire(path("l"), milliseconds(0)));
  std::thread other([&] { first.reset(); });
  EXPECT_TRUE(FileLock::acquire(path("l"), milliseconds(60'000)).ok());
  other.join();
}

TEST_F(Lock, StopsWaitingWhenCancelledOrTooLate) {
  const auto first = FileLock::acquire(path("l"), milliseconds(0));
  base::Cancellation cancellation;
  cancellation.cancel();
  EXPECT_EQ(FileLock::acquire(path("l"), milliseconds(60'000), &cancellation).error().code,
            ErrorCode::Cancelled);
  EXPECT_EQ(FileLock::acquire(path("l"), milliseconds(5)).error().code, ErrorCode::Busy);
}

TEST_F(Lock, KeepsThreadsApart) {
  // Read and written in two steps, so that an increment gets lost if two are inside.
  std::atomic<int> count{0};
  const auto work = [&] {
    for (int i = 0; i < 20; ++i) {
      const auto lock = FileLock::acquire(path("l"), milliseconds(60'000));
      ASSERT_TRUE(lock.ok());
      const int before = count.load(std::memory_order_relaxed);
      std::this_thread::yield();
      count.store(before + 1, std::memory_order_relaxed);
    }
  };
  std::thread other(work);
  work();
  other.join();
  EXPECT_EQ(count.load(), 40);
}

TEST_F(Files, SecretStoreKeepsLocksAndForgets) {
  FileSecretStore store(path("home/session.json"));
  EXPECT_FALSE(store.load()->has_value());
  {
    const auto lock = store.lock(milliseconds(0), nullptr);
    ASSERT_TRUE(lock.ok());
    FileSecretStore other(path("home/session.json"));
    EXPECT_EQ(other.lock(milliseconds(0), nullptr).error().code, ErrorCode::Busy);
    ASSERT_TRUE(store.save("secret").ok());
    EXPECT_EQ(**other.load(), "secret");
  }
  ASSERT_TRUE(store.clear().ok());
  EXPECT_FALSE(store.load()->has_value());
  EXPECT_EQ(mode_of(path("home")), 0700U);
  EXPECT_EQ(mode_of(path("home/session.json.lock")), 0600U);
}

TEST(PosixClock, TellsTheTimeOfThisCentury) {
  PosixClock clock;
  EXPECT_GT(clock.now_ms(), 1'700'000'000'000);
  EXPECT_LT(clock.now_ms(), 4'000'000'000'000);
}

TEST(PosixRandom, FillsEveryByteAndDiffers) {
  PosixRandom random;
  std::array<std::uint8_t, 1000> first{};
  std::array<std::uint8_t, 1000> second{};
  random.fill(first);
  random.fill(second);
  EXPECT_NE(first, second);
  EXPECT_GT(std::set<std::uint8_t>(first.begin(), first.end()).size(), 100U);
  random.fill({});
}

TEST_F(Lock, CanBeLookedAt) {
  EXPECT_FALSE(FileLock::is_held(path("lock"))) << "there is none";
  {
    const auto lock = FileLock::acquire(path("lock"), milliseconds(0));
    ASSERT_TRUE(lock.ok());
    EXPECT_TRUE(FileLock::is_held(path("lock")));
  }
  EXPECT_FALSE(FileLock::is_held(path("lock")));
  EXPECT_TRUE(FileLock::acquire(path("lock"), milliseconds(0)).ok()) << "looking let go of it";
}

TEST_F(SharedFile, IsReplacedAsAWhole) {
  EXPECT_FALSE(read_shared_file(path("s")).has_value());
  ASSERT_TRUE(replace_shared_file(path("s"), "longer text").ok());
  ASSERT_TRUE(replace_shared_file(path("s"), "short").ok());
  EXPECT_EQ(read_shared_file(path("s")), "short");
  EXPECT_EQ(mode_of(path("s")), 0600U);
  EXPECT_FALSE(fs::exists(path("s.new")));
}

TEST_F(SharedFile, IsNothingWhenItIsNoSmallPlainFile) {
  ASSERT_TRUE(replace_shared_file(path("s"), std::string(kSharedFileBytesMax + 1, 'x')).ok());
  EXPECT_FALSE(read_shared_file(path("s")).has_value());
  fs::create_directory(path("folder"));
  EXPECT_FALSE(read_shared_file(path("folder")).has_value());
  EXPECT_FALSE(replace_shared_file(path("no/s"), "text").ok());
}

}  // namespace
}  // namespace convoy::platform
