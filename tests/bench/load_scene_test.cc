#include "bench/load_scene.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <set>

#include "bench/gate_process.h"
#include "bench/load_setup_traffic.h"
#include "bench/load_tip_traffic.h"
#include "bench/scratch_directory.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {
namespace {

LoadOptions SampleOptions() {
  LoadOptions options;
  options.payers = 100;
  options.sessions = 10;
  options.policy_file = SampleFile("policy.yaml");
  options.gifts_file = SampleFile("gifts.yaml");
  return options;
}

v1::AuthorizeTipsRequest NextRequest(TipTraffic& traffic) {
  v1::AuthorizeTipsRequest request;
  EXPECT_TRUE(request.ParseFromString(Flattened(*traffic.Next())));
  return request;
}

TEST(LoadScene, SampleFilesGiveTheRoomiestTierAndTheCheapestGifts) {
  const auto scene = MakeScene(SampleOptions());
  ASSERT_TRUE(scene.ok()) << scene.status();
  EXPECT_EQ(scene->tier, "L3");
  EXPECT_EQ(scene->gift_fields.size(), 8U);
  EXPECT_EQ(scene->gift_fields.front(), EncodeGiftFields(1001, 10, 1));
  EXPECT_EQ(scene->session_fields.size(), 10U);
}

TEST(LoadScene, PayersOfAMadeDirectoryAreNumberedFromOne) {
  LoadOptions options = SampleOptions();
  options.data_dir = "/made";
  const auto scene = MakeScene(options);
  ASSERT_TRUE(scene.ok()) << scene.status();
  EXPECT_EQ(scene->PayerId(0), 1);
  EXPECT_EQ(scene->PayerId(99), 100);
  EXPECT_GT(scene->SessionId(0), 1);
}

TEST(LoadScene, WhoTipsIsSpreadEvenlyOverAllPayers) {
  LoadOptions options = SampleOptions();
  options.data_dir = "/made";
  options.active_payers = 7;
  const auto scene = MakeScene(options);
  ASSERT_TRUE(scene.ok()) << scene.status();
  EXPECT_EQ(scene->ActivePayerId(0), 1);
  EXPECT_EQ(scene->ActivePayerId(6), 85);
  const Zipf popularity(10, 1);
  TipDraw draw(*scene, popularity, /*lane=*/0, /*seed=*/1);
  for (int i = 0; i < 1'000; ++i) {
    const int64_t payer = draw.Next().payer_id;
    ASSERT_EQ(payer % 14, 1);
    ASSERT_LE(payer, 85);
  }
}

TEST(LoadScene, FilesThatCannotBeReadAreRefusedByName) {
  LoadOptions options = SampleOptions();
  options.gifts_file = "/nonexistent.yaml";
  const auto scene = MakeScene(options);
  EXPECT_EQ(scene.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(scene.status().message().find("/nonexistent.yaml"), absl::string_view::npos);
}

TEST(LoadScene, RoomyPolicyRaisesOnlyWhatALongRunWouldUseUp) {
  const auto scratch = ScratchDirectory::Create();
  ASSERT_TRUE(scratch.ok()) << scratch.status();
  const std::string path = scratch->Join("policy.yaml");
  ASSERT_TRUE(WriteRoomyPolicy(SampleFile("policy.yaml"), path).ok());
  const YAML::Node sample = YAML::LoadFile(SampleFile("policy.yaml"));
  const YAML::Node roomy = YAML::LoadFile(path);
  EXPECT_EQ(roomy["day_limit_minor"].as<int64_t>(), 1'000'000'000'000'000);
  EXPECT_EQ(roomy["month_limit_minor"].as<int64_t>(), 1'000'000'000'000'000);
  for (const YAML::Node& tier : roomy["tiers"]) {
    EXPECT_EQ(tier["session_received_max_minor"].as<int64_t>(), 1'000'000'000'000'000);
  }
  EXPECT_TRUE(sample["cooling_off"].IsDefined());
  EXPECT_FALSE(roomy["cooling_off"].IsDefined());
  EXPECT_EQ(roomy["confirmation"]["day_permille"].as<int>(), 500);
  EXPECT_EQ(roomy.size() + 1, sample.size());
  EXPECT_EQ(roomy["tip_max_minor"].as<int64_t>(), sample["tip_max_minor"].as<int64_t>());
  EXPECT_EQ(roomy["tiers"][0]["settle_delay"].as<std::string>(),
            sample["tiers"][0]["settle_delay"].as<std::string>());
}

TEST(TipTraffic, TipsStayInsideTheSceneAndKeysNeverRepeat) {
  const auto scene = MakeScene(SampleOptions());
  ASSERT_TRUE(scene.ok()) << scene.status();
  const Zipf popularity(10, 1.0);
  TipTraffic first(*scene, popularity, LoadMode::kBatch, 500, 0, 1);
  TipTraffic second(*scene, popularity, LoadMode::kBatch, 500, 1, 1);
  std::set<std::string> keys;
  for (TipTraffic* traffic : {&first, &first, &second}) {
    const v1::AuthorizeTipsRequest request = NextRequest(*traffic);
    for (const v1::TipIntent& tip : request.tips()) {
      EXPECT_TRUE(keys.insert(tip.idempotency_key()).second);
      EXPECT_GE(tip.payer_id(), scene->PayerId(0));
      EXPECT_LE(tip.payer_id(), scene->PayerId(99));
      EXPECT_GE(tip.session_id(), scene->SessionId(0));
      EXPECT_LE(tip.session_id(), scene->SessionId(9));
      EXPECT_EQ(tip.streamer_id(), tip.session_id());
    }
  }
}

TEST(LoadScene, RunsShareNobody) {
  LoadScene scene;
  LoadScene next;
  next.run_number = scene.run_number + 1;
  constexpr int64_t kPayersMax = 1'000'000'000;
  EXPECT_LT(scene.PayerId(kPayersMax), next.PayerId(0));
  next.run_number = (1 << 24) - 1;
  EXPECT_GT(next.PayerId(kPayersMax), next.PayerId(0));
}

TEST(TipTraffic, TheSameSeedTipsTheSame) {
  const auto scene = MakeScene(SampleOptions());
  ASSERT_TRUE(scene.ok()) << scene.status();
  const Zipf popularity(10, 1.0);
  TipTraffic first(*scene, popularity, LoadMode::kBatch, 500, 0, 5);
  TipTraffic second(*scene, popularity, LoadMode::kBatch, 500, 0, 5);
  TipTraffic other(*scene, popularity, LoadMode::kBatch, 500, 0, 6);
  const std::string tips = NextRequest(first).SerializeAsString();
  EXPECT_EQ(tips, NextRequest(second).SerializeAsString());
  EXPECT_NE(tips, NextRequest(other).SerializeAsString());
}

TEST(SetupTraffic, MakesEachCallOnceAndRefusesARejection) {
  const auto scene = MakeScene(SampleOptions());
  ASSERT_TRUE(scene.ok()) << scene.status();
  SetupTraffic traffic(OpenSessions(*scene), [](int64_t) {});
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(traffic.Next().has_value());
  EXPECT_FALSE(traffic.Next().has_value());
  const grpc::Slice accepted(std::string("\x08\x01"));
  const grpc::Slice rejected(std::string("\x08\x02"));
  EXPECT_TRUE(traffic.Read(grpc::ByteBuffer(&accepted, 1)).ok());
  EXPECT_FALSE(traffic.Read(grpc::ByteBuffer(&rejected, 1)).ok());
}

}  // namespace
}  // namespace tipgate
