// What goes wrong: on the command line, on the way, and at the gate.
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/gate_error.h"
#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {
namespace {

// Exit status 2, one line on standard error that has `hint` in it, and nothing sent.
struct UsageCase {
  const char* line;
  const char* hint;
};

// ctest names a case by this.
void PrintTo(const UsageCase& usage, std::ostream* out) { *out << "tipctl " << usage.line; }

class TipctlUsageTest : public TipctlTest, public testing::WithParamInterface<UsageCase> {};

TEST_P(TipctlUsageTest, IsRefusedWithAHint) {
  const auto result = Run(GetParam().line);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  ASSERT_EQ(Lines(result.err).size(), 1U) << result.err;
  EXPECT_EQ(result.err.rfind("tipctl: ", 0), 0U) << result.err;
  EXPECT_NE(result.err.find(GetParam().hint), std::string::npos) << result.err;
  EXPECT_TRUE(gate_.script().Requests<v1::AuthorizeTipRequest>("AuthorizeTip").empty());
  EXPECT_TRUE(gate_.script().Requests<v1::GetTipRequest>("GetTip").empty());
  EXPECT_TRUE(gate_.script().Requests<v1::ListTipsRequest>("ListTips").empty());
}

INSTANTIATE_TEST_SUITE_P(
    Lines, TipctlUsageTest,
    testing::Values(
        UsageCase{"", "subcommand"}, UsageCase{"bogus", "subcommand"},
        UsageCase{"recharge", "subcommand"}, UsageCase{"tip", "--payer"},
        UsageCase{"tip --payer 1", "--streamer"}, UsageCase{"check --payer 1", "--streamer"},
        UsageCase{"tip --payer x", "expected a whole number"},
        UsageCase{"tip --payer 0x10", "expected a whole number"},
        UsageCase{"tip --payer 1.5", "expected a whole number"},
        UsageCase{"tip --payer 9223372036854775808", "expected a whole number"},
        UsageCase{"tip --count 2147483648", "expected a whole number"},
        UsageCase{"tip --payer 1 list", "--payer"}, UsageCase{"tip get --payer 1 5", "--payer"},
        UsageCase{"tip get", "TIP or --key"}, UsageCase{"tip get 5 --key k", "excludes"},
        UsageCase{"tip get 5 6", "6"}, UsageCase{"tip list --limit 0", "at least 1"},
        UsageCase{"tip batch --batch-size 0", "at least 1"},
        UsageCase{"tip batch --batch-size 8193", "at most 8192"},
        UsageCase{"tip batch --payer 1", "--payer"}, UsageCase{"tip batch a b", "b"},
        UsageCase{"tip batch /nowhere.json", "/nowhere.json: cannot be read"},
        UsageCase{"tip batch /", "/: cannot be read"},
        UsageCase{"tip list --payer 0", "expected at least 1"},
        UsageCase{"tip list --payer -1", "expected at least 1"},
        UsageCase{"tip list --streamer 0", "expected at least 1"},
        UsageCase{"tip list --session 0", "expected at least 1"},
        UsageCase{"tip list --since yesterday", "expected a time"},
        UsageCase{"tip list --bogus", "--bogus"},
        UsageCase{"payer put 1 --birth-date 1990-02-30", "YYYY-MM-DD"},
        UsageCase{"payer put 1 --age-band old", "UNDER_8"}, UsageCase{"streamer put 1", "--tier"},
        UsageCase{"session open 1", "--streamer"}, UsageCase{"watch --kind bogus", "TIP_ACCEPTED"},
        UsageCase{"watch --count 0", "at least 1"},
        UsageCase{"server info --timeout 10", "expected a duration"}));

TEST_F(TipctlTest, AnEmptyKeyIsNotANewKey) {
  const auto result =
      RunTipctl({"payer", "put", "7", "--verified", "--key", "", "--target", gate_.address()}, {});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(gate_.script().Requests<v1::PutPayerRequest>("PutPayer").empty());
}

TEST_F(TipctlTest, LeadingZerosAreDecimal) {
  gate_.script().Reply("GetTip", v1::GetTipResponse());
  Run("tip get 0100");
  EXPECT_EQ(LastRequest<v1::GetTipRequest>("GetTip").tip_id(), 100);
}

TEST_F(TipctlTest, WhatIsAllowedIsTheGatesBusiness) {
  gate_.script().Fail("GetTip", GateError(grpc::StatusCode::INVALID_ARGUMENT, "tip_id must be > 0",
                                          v1::ERROR_REASON_INVALID_FIELD, "tip_id"));
  const auto result = Run("tip get 0 --json");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err,
            "tipctl: INVALID_ARGUMENT: tip_id must be > 0 (field tip_id, reason INVALID_FIELD)\n");
}

