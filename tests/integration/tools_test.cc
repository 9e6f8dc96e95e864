// tipctl, tipbench and tipevening against the real gate.

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "bench/child_process.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

using google::protobuf::Struct;

constexpr absl::Duration kPatience = absl::Minutes(2);

class Tools : public GateTest {
 protected:
  // Runs a program to its end; what it says is in `output_` and `errors_`.
  int Run(const std::string& binary, const std::vector<std::string>& arguments) {
    const std::string output_file = files().Join("tool.out");
    const std::string error_file = files().Join("tool.err");
    std::filesystem::remove(output_file);
    // The shell takes the two apart: "$0" is the file for errors, "$@" the program and its words.
    std::vector<std::string> words = {"-c", "exec \"$@\" 2>\"$0\"", error_file, binary};
    words.insert(words.end(), arguments.begin(), arguments.end());
    auto tool = ChildProcess::Start({"/bin/sh", words, {}, output_file});
    if (!tool.ok()) return -1;
    const int exit_code = tool->WaitExit(kPatience).value_or(-1);
    output_ = ReadFile(output_file);
    errors_ = ReadFile(error_file);
    return exit_code;
  }
  // Runs tipctl with `--json` and words such as "payer get 1"; every line must be an object.
  // Returns the last one.
  Struct Ctl(const std::string& words, int expected_exit_code = 0) {
    std::vector<std::string> arguments = {"--target", gate().target(), "--json"};
    for (const absl::string_view word : absl::StrSplit(words, ' ')) {
      arguments.emplace_back(word);
    }
    EXPECT_EQ(Run(TIPCTL_BINARY, arguments), expected_exit_code) << words << "\n"
                                                                 << output_ << errors_;
    Struct last;
    for (const absl::string_view line : absl::StrSplit(output_, '\n', absl::SkipEmpty())) {
      last.Clear();
      EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(std::string(line), &last).ok())
          << words << ": " << line;
    }
    return last;
  }
  // The text or number at a path such as "decision.outcome".
  static std::string At(const Struct& json, const std::string& path) {
    google::protobuf::Value value;
    *value.mutable_struct_value() = json;
    for (const absl::string_view name : absl::StrSplit(path, '.')) {
      const auto& fields = value.struct_value().fields();
      const auto field = fields.find(std::string(name));
      if (field == fields.end()) return absl::StrCat("no ", name, " in ", json.ShortDebugString());
      value = google::protobuf::Value(field->second);
    }
    return value.has_string_value() ? value.string_value() : absl::StrCat(value.number_value());
  }

  std::string output_;
  std::string errors_;
};

