#include "bench/evening.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "bench/evening_catalog.h"

namespace tipgate {
namespace {

EveningOptions SmallEvening() {
  EveningOptions options;
  options.seed = 42;
  options.run_id = 7;
  options.tips = 20'000;
  options.payers = 10'000;
  options.sessions = 100;
  options.today = absl::CivilDay(2026, 3, 1);
  return options;
}

std::vector<EveningAction> AllOf(const EveningOptions& options) {
  Evening evening(options);
  std::vector<EveningAction> actions;
  while (std::optional<EveningAction> action = evening.Next()) {
    actions.push_back(*std::move(action));
  }
  return actions;
}

std::vector<EveningTip> TipsOf(const EveningOptions& options) {
  std::vector<EveningTip> tips;
  for (const EveningAction& action : AllOf(options)) {
    tips.insert(tips.end(), action.tips.begin(), action.tips.end());
  }
  return tips;
}

// FNV-1a over what a person would call the sequence: independent of how Protobuf lays out bytes.
class Fingerprint {
 public:
  void Add(absl::string_view text) {
    for (const char c : text) AddByte(static_cast<unsigned char>(c));
    AddByte(0xff);
  }
  void Add(int64_t number) {
    for (int shift = 0; shift < 64; shift += 8) {
      AddByte(static_cast<unsigned char>(static_cast<uint64_t>(number) >> shift));
    }
  }
  uint64_t value() const { return value_; }

 private:
  void AddByte(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3; }

