#include <cstdint>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/disk.h"
#include "sim/model_snapshot.h"
#include "sim/world.h"

namespace convoy::sim {
namespace {

using ::testing::AnyOf;

// --- The disk -----------------------------------------------------------------------------------

TEST(SimDisk, WhatWasSyncedSurvives) {
  Disk disk((Random(1)));
  auto file = disk.open("f");
  file->write(0, std::string(kSector, 'a'));
  ASSERT_EQ(disk.on_sync(*file), DiskVerdict::Done);
  file->write(0, std::string(kSector, 'b'));
  EXPECT_EQ(file->content(), std::string(kSector, 'b'));
  disk.restart();
  EXPECT_THAT(file->content(), AnyOf(std::string(kSector, 'a'), std::string(kSector, 'b')));
}

TEST(SimDisk, OfTheRestAnySectorsMay) {
  bool saw_lost = false;
  bool saw_kept = false;
  bool saw_second_alone = false;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Random random(seed);
    DiskFile file;
    file.write(0, std::string(2 * kSector, '.'));
    file.sync();
    file.write(0, std::string(kSector, '1'));
    file.write(kSector, std::string(kSector, '2'));
    file.lose_power(random);
    ASSERT_EQ(file.content().size(), 2 * kSector);
    const auto sectors = std::string{file.content()[0], file.content()[kSector]};
    ASSERT_THAT(sectors, AnyOf("..", "1.", ".2", "12"));
    saw_lost = saw_lost || sectors == "..";
    saw_kept = saw_kept || sectors == "12";
    saw_second_alone = saw_second_alone || sectors == ".2";
  }
  EXPECT_TRUE(saw_lost && saw_kept && saw_second_alone);
}

TEST(SimDisk, ATruncationMayBeForgotten) {
  std::size_t forgotten = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Random random(seed);
    DiskFile file;
    file.write(0, "0123456789");
    file.sync();
    file.truncate(3);
    file.lose_power(random);
    ASSERT_THAT(file.content(), AnyOf("0123456789", "012"));
    if (file.content().size() == 10) ++forgotten;
  }
  EXPECT_GT(forgotten, 0U);
  EXPECT_LT(forgotten, 50U);
}

TEST(SimDisk, WithoutPowerNothingWorks) {
  Disk disk((Random(1)));
  disk.cut_power_after(1);
  EXPECT_EQ(disk.on_change(true), DiskVerdict::Done);
  EXPECT_EQ(disk.on_change(true), DiskVerdict::Failed);
  EXPECT_TRUE(disk.is_dead());
  disk.restart();
  EXPECT_EQ(disk.on_change(true), DiskVerdict::Done);
}

// --- Snapshots ----------------------------------------------------------------------------------

TEST(SimSnapshot, SeesAsPostgresDoes) {
  const auto snapshot = Snapshot::parse("10:20:12,15");
  ASSERT_TRUE(snapshot);
  EXPECT_TRUE(snapshot->sees(9));
  EXPECT_TRUE(snapshot->sees(10));
  EXPECT_FALSE(snapshot->sees(12));
  EXPECT_TRUE(snapshot->sees(13));
  EXPECT_FALSE(snapshot->sees(20));
  EXPECT_EQ(snapshot->text(), "10:20:12,15");
  EXPECT_EQ(Snapshot::parse("10:20:")->text(), "10:20:");
  for (const char* bad : {"", "10", "10:20", "20:10:", "10:20:9", "10:20:x", "0:1:"}) {
    EXPECT_FALSE(Snapshot::parse(bad)) << bad;
  }
}

// --- Seeds --------------------------------------------------------------------------------------

// I13.
TEST(Simulator, OneSeedIsOneTrace) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U}) {
    const auto first = run_seed({.seed = seed});
    const auto second = run_seed({.seed = seed});
    EXPECT_EQ(first.trace_hash, second.trace_hash) << "seed " << seed;
    EXPECT_EQ(first.last_lines, second.last_lines) << "seed " << seed;
  }
  EXPECT_NE(run_seed({.seed = 1}).trace_hash, run_seed({.seed = 2}).trace_hash);
}

// A few that die young; `convoy_sim --all-mutants` has all of them (the test sim.mutants).
class SimulatorFinds : public ::testing::TestWithParam<Mutant> {};

TEST_P(SimulatorFinds, TheMistake) {
  constexpr std::uint64_t kSeedsMax = 30;
  for (std::uint64_t seed = 1; seed <= kSeedsMax; ++seed) {
    if (run_seed({.seed = seed, .mutant = GetParam()}).violation) return;
  }
  FAIL() << name_of(GetParam()) << " survived " << kSeedsMax << " seeds";
}

INSTANTIATE_TEST_SUITE_P(Mutants, SimulatorFinds,
                         ::testing::Values(Mutant::XipDropped, Mutant::MaxXidCursor,
                                           Mutant::DefinerPull, Mutant::NoDeduplication,
                                           Mutant::RejectedStays, Mutant::NewUidOnRetry,
                                           Mutant::HalfMutation, Mutant::AcknowledgedEarly,
                                           Mutant::RevokeKeepsRows),
                         [](const auto& test) { return std::string(name_of(test.param)); });

}  // namespace
}  // namespace convoy::sim