TEST_F(Tools, EachTipctlCommandWorksOnce) {
  more_config_ = "development_identities: true\n";
  StartGate();
  const std::string tip = "--payer 1 --streamer 2 --session 3 --gift 100 --unit-price-minor 100";
  EXPECT_EQ(At(Ctl("payer put 1 --verified --age-band ADULT"), "payer_id"), "1");
  EXPECT_EQ(At(Ctl("streamer put 2 --verified --birth-date 1990-05-01 --tier T1"), "streamer_id"),
            "2");
  EXPECT_EQ(At(Ctl("session open 3 --streamer 2"), "outcome"), "OUTCOME_ACCEPTED");
  EXPECT_EQ(At(Ctl(absl::StrCat("check ", tip, " --count 2")), "decision.amount_minor"), "200");
  const Struct accepted = Ctl(absl::StrCat("tip ", tip, " --count 2 --key k1"));
  EXPECT_EQ(At(accepted, "decision.outcome"), "OUTCOME_ACCEPTED");
  Ctl("tip --payer 9 --streamer 2 --session 3 --gift 100 --unit-price-minor 100 --count 1", 1);
  const std::string tip_id = At(accepted, "decision.tip_id");
  EXPECT_EQ(At(Ctl(absl::StrCat("tip get ", tip_id)), "tip.intent.idempotency_key"), "k1");
  EXPECT_EQ(At(Ctl("tip get --key k1"), "tip.decision.tip_id"), tip_id);
  Ctl("tip list --payer 1");
  EXPECT_THAT(output_, testing::HasSubstr(tip_id));
  EXPECT_EQ(At(Ctl("payer put 3 --verified --age-band ADULT"), "payer_id"), "3");
  EXPECT_EQ(At(Ctl("payer pause 3 --for 7d"), "payer_id"), "3");
  EXPECT_EQ(At(Ctl("payer limits 1 --day-limit-minor 1000"), "outcome"), "OUTCOME_ACCEPTED");
  Ctl("payer limits 1 --day-limit-minor none", 1);
  const std::string token = At(Ctl("payer confirm 1 --scope self_limits"), "token");
  Ctl(absl::StrCat("payer confirm 1 --scope self_limits --proof sms --token ", token));
  Ctl(absl::StrCat("payer limits 1 --day-limit-minor none --token ", token));
  Ctl("payer freeze 3 --case c-1", 3);
  EXPECT_EQ(At(Ctl("payer freeze 3 --case c-1 --identity ann"), "freeze.case_reference"), "c-1");
  Ctl("payer unfreeze 3 --case c-1 --identity ann");
  Ctl("payer unfreeze 3 --case c-1 --identity ann", 3);
  Ctl("payer unfreeze 3 --case c-1 --identity bob");
  EXPECT_EQ(At(Ctl("payer cool-off 3 --for 5m --identity ann"), "payer_id"), "3");
  EXPECT_EQ(At(Ctl("stop --gift 100 --identity ann"), "scope.gift_id"), "100");
  Ctl("stop --gift 100", 3);
  Ctl("stops");
  EXPECT_THAT(output_, testing::HasSubstr("\"identity\":\"ann\""));
  Ctl("lift-stop --gift 100 --identity ann");
  EXPECT_EQ(At(Ctl("lift-stop --gift 100 --identity bob"), "lift_approver"), "");
  const std::string why = " --reason insult --case c-1 --identity ann";
  const Struct muted = Ctl(absl::StrCat("streamer sanction 2 --kind mute --for 1h", why));
  Ctl(absl::StrCat("streamer lift-sanction 2 --sanction ", At(muted, "sanction.sanction_id"), why));
  EXPECT_EQ(At(Ctl("payer get 1"), "payer.tip_day.used_minor"), "200");
  EXPECT_EQ(At(Ctl("streamer get 2"), "streamer.pending_minor"), "200");
  EXPECT_EQ(At(Ctl("session get 3"), "session.received_minor"), "200");
  for (const std::string end : {"capture", "void"}) {
    const Struct held = Ctl("recharge authorize --payer 1 --amount-minor 500");
    const std::string id = At(held, "decision.recharge_id");
    const std::string state = end == "void" ? "VOIDED" : "CAPTURED";
    EXPECT_EQ(At(Ctl(absl::StrCat("recharge ", end, " ", id)), "decision.state"),
              absl::StrCat("RECHARGE_STATE_", state));
  }
  EXPECT_EQ(At(Ctl("session close 3"), "session.session_id"), "3");
  EXPECT_EQ(At(Ctl("watch --kind TIP_ACCEPTED --count 1"), "tip_id"), tip_id);
  Ctl("explain DAY_LIMIT");
  EXPECT_THAT(output_, testing::HasSubstr("\"rule_ids\":[\"T16\"]"));
  EXPECT_EQ(At(Ctl("server info"), "totals.accepted_minor"), "200");
  EXPECT_EQ(At(Ctl("verify"), "totals.accepted_minor"), "200");
  EXPECT_EQ(Run(TIPCTL_BINARY, {"--target", gate().target(), "server", "info"}), 0) << errors_;
}

