#include "tests/oracle/scene.h"

#include "absl/time/time.h"
#include "tests/oracle/invariant.h"

namespace tipgate::oracle {

int64_t Local(const std::string& time) {
  absl::Time parsed;
  std::string error;
  Require(absl::ParseTime("%Y-%m-%d %H:%M:%E3S%Ez", time + "+08:00", &parsed, &error),
          "a local time of a test");
  return absl::ToUnixMillis(parsed);
}

Policy SamplePolicy() {
  Policy policy;
  policy.gift_price_max = 300'000;
  policy.tip_max = 500'000;
  policy.day_limit = 2'000'000;
  policy.month_limit = 10'000'000;
  policy.reminder_permille = {300, 500, 800, 1000};
  policy.tiers = {
      {"L1", 2'000'000, 4 * kHourMs, 3, 30 * kMinuteMs, 7 * kDayMs},
      {"L2", 10'000'000, 6 * kHourMs, 4, 15 * kMinuteMs, 3 * kDayMs},
      {"L3", 50'000'000, 8 * kHourMs, 6, 10 * kMinuteMs, 1 * kDayMs},
  };
  policy.settle_delays = {{100'000, 7 * kDayMs}};
  policy.recharge = {500'000, 2'000'000, 5'000'000, 30 * kMinuteMs};
  return policy;
}

PayerFacts AdultFacts() {
  PayerFacts facts;
  facts.real_name_verified = true;
  facts.birth_date = BirthDate{1990, 6, 15};
  return facts;
}

StreamerFacts AdultStreamerFacts() {
  StreamerFacts facts;
  facts.real_name_verified = true;
  facts.age_band = AgeBand::kAdult;
  facts.tier = "L1";
  return facts;
}

Scene::Scene(const Policy& policy) : now_ms(Local("2026-05-10 12:00:00.000")) {
  oracle.ActivatePolicy(now_ms, policy);
  PutPayer(kPayer, AdultFacts());
  PutStreamer(kStreamer, AdultStreamerFacts());
  Require(Open(kSession).outcome == Outcome::kAccepted, "the scene's session is open");
}

std::string Scene::NextKey() { return "key-" + std::to_string(++last_id); }

void Scene::PutPayer(int64_t payer_id, const PayerFacts& facts) {
  const ChangeResult result = oracle.PutPayer(now_ms, {NextKey(), payer_id, facts});
  Require(result.error == ErrorReason::kNone, "the scene's payer is put");
}

void Scene::PutStreamer(int64_t streamer_id, const StreamerFacts& facts) {
  const ChangeResult result = oracle.PutStreamer(now_ms, {NextKey(), streamer_id, facts});
  Require(result.error == ErrorReason::kNone, "the scene's streamer is put");
}

OpenSessionResult Scene::Open(int64_t session_id, int64_t streamer_id) {
  return oracle.OpenSession(now_ms, {NextKey(), session_id, streamer_id});
}

void Scene::PutGift(int64_t unit_price) {
  for (const Gift& gift : gifts_) {
    if (gift.gift_id == unit_price) return;
  }
  gifts_.push_back({unit_price, unit_price});
  Require(oracle.PutGifts(now_ms, gifts_) == ErrorReason::kNone, "the scene's gift is put");
}

TipRequest Scene::Request(int64_t unit_price, int64_t count, int64_t payer_id) {
  if (unit_price <= SamplePolicy().gift_price_max) PutGift(unit_price);
  TipRequest request;
  request.idempotency_key = NextKey();
  request.payer_id = payer_id;
  request.streamer_id = kStreamer;
  request.session_id = kSession;
  request.gift_id = unit_price;
  request.unit_price = unit_price;
  request.count = count;
  return request;
}

TipResult Scene::Send(const TipRequest& request) {
  return oracle.AuthorizeTip(now_ms, request, ++last_id);
}

TipResult Scene::Tip(int64_t unit_price, int64_t count, int64_t payer_id) {
  return Send(Request(unit_price, count, payer_id));
}

RechargeResult Scene::Recharge(int64_t amount, int64_t payer_id) {
  AuthorizeRechargeRequest request;
  request.idempotency_key = NextKey();
  request.payer_id = payer_id;
  request.amount = amount;
  return oracle.AuthorizeRecharge(now_ms, request, ++last_id);
}

std::vector<Code> Codes(const Violations& violations) {
  std::vector<Code> codes;
  for (const Violation& violation : violations) codes.push_back(violation.code);
  return codes;
}

}  // namespace tipgate::oracle
