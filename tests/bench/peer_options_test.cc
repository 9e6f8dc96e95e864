#include "bench/peer_options.h"

#include <gtest/gtest.h>

#include <vector>

namespace tipgate {
namespace {

ParsedPeerCommandLine Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "peerbench");
  return ParsePeerOptions(static_cast<int>(arguments.size()), arguments.data());
}

TEST(PeerOptions, OneTipACallIsUnaryAndManyAreABatch) {
  const ParsedPeerCommandLine one = Parse({"--peer", "redis"});
  ASSERT_FALSE(one.is_done);
  EXPECT_EQ(one.options.kind, PeerKind::kRedis);
  EXPECT_EQ(one.options.load.mode, LoadMode::kUnary);
  EXPECT_EQ(one.options.load.batch, 1);
  const ParsedPeerCommandLine many = Parse({"--peer", "postgres", "--batch", "50"});
  ASSERT_FALSE(many.is_done);
  EXPECT_EQ(many.options.kind, PeerKind::kPostgres);
  EXPECT_EQ(many.options.load.mode, LoadMode::kBatch);
  EXPECT_GT(many.options.load.connections, 0);
}

TEST(PeerOptions, ACallIsUnderWayOnEachConnection) {
  const LoadOptions load = Parse({"--peer", "redis", "--connections", "7"}).options.load;
  EXPECT_EQ(load.connections, 7);
  EXPECT_EQ(load.in_flight, 7);
}

TEST(PeerOptions, WrongFlagsAreRefused) {
  const std::vector<std::vector<const char*>> wrong = {
      {},
      {"--peer", "oracle"},
      {"--peer", "redis", "--batch", "0"},
      {"--peer", "redis", "--batch", "8193"},
      {"--peer", "redis", "--payers", "0"},
      {"--peer", "redis", "--connections", "257"},
      {"--peer", "redis", "--seconds", "0"},
      {"--peer", "postgres", "--pipelined"},
  };
  for (const auto& arguments : wrong) {
    const ParsedPeerCommandLine parsed = Parse(arguments);
    EXPECT_TRUE(parsed.is_done);
    EXPECT_EQ(parsed.exit_code, 64);
  }
}

}  // namespace
}  // namespace tipgate