TEST_F(Tools, EachTipctlCommandAboutIncomeAndBalancesWorksOnce) {
  policy_.more = "wallet: managed\n";
  more_config_ = "development_identities: true\n";
  StartGate();
  Ctl("payer put 1 --verified --age-band ADULT");
  Ctl("streamer put 2 --verified --birth-date 1990-05-01 --tier T1 --agency 5");
  Ctl("session open 3 --streamer 2");
  EXPECT_EQ(At(Ctl("recharge check --payer 1 --amount-minor 500"), "decision.amount_minor"), "500");
  const std::string recharge =
      At(Ctl("recharge authorize --payer 1 --amount-minor 500"), "decision.recharge_id");
  Ctl(absl::StrCat("recharge capture ", recharge));
  const std::string tip =
      "tip --payer 1 --streamer 2 --session 3 --gift 100 --unit-price-minor 100";
  const std::string held = At(Ctl(absl::StrCat(tip, " --count 2 --hold")), "decision.tip_id");
  EXPECT_EQ(
      At(Ctl(absl::StrCat("tip capture ", held, " --amount-minor 150")), "change.to_balance_minor"),
      "50");
  const std::string voided = At(Ctl(absl::StrCat(tip, " --count 1 --hold")), "decision.tip_id");
  Ctl(absl::StrCat("tip void ", voided));
  const std::string why = " --case c-1 --reason unspent --identity ann";
  const std::string refund = absl::StrCat("recharge refund ", recharge, why);
  Ctl(absl::StrCat(refund, " --amount-minor 351"), 3);
  EXPECT_EQ(At(Ctl(absl::StrCat(refund, " --amount-minor 350")), "balance_minor"), "0");
  EXPECT_EQ(At(Ctl(absl::StrCat("recharge get ", recharge)), "recharge.refunded_minor"), "350");
  EXPECT_EQ(At(Ctl("income freeze --streamer 2 --case c-2 --identity ann"), "job.action"),
            "INCOME_ACTION_FREEZE");
  EXPECT_EQ(At(Ctl("income release --whole-case --case c-2 --identity ann"), "job.action"),
            "INCOME_ACTION_RELEASE");
  const Struct job = Ctl(absl::StrCat("income refund --tip ", held, " --permille 500", why));
  EXPECT_EQ(At(Ctl(absl::StrCat("income job ", At(job, "job.job_id"))), "job.tips_count"), "1");
  Ctl("income jobs");
  Ctl("income delay 2 --delay 5d --identity ann");
  Ctl("income agency 5", 3);  // nothing has settled for it
  EXPECT_EQ(At(Ctl(absl::StrCat("tip refund ", held, " --amount-minor 5", why)),
               "change.to_balance_minor"),
            "5");
  Ctl("payer preferences 1 --reminders off", 1);
  EXPECT_EQ(At(Ctl("payer preferences 1 --public-display on"), "outcome"), "OUTCOME_ACCEPTED");
  EXPECT_EQ(At(Ctl("payer get 1"), "payer.balance_minor"), "80");
  Ctl("verify");
}

TEST_F(Tools, EachTipctlCommandAboutPoliciesWorksOnce) {
  more_config_ = "development_identities: true\n";
  StartGate();
  const std::vector<std::string> target = {"--target", gate().target()};
  const auto save = [&](const std::vector<std::string>& words, const std::string& file) {
    std::vector<std::string> arguments = target;
    arguments.insert(arguments.end(), words.begin(), words.end());
    EXPECT_EQ(Run(TIPCTL_BINARY, arguments), 0) << errors_;
    WriteFile(file, output_);
  };
  const std::string policy_file = files().Join("policy-1.yaml");
  const std::string gifts_file = files().Join("gifts-1.yaml");
  save({"policy", "get"}, policy_file);
  Ctl("gifts list");
  WriteFile(gifts_file, "gifts:\n  - {gift_id: 100, name: rose, unit_price_minor: 100}\n");
  Ctl(absl::StrCat("policy validate ", policy_file));
  const std::string propose = absl::StrCat("policy propose ", policy_file);
  Ctl(propose, 3);  // nobody known
  const std::string proposal =
      At(Ctl(absl::StrCat(propose, " --note same --identity ann")), "proposal.proposal_id");
  Ctl(absl::StrCat("policy get --proposal ", proposal));
  Ctl(absl::StrCat("policy approve ", proposal, " --identity ann"), 3);
  Ctl(absl::StrCat("policy approve ", proposal, " --identity bob"));
  const std::string rollback = At(Ctl("policy rollback 1 --identity ann"), "proposal.proposal_id");
  Ctl(absl::StrCat("policy withdraw ", rollback, " --identity ann"));
  Ctl("policy list");
  EXPECT_THAT(output_, testing::HasSubstr(rollback));
  EXPECT_EQ(At(Ctl("server info"), "policy_version"), "2");
  Ctl(absl::StrCat("gifts put ", gifts_file, " --identity ann"));
  Ctl("verify");
}

