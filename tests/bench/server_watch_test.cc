#include "bench/server_watch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "bench/scratch_directory.h"

namespace tipgate {
namespace {

TEST(ServerWatch, MemoryAndGrowthAreSeen) {
  const auto scratch = ScratchDirectory::Create();
  ASSERT_TRUE(scratch.ok()) << scratch.status();
  std::ofstream(scratch->Join("before")) << std::string(1'000, 'a');
  ServerWatch watch(getpid(), scratch->path());
  std::filesystem::create_directory(scratch->Join("below"));
  std::ofstream(scratch->Join("below/after")) << std::string(234, 'a');
  const ServerFootprint footprint = watch.Finish();
  ASSERT_TRUE(footprint.resident.has_value());
  EXPECT_GT(footprint.resident->begin_bytes, 0);
  EXPECT_GE(footprint.resident->peak_bytes, footprint.resident->begin_bytes);
  EXPECT_GE(footprint.resident->peak_bytes, footprint.resident->end_bytes);
  EXPECT_EQ(footprint.data_directory_bytes, 234);
}

TEST(ServerWatch, WhatIsNotKnownIsNotToldOf) {
  ServerWatch watch(0, "");
  const ServerFootprint footprint = watch.Finish();
  EXPECT_FALSE(footprint.resident.has_value());
  EXPECT_FALSE(footprint.data_directory_bytes.has_value());
}

TEST(ServerWatch, AFolderThatIsNotThereHasNoBytes) { EXPECT_EQ(DirectoryBytes("/nonexistent"), 0); }

}  // namespace
}  // namespace tipgate