  uint64_t value_ = 0xcbf29ce484222325;
};

uint64_t FingerprintOf(const EveningOptions& options) {
  Fingerprint fingerprint;
  for (const EveningAction& action : AllOf(options)) {
    fingerprint.Add(static_cast<int64_t>(action.kind));
    for (const EveningTip& tip : action.tips) {
      fingerprint.Add(tip.intent.idempotency_key());
      fingerprint.Add(tip.intent.payer_id());
      fingerprint.Add(tip.intent.session_id());
      fingerprint.Add(tip.intent.gift_id());
      fingerprint.Add(tip.intent.unit_price_minor());
      fingerprint.Add(tip.intent.count());
      fingerprint.Add(static_cast<int64_t>(tip.expectation));
    }
    fingerprint.Add(action.recharge.request.payer_id());
    fingerprint.Add(action.recharge.request.amount_minor());
    fingerprint.Add(action.close.session_id());
  }
  return fingerprint.value();
}

TEST(Evening, IsTheSameOnEveryMachine) {
  EXPECT_EQ(FingerprintOf(SmallEvening()), 17179433171325494465u);
}

TEST(Evening, IsAnotherOneWithAnotherSeed) {
  EveningOptions other = SmallEvening();
  other.seed = 43;
  EXPECT_NE(FingerprintOf(other), FingerprintOf(SmallEvening()));
}

TEST(Evening, HasExactlyTheTipsThatWereAskedFor) {
  for (const int tips : {1, 77, 20'000}) {
    EveningOptions options = SmallEvening();
    options.tips = tips;
    int fresh = 0;
    for (const EveningTip& tip : TipsOf(options)) {
      fresh += tip.expectation == EveningExpectation::kDecision ||
               tip.expectation == EveningExpectation::kMalformed;
    }
    EXPECT_EQ(fresh, tips);
  }
}

TEST(Evening, KeysAreUniqueButForRepeatsOfAnEarlierTip) {
  std::map<std::string, EveningTip> first;
  for (const EveningTip& tip : TipsOf(SmallEvening())) {
    const std::string& key = tip.intent.idempotency_key();
    if (tip.expectation == EveningExpectation::kMalformed) continue;
    if (tip.expectation == EveningExpectation::kDecision) {
      EXPECT_TRUE(first.emplace(key, tip).second) << key;
      continue;
    }
    ASSERT_TRUE(first.count(key)) << key;
    EXPECT_TRUE(first[key].is_repeated) << key;
    const bool is_same = tip.intent.SerializeAsString() == first[key].intent.SerializeAsString();
    EXPECT_EQ(is_same, tip.expectation == EveningExpectation::kSameAnswer) << key;
  }
}

TEST(Evening, RunsOnOneGateShareNoKeyAndNoId) {
  EveningOptions second = SmallEvening();
  ++second.run_id;
  std::set<std::string> keys;
  std::set<int64_t> ids;
  for (const EveningTip& tip : TipsOf(SmallEvening())) {
    keys.insert(tip.intent.idempotency_key());
    ids.insert({tip.intent.payer_id(), tip.intent.streamer_id(), tip.intent.session_id()});
  }
  for (const EveningTip& tip : TipsOf(second)) {
    if (tip.intent.idempotency_key().empty()) continue;
    EXPECT_FALSE(keys.count(tip.intent.idempotency_key()));
    EXPECT_FALSE(ids.count(tip.intent.payer_id()));
    EXPECT_FALSE(ids.count(tip.intent.streamer_id()));
    EXPECT_FALSE(ids.count(tip.intent.session_id()));
  }
}

TEST(Evening, OneTipInAHundredIsRetried) {
  int retries = 0;
  int reuses = 0;
  for (const EveningTip& tip : TipsOf(SmallEvening())) {
    retries += tip.expectation == EveningExpectation::kSameAnswer;
    reuses += tip.expectation == EveningExpectation::kKeyReused;
  }
  EXPECT_NEAR(retries, 200, 60);
  EXPECT_NEAR(reuses, 20, 15);
}

TEST(Evening, TheMorePopularTheMoreTips) {
  const EveningOptions options = SmallEvening();
  const Evening evening(options);
  std::map<int64_t, int> tips_of;
  for (const EveningAction& action : AllOf(options)) {
    if (action.kind == EveningActionKind::kTip) ++tips_of[action.tips[0].intent.session_id()];
  }
  // Groups of ranks, wide enough for the law to stand out from chance; tips per 1,000 sessions.
  const std::vector<size_t> bounds = {0, 3, 10, 30, 94};
  std::vector<int> density;
  for (size_t group = 0; group + 1 < bounds.size(); ++group) {
    int tips = 0;
    for (size_t rank = bounds[group]; rank < bounds[group + 1]; ++rank) {
      tips += tips_of[evening.cast().streamers()[rank].session_id];
    }
    density.push_back(tips * 1'000 / static_cast<int>(bounds[group + 1] - bounds[group]));
  }
  for (size_t group = 1; group < density.size(); ++group) {
    EXPECT_GT(density[group - 1] * 10, density[group] * 15) << group;
  }
}

TEST(Evening, BattlesSendAFloodToTwoStreamersAtATime) {
  size_t battles = 0;
  std::set<int64_t> rivals;
  int streamed = 0;
  for (const EveningAction& action : AllOf(SmallEvening())) {
    if (action.kind != EveningActionKind::kPkTip) continue;
    if (action.tips[0].expectation != EveningExpectation::kDecision) continue;
    ++streamed;
    rivals.insert(action.tips[0].intent.session_id());
    if (rivals.size() <= 2) continue;
    ++battles;
    rivals = {action.tips[0].intent.session_id()};
  }
  EXPECT_GE(battles, 10u);
  EXPECT_GT(streamed, 1'000);
}

TEST(Evening, ACombosTipsAreOfOneViewerAndOneGift) {
  int combos = 0;
  for (const EveningAction& action : AllOf(SmallEvening())) {
    if (action.kind != EveningActionKind::kCombo) continue;
    ++combos;
    const v1::TipIntent& first = action.tips[0].intent;
    for (const EveningTip& tip : action.tips) {
      EXPECT_EQ(tip.intent.payer_id(), first.payer_id());
      EXPECT_EQ(tip.intent.session_id(), first.session_id());
      EXPECT_EQ(tip.intent.gift_id(), first.gift_id());
      EXPECT_EQ(tip.intent.count(), 1);
    }
  }
  EXPECT_GT(combos, 50);
}

TEST(Evening, EveryKindOfTroubleOccurs) {
  const EveningOptions options = SmallEvening();
  const Evening evening(options);
  const int64_t unknown = evening.cast().unknown_id();
  std::set<std::string> seen;
  std::set<int64_t> closed;
  for (const EveningAction& action : AllOf(options)) {
    if (action.kind == EveningActionKind::kClose) closed.insert(action.close.session_id());
    if (action.kind == EveningActionKind::kReopen) seen.insert("reopen");
    for (const EveningTip& tip : action.tips) {
      const v1::TipIntent& intent = tip.intent;
      if (tip.expectation == EveningExpectation::kMalformed) seen.insert("malformed");
      if (closed.count(intent.session_id())) seen.insert("closed session");
      if (intent.payer_id() == unknown) seen.insert("unknown payer");
      if (intent.streamer_id() == unknown) seen.insert("unknown streamer");
      if (intent.session_id() == unknown) seen.insert("unknown session");
      if (intent.gift_id() == 9001) seen.insert("disabled gift");
      if (intent.gift_id() == 9002) seen.insert("unknown gift");
      if (intent.unit_price_minor() > 300'000) seen.insert("dear gift");
      if (intent.unit_price_minor() * intent.count() > 500'000) seen.insert("large tip");
      for (const EveningStreamer& streamer : evening.cast().ineligible()) {
        if (intent.session_id() == streamer.session_id) seen.insert("ineligible streamer");
      }
    }
  }
  EXPECT_EQ(seen, (std::set<std::string>{"closed session", "dear gift", "disabled gift",
                                         "ineligible streamer", "large tip", "malformed", "reopen",
                                         "unknown gift", "unknown payer", "unknown session",
                                         "unknown streamer"}));
}

TEST(Evening, MostRechargesAreCapturedAndSomeEndOtherwise) {
  std::map<EveningRechargeEnd, int> ends;
  int recharges = 0;
  for (const EveningAction& action : AllOf(SmallEvening())) {
    if (action.kind != EveningActionKind::kRecharge) continue;
    ++recharges;
    ++ends[action.recharge.end];
  }
  EXPECT_NEAR(recharges, 1'000, 200);
  EXPECT_GT(ends[EveningRechargeEnd::kCapture], recharges * 8 / 10);
  EXPECT_EQ(ends.size(), 4u);
}

TEST(EveningCast, TwoInAHundredAreMinorsAndFiveAreNotVerified) {
  EveningOptions options = SmallEvening();
  options.payers = 60'000;
  const EveningCast cast(options);
  int minors = 0;
  int not_verified = 0;
  for (const EveningPayer& payer : cast.payers()) {
    minors += IsMinor(payer.facts, options.today);
    not_verified += !payer.facts.real_name_verified();
    EXPECT_TRUE(!payer.facts.real_name_verified() ||
                payer.facts.age_case() != v1::PayerFacts::AGE_NOT_SET);
  }
  EXPECT_NEAR(minors, 1'200, 150);
  EXPECT_NEAR(not_verified, 3'000, 250);
}

TEST(EveningCast, SomeTurnEighteenTodayAndSomeTomorrow) {
  const EveningOptions options = SmallEvening();
  const EveningCast cast(options);
  int today = 0;
  int tomorrow = 0;
  for (const EveningPayer& payer : cast.payers()) {
    const bool is_minor = IsMinor(payer.facts, options.today);
    today += !is_minor && IsMinor(payer.facts, options.today - 1);
    tomorrow += is_minor && !IsMinor(payer.facts, options.today + 1);
  }
  EXPECT_GT(today, 20);
  EXPECT_GT(tomorrow, 5);
}

TEST(EveningCast, ThereAreThreeTiersAndThreeWhoMayNotStream) {
  std::map<std::string, int> tiers;
  const EveningCast cast(SmallEvening());
  for (const EveningStreamer& streamer : cast.streamers()) ++tiers[streamer.facts.tier()];
  EXPECT_GT(tiers["L1"], tiers["L2"]);
  EXPECT_GT(tiers["L2"], tiers["L3"]);
  EXPECT_GT(tiers["L3"], 0);
  EXPECT_EQ(cast.ineligible().size(), 3u);
}

TEST(IsMinor, EndsOnTheEighteenthBirthday) {
  v1::PayerFacts facts;
  facts.mutable_birth_date()->set_year(2008);
  facts.mutable_birth_date()->set_month(3);
  facts.mutable_birth_date()->set_day(1);
  EXPECT_TRUE(IsMinor(facts, absl::CivilDay(2026, 2, 28)));
  EXPECT_FALSE(IsMinor(facts, absl::CivilDay(2026, 3, 1)));
}

TEST(EveningCatalog, IsThatOfTheSampleFile) {
  const YAML::Node gifts = YAML::LoadFile(TIPGATE_SOURCE_DIR "/deploy/gifts.yaml")["gifts"];
  ASSERT_EQ(gifts.size(), EveningCatalog().size());
  for (size_t i = 0; i < gifts.size(); ++i) {
    const EveningGift& gift = EveningCatalog()[i];
    EXPECT_EQ(gifts[i]["gift_id"].as<int64_t>(), gift.gift_id);
    EXPECT_EQ(gifts[i]["unit_price_minor"].as<int64_t>(), gift.unit_price_minor) << gift.gift_id;
    EXPECT_EQ(gifts[i]["is_disabled"].as<bool>(false), gift.is_disabled) << gift.gift_id;
    EXPECT_LE(gifts[i]["name"].as<std::string>().size(), 64u) << gift.gift_id;
  }
}

}  // namespace
}  // namespace tipgate