TEST_F(Tools, TipctlSaysWhatFailed) {
  StartGate();
  const std::vector<std::string> get = {"--target", gate().target(), "tip", "get", "--key", "none"};
  EXPECT_EQ(Run(TIPCTL_BINARY, get), 3);
  EXPECT_THAT(errors_, testing::HasSubstr("NOT_FOUND"));
  EXPECT_EQ(Run(TIPCTL_BINARY, {"--target", gate().target(), "payer", "get", "999"}), 3);
  EXPECT_THAT(errors_, testing::HasSubstr("NOT_FOUND"));
  StopGate();
  EXPECT_EQ(Run(TIPCTL_BINARY, {"--target", gate().target(), "server", "info"}), 3);
}

TEST_F(Tools, TipbenchMeasuresAGateOfItsOwn) {
  StartOptions();  // Makes the folder.
  const std::string json_file = files().Join("bench.json");
  ASSERT_EQ(Run(TIPBENCH_BINARY, {"--mode", "batch", "--batch", "50", "--payers", "2000",
                                  "--sessions", "20", "--seconds", "1", "--warmup", "0", "--rounds",
                                  "1", "--echo", "--json", json_file}),
            0)
      << output_ << errors_;
  Struct json;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(ReadFile(json_file), &json).ok());
  for (const std::string name : {"tips_per_second", "echo_per_second", "ratio", "p50_us", "p99_us",
                                 "p999_us", "accepted", "server_cpu_us_per_tip", "rss_mb_begin",
                                 "rss_mb_end", "disk_bytes_per_tip", "longest_gap_ms"}) {
    EXPECT_GT(json.fields().at(name).number_value(), 0) << name;
  }
  EXPECT_GE(json.fields().at("rejected").number_value(), 0);
  EXPECT_EQ(json.fields().at("errors").number_value(), 0);
}

TEST_F(Tools, TipbenchMeasuresTipsBesideOrdersAboutMany) {
  StartOptions();  // Makes the folder.
  const std::string json_file = files().Join("bench.json");
  ASSERT_EQ(Run(TIPBENCH_BINARY,
                {"--mode", "unary", "--rate", "100", "--payers", "100", "--sessions", "5",
                 "--seconds", "1", "--warmup", "0", "--income-tips", "3000", "--json", json_file}),
            0)
      << output_ << errors_;
  Struct json;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(ReadFile(json_file), &json).ok());
  for (const std::string action : {"freeze", "refund"}) {
    const auto& fields = json.fields().at(action).struct_value().fields();
    EXPECT_GE(fields.at("tips").number_value(), 3'000) << action;
    EXPECT_GT(fields.at("p99_us").number_value(), 0) << action;
    EXPECT_EQ(fields.at("unsent").number_value(), 0) << action;
  }
}

TEST_F(Tools, AnEveningChecksOut) {
  GateProcessOptions options = StartOptions();
  options.config_file = SampleFile("tipgate.yaml");
  // An evening of seconds wants a cooling-off of seconds, or nobody comes near a limit.
  options.policy_file = files().Join("sample.yaml");
  WriteFile(options.policy_file,
            absl::StrReplaceAll(ReadFile(SampleFile("policy.yaml")),
                                {{"window: 60s", "window: 1s"}, {"duration: 5m", "duration: 1s"}}));
  auto sample = GateProcess::Start(options);
  ASSERT_TRUE(sample.ok()) << sample.status();
  EXPECT_EQ(Run(TIPEVENING_BINARY, {"--target", (*sample)->target(), "--tips", "5000", "--payers",
                                    "2000", "--sessions", "30", "--no-progress"}),
            0)
      << output_ << errors_;
}

}  // namespace
}  // namespace tipgate