TEST_F(TipctlTest, EveryCallThatFailsExitsWith3) {
  const std::vector<std::pair<std::string, std::string>> commands = {
      {"AuthorizeTip",
       "tip --payer 1 --streamer 1 --session 1 --gift 1 --unit-price-minor 1 "
       "--count 1 --key k"},
      {"CheckTip",
       "check --payer 1 --streamer 1 --session 1 --gift 1 --unit-price-minor 1 "
       "--count 1"},
      {"GetTip", "tip get 1"},
      {"ListTips", "tip list"},
      {"AuthorizeRecharge", "recharge authorize --payer 1 --amount-minor 1 --key k"},
      {"CaptureRecharge", "recharge capture 1 --key k"},
      {"VoidRecharge", "recharge void 1 --key k"},
      {"CheckRecharge", "recharge check --payer 1 --amount-minor 1"},
      {"RefundRecharge", "recharge refund 1 --amount-minor 1 --case c --reason r --key k"},
      {"GetRecharge", "recharge get 1"},
      {"GetAgency", "income agency 1"},
      {"SetPreferences", "payer preferences 1 --public-display on --key k"},
      {"PutPayer", "payer put 1 --key k"},
      {"GetPayer", "payer get 1"},
      {"PausePayer", "payer pause 1 --for 7d --key k"},
      {"PutStreamer", "streamer put 1 --tier L1 --key k"},
      {"GetStreamer", "streamer get 1"},
      {"OpenSession", "session open 1 --streamer 1 --key k"},
      {"CloseSession", "session close 1 --key k"},
      {"GetSession", "session get 1"},
      {"WatchEvents", "watch"},
      {"VerifyJournal", "verify"},
      {"CreateBackup", "backup create"},
      {"ListBackups", "backup list"},
      {"GetServerInfo", "server info"}};
  for (const auto& [rpc, line] : commands) {
    gate_.script().Fail(rpc, GateError(grpc::StatusCode::RESOURCE_EXHAUSTED, "back off",
                                       v1::ERROR_REASON_OVERLOADED));
    const auto result = Run(line);
    EXPECT_EQ(result.exit_code, 3) << line;
    EXPECT_EQ(result.out, "") << line;
    EXPECT_EQ(result.err, "tipctl: RESOURCE_EXHAUSTED: back off (reason OVERLOADED)\n") << line;
  }
}

TEST_F(TipctlTest, AMessageOfTheGateStaysOnOneLine) {
  gate_.script().Fail("GetTip", {grpc::StatusCode::INTERNAL, "two\nlines"});
  EXPECT_EQ(Run("tip get 1").err, "tipctl: INTERNAL: two\\x0alines\n");
}

TEST_F(TipctlTest, NoGateIsAFriendlyHint) {
  // Port 1 is privileged and, on loopback, nobody's.
  const auto result = RunTipctl({"tip", "get", "1", "--target", "127.0.0.1:1"}, {});
  EXPECT_EQ(result.exit_code, 3);
  ASSERT_EQ(Lines(result.err).size(), 1U) << result.err;
  EXPECT_NE(result.err.find("no gate answers at 127.0.0.1:1; is tipgate running there?"),
            std::string::npos)
      << result.err;
}

TEST_F(TipctlTest, TargetOptionBeatsTheEnvironment) {
  gate_.script().Reply("GetTip", v1::GetTipResponse());
  const auto result =
      RunTipctl({"--target", gate_.address(), "tip", "get", "1"}, {"TIPGATE_TARGET=127.0.0.1:1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(TipctlTest, AWebProxyOfTheShellIsIgnored) {
  gate_.script().Reply("GetTip", v1::GetTipResponse());
  const auto result = RunTipctl({"--target", gate_.address(), "tip", "get", "1"},
                                {"http_proxy=http://127.0.0.1:1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(TipctlTest, OutputThatCannotBeWrittenIsNoSuccess) {
  gate_.script().Reply("GetTip", v1::GetTipResponse());
  for (const char* format : {"--json", "--timeout=9s"}) {
    const auto result =
        RunTipctl({"tip", "get", "1", "--target", gate_.address(), format}, {}, "/dev/full");
    EXPECT_EQ(result.exit_code, 3) << format;
    EXPECT_EQ(result.err, "tipctl: cannot write to standard output\n");
  }
}

TEST_F(TipctlTest, VersionAndHelpSucceed) {
  EXPECT_EQ(Run("--version").exit_code, 0);
  EXPECT_EQ(Run("--version").out.rfind("tipctl ", 0), 0U);
  for (const char* line : {"--help", "tip --help", "tip list --help", "watch --help"}) {
    const auto result = Run(line);
    EXPECT_EQ(result.exit_code, 0) << line;
    EXPECT_NE(result.out.find("Usage: tipctl"), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace tipgate
