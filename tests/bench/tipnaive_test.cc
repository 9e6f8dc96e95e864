// The real tipnaive, and, where they are installed, the real peers.

#include <gtest/gtest.h>

#include <filesystem>

#include "bench/child_process.h"
#include "bench/gate_process.h"
#include "bench/peer_naive.h"
#include "bench/scratch_directory.h"

namespace tipgate {
namespace {

TEST(Tipnaive, AppliesItsRulesAndRemembersThem) {
  const auto scratch = ScratchDirectory::Create();
  ASSERT_TRUE(scratch.ok()) << scratch.status();
  const absl::Status status = CheckNaive(scratch->path());
  EXPECT_TRUE(status.ok()) << status;
}

class Peerbench : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(Peerbench, ProvesThatThePeerAppliesTheRules) {
  const auto& [peer, server] = GetParam();
  const std::string program = ProgramNextToUs("peerbench");
  for (const std::string& needed : {program, server}) {
    if (!std::filesystem::exists(needed)) GTEST_SKIP() << needed << " is not there";
  }
  const auto scratch = ScratchDirectory::Create();
  ASSERT_TRUE(scratch.ok()) << scratch.status();
  auto bench = ChildProcess::Start(
      {program, {"--peer", peer, "--check-only"}, {}, scratch->Join("peerbench.log")});
  ASSERT_TRUE(bench.ok()) << bench.status();
  const auto exit_code = bench->WaitExit(absl::Seconds(120));
  ASSERT_TRUE(exit_code.ok()) << exit_code.status();
  EXPECT_EQ(*exit_code, 0) << bench->LogTail();
}

INSTANTIATE_TEST_SUITE_P(Installed, Peerbench,
                         testing::Values(std::pair("redis", "/usr/bin/redis-server"),
                                         std::pair("postgres",
                                                   "/usr/lib/postgresql/15/bin/postgres")),
                         [](const auto& peer) { return peer.param.first; });

}  // namespace
}  // namespace tipgate
