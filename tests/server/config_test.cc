#include "server/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

using ::testing::HasSubstr;

constexpr char kRequired[] = "data_dir: data\npolicy_file: ../p.yaml\ngifts_file: /etc/g.yaml\n";

// A file of this test's own: tests may run side by side.
std::string ConfigPath() {
  const auto& test = *::testing::UnitTest::GetInstance()->current_test_info();
  return absl::StrCat(::testing::TempDir(), test.test_suite_name(), ".", test.name(), ".yaml");
}

absl::StatusOr<v1::ServerConfig> Load(const std::string& text) {
  std::ofstream(ConfigPath()) << text;
  return LoadServerConfig(ConfigPath());
}

TEST(Config, LeftOutFieldsHaveTheirDefaults) {
  const auto config = Load(kRequired);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->listen_address(), "127.0.0.1:7443");
  EXPECT_EQ(config->metrics_address(), "127.0.0.1:9464");
  EXPECT_EQ(Milliseconds(config->idempotency_retention()), 7 * kDayMs);
  EXPECT_EQ(config->queue_calls_max(), 65'536);
  EXPECT_EQ(config->queue_requests_max(), 262'144);
  EXPECT_EQ(config->batch_requests_max(), 8'192);
  EXPECT_EQ(config->grpc_threads(), 1);
  EXPECT_EQ(config->reader_threads(), 1);
  EXPECT_EQ(config->tip_streams_max(), 1000);
  EXPECT_EQ(config->watchers_max(), 64);
  EXPECT_EQ(Milliseconds(config->checkpoint_interval()), 10 * kSecondMs);
  EXPECT_EQ(Milliseconds(config->clock_jump_max()), kHourMs);
  EXPECT_EQ(config->payers_max(), 1'000'000'000);
  EXPECT_EQ(config->payers_resident_max(), 10'000'000);
  EXPECT_EQ(config->streamers_max(), 5'000'000);
  EXPECT_EQ(config->sessions_max(), 5'000'000);
  EXPECT_EQ(config->recharges_max(), 5'000'000);
  EXPECT_EQ(config->tips_max(), 5'000'000);
  EXPECT_EQ(config->income_jobs_max(), 100'000);
  EXPECT_EQ(config->message_bytes_max(), 4 << 20);
  EXPECT_EQ(config->block_cache_bytes(), 512 << 20);
  EXPECT_EQ(config->key_filter_bytes(), 512 << 20);
  EXPECT_EQ(config->disk_warn_bytes(), int64_t{4} << 30);
  EXPECT_EQ(config->disk_stop_bytes(), int64_t{1} << 30);
}

TEST(Config, PathsAreRelativeToTheFile) {
  const auto config = Load(kRequired);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->data_dir(), absl::StrCat(::testing::TempDir(), "data"));
  EXPECT_THAT(config->policy_file(), ::testing::EndsWith("/p.yaml"));
  EXPECT_THAT(config->policy_file(), ::testing::Not(HasSubstr("..")));
  EXPECT_EQ(config->gifts_file(), "/etc/g.yaml");
}

TEST(Config, WrittenFieldsStay) {
  const auto config =
      Load(absl::StrCat(kRequired, "listen_address: '[::1]:0'\nqueue_calls_max: 2\n"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->listen_address(), "[::1]:0");
  EXPECT_EQ(config->queue_calls_max(), 2);
}

struct Bound {
  const char* field;
  const char* min;
  const char* max;
  const char* below;
  const char* above;
};

TEST(Config, EachRangeHoldsAtItsEdges) {
  const Bound bounds[] = {
      {"idempotency_retention", "1m", "90d", "59s999ms", "90d1ms"},
      {"queue_calls_max", "2", "1048576", "1", "1048577"},
      {"queue_requests_max", "8192", "16777216", "8191", "16777217"},
      {"batch_requests_max", "1", "16384", "0", "16385"},
      {"grpc_threads", "1", "64", "0", "65"},
      {"reader_threads", "1", "64", "-1", "65"},
      {"tip_streams_max", "1", "100000", "0", "100001"},
      {"watchers_max", "1", "10000", "0", "10001"},
      {"checkpoint_interval", "10ms", "1h", "9ms", "1h1ms"},
      {"clock_jump_max", "1s", "366d", "999ms", "366d1ms"},
      {"payers_max", "1", "1000000000", "0", "1000000001"},
      {"payers_resident_max", "1", "100000000", "0", "100000001"},
      {"streamers_max", "1", "100000000", "0", "100000001"},
      {"sessions_max", "1", "100000000", "0", "100000001"},
      {"recharges_max", "1", "100000000", "0", "9223372036854775807"},
      {"tips_max", "1", "100000000", "0", "100000001"},
      {"income_jobs_max", "1", "1000000", "0", "1000001"},
      {"message_bytes_max", "65536", "67108864", "65535", "67108865"},
      {"block_cache_bytes", "1048576", "1099511627776", "1048575", "1099511627777"},
      {"key_filter_bytes", "1048576", "1099511627776", "1048575", "1099511627777"},
      {"disk_stop_bytes", "67108864", "1099511627776", "67108863", "1099511627777"},
      {"disk_warn_bytes", "1073741824", "1125899906842624", "1073741823", "1125899906842625"},
      {"backup_bytes_per_second_max", "1048576", "1099511627776", "1048575", "1099511627777"},
      {"backups_kept_max", "1", "10000", "0", "10001"},
  };
  for (const Bound& bound : bounds) {
    for (const char* good : {bound.min, bound.max}) {
      const auto config = Load(absl::StrCat(kRequired, bound.field, ": ", good));
      EXPECT_TRUE(config.ok()) << config.status();
    }
    for (const char* bad : {bound.below, bound.above}) {
      const auto config = Load(absl::StrCat(kRequired, bound.field, ": ", bad));
      EXPECT_TRUE(absl::IsInvalidArgument(config.status()));
      EXPECT_EQ(
          config.status().message(),
          absl::StrCat(ConfigPath(), ":4:", std::string(bound.field).size() + 3, ": ", bound.field,
                       ": expected ", bound.min, " .. ", bound.max, ", found ", bad));
    }
  }
}

TEST(Config, TheDiskWarningDoesNotComeAfterTheStop) {
  const auto config = Load(absl::StrCat(kRequired, "disk_stop_bytes: 8589934592\n"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->disk_warn_bytes(), int64_t{8} << 30);
  const std::string both = absl::StrCat(kRequired, "disk_stop_bytes: 67108864\ndisk_warn_bytes: ");
  EXPECT_TRUE(Load(both + "67108864\n").ok());
  const absl::Status status = Load(both + "67108863\n").status();
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(":5:18: disk_warn_bytes: expected 67108864 .. 1125899906842624, found "
                        "67108863"));
}

TEST(Config, WrongFieldsAreRefused) {
  const std::pair<std::string, const char*> refusals[] = {
      {"policy_file: p\ngifts_file: g\n", ":1:1: data_dir: expected a path, found nothing"},
      {"data_dir: d\ngifts_file: g\n", ":1:1: policy_file: expected a path, found nothing"},
      {"data_dir: d\npolicy_file: p\n", ":1:1: gifts_file: expected a path, found nothing"},
      {"data_dir: ''\npolicy_file: p\ngifts_file: g\n",
       ":1:11: data_dir: expected a path, found \"\""},
      {absl::StrCat(kRequired, "queue_calls_max: 1000\n"),
       ":4:18: queue_calls_max: expected a power of two, found 1000"},
      {absl::StrCat(kRequired, "listen_address: ''\n"),
       ":4:17: listen_address: expected host:port"},
      {absl::StrCat(kRequired, "metrics_address: localhost\n"),
       ":4:18: metrics_address: expected host:port with a name or an IPv4 address and a port 0 .. "
       "65535, such as 127.0.0.1:9464, found \"localhost\""},
      {absl::StrCat(kRequired, "metrics_address: '[::1]:0'\n"),
       ":4:18: metrics_address: expected host:port with a name or an IPv4 address"},
      {absl::StrCat(kRequired, "listen: a:1\n"),
       ":4:1: expected a field of ServerConfig, found \"listen\""},
      {absl::StrCat(kRequired, "listen_adress: a:1\n"), "(did you mean listen_address?)"},
  };
  for (const auto& [text, error] : refusals) {
    const auto config = Load(text);
    EXPECT_TRUE(absl::IsInvalidArgument(config.status())) << text;
    EXPECT_THAT(std::string(config.status().message()), ::testing::StartsWith(ConfigPath()));
    EXPECT_THAT(std::string(config.status().message()), HasSubstr(error));
  }
}

TEST(Config, ListenAddressesAreHostAndPort) {
  for (const char* good : {"127.0.0.1:0", "0.0.0.0:65535", "localhost:1", "[::]:7443",
                           "[fe80::1%eth0]:1", "a-b_c.d:80"}) {
    EXPECT_TRUE(IsListenAddress(good)) << good;
  }
  for (const char* bad :
       {"",        ":",          ":1",      "a:",       "a",
        "a:65536", "a:-1",       "a:+1",    "a:1x",     "a: 1",
        "a b:1",   "::1:1",      "[::1]",   "[]:1",     "[::1:1",
        "::1]:1",  "http://a:1", "unix:/x", "a:000001", "a:99999999999999999999"}) {
    EXPECT_FALSE(IsListenAddress(bad)) << bad;
  }
}

TEST(Config, MetricsAddressesAreNotOfIpv6) {
  for (const char* good : {"127.0.0.1:0", "0.0.0.0:65535", "localhost:1"}) {
    EXPECT_TRUE(IsMetricsAddress(good)) << good;
  }
  for (const char* bad : {"", "a", "a:65536", "[::]:9464", "[::1]:0"}) {
    EXPECT_FALSE(IsMetricsAddress(bad)) << bad;
  }
}

TEST(Config, LoopbackAddressesReachThisMachineAlone) {
  for (const char* good : {"127.0.0.1:0", "127.9.9.9:1", "localhost:7443", "[::1]:7443"}) {
    EXPECT_TRUE(IsLoopback(good)) << good;
  }
  for (const char* bad :
       {"", "127.0.0.1", "0.0.0.0:1", "[::]:1", "128.0.0.1:1", "127.example.com:1",
        "127.0.0.1.example.com:1", "10.0.0.1:1", "gate:1", "LOCALHOST.example:1"}) {
    EXPECT_FALSE(IsLoopback(bad)) << bad;
  }
}

TEST(Config, IdentitiesThatAreOnlyClaimedStayOnThisMachine) {
  EXPECT_FALSE(Load(kRequired)->development_identities());
  const std::string development = absl::StrCat(kRequired, "development_identities: true\n");
  EXPECT_TRUE(Load(development).ok());
  EXPECT_TRUE(Load(development + "listen_address: '[::1]:0'\n").ok());
  const absl::Status status = Load(development + "listen_address: 0.0.0.0:7443\n").status();
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(":4:25: development_identities: expected false, or a loopback "
                        "listen_address such as 127.0.0.1:7443, found true with 0.0.0.0:7443"));
  // The address of a flag counts instead.
  EXPECT_FALSE(LoadServerConfig(ConfigPath(), "10.0.0.1:1").ok());
  EXPECT_TRUE(LoadServerConfig(ConfigPath(), "127.0.0.1:1").ok());
  EXPECT_TRUE(Load(absl::StrCat(kRequired, "listen_address: 0.0.0.0:7443\n")).ok());
}

TEST(Config, TheSampleLoads) {
  const auto config = LoadServerConfig(TIPGATE_SOURCE_DIR "/deploy/tipgate.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->policy_file(), TIPGATE_SOURCE_DIR "/deploy/policy.yaml");
  EXPECT_EQ(config->gifts_file(), TIPGATE_SOURCE_DIR "/deploy/gifts.yaml");
}

}  // namespace
}  // namespace tipgate
