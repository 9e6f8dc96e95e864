#include "tests/differ/generator.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/differ/call.h"
#include "tests/differ/random_policy.h"

namespace tipgate::differ {
namespace {

using oracle::kDayMs;
using oracle::kHourMs;
using oracle::kMinuteMs;
using oracle::kSecondMs;

constexpr size_t kHistoryMax = 40;
constexpr size_t kTipTimesMax = 8;
constexpr int64_t kCountMax = 9'999;
// Further ahead than this no edge is jumped to: sessions would be over, facts outdated.
constexpr int64_t kJumpMaxMs = 33 * kDayMs;

}  // namespace

Generator::Generator(const Cast& cast, const oracle::Policy& policy, int64_t key_retention_ms,
                     const Random& random)
    : cast_(cast),
      key_retention_ms_(key_retention_ms),
      random_(random),
      policy_(policy),
      calendar_(policy.time_zone) {
  now_ms_ = DrawStart();
}

const std::vector<Generator::Draw>& Generator::Draws() {
  static const std::vector<Draw>* const kDraws = new std::vector<Draw>{
      {520, &Generator::DrawTip},
      {60, &Generator::DrawCheck},
      {30, &Generator::DrawBatch, false},
      {60, &Generator::DrawRecharge},
      {40, &Generator::DrawCapture},
      {25, &Generator::DrawVoid},
      {15, &Generator::DrawCheckRecharge},
      {15, &Generator::DrawRefundRecharge},
      {40, &Generator::DrawPayer},
      {25, &Generator::DrawStreamer},
      {4, &Generator::DrawPause},
      {40, &Generator::DrawSessionChange},
      {10, &Generator::DrawOpenAnything},
      {5, &Generator::DrawCloseAnything},
      {10, &Generator::DrawPolicy, false},
      {10, &Generator::DrawGifts, false},
      {10, &Generator::DrawProposal, false},
      {20, &Generator::DrawSettlement, false},
      {10, &Generator::DrawLook, false},
      {10, &Generator::DrawSessionLook, false},
      {14, &Generator::DrawCheckpointBegin, false},
      {20, &Generator::DrawCheckpointPart, false},
      {14, &Generator::DrawRestart, false},
      {30, &Generator::DrawReplay, false},
      {15, &Generator::DrawAltered, false},
      {30, &Generator::DrawRepeat, false},
      {30, &Generator::DrawSelfLimits},
      {10, &Generator::DrawPreferences},
      {25, &Generator::DrawConfirmation},
      {15, &Generator::DrawCompletion},
      {4, &Generator::DrawCoolingOff},
      {4, &Generator::DrawFreeze},
      {8, &Generator::DrawUnfreeze},
      {1, &Generator::DrawBurst, false},
      {4, &Generator::DrawStop},
      {10, &Generator::DrawLiftStop},
      {6, &Generator::DrawSanction},
      {6, &Generator::DrawLiftSanction},
      {50, &Generator::DrawCaptureTip},
      {25, &Generator::DrawVoidTip},
      {40, &Generator::DrawRefundTip},
      {20, &Generator::DrawFreezeIncome, false},
      {20, &Generator::DrawReleaseIncome, false},
      {3, &Generator::DrawManualDelay},
      {20, &Generator::DrawTipLook, false},
  };
  return *kDraws;
}

Step Generator::Next(const Observations& observations) {
  observations_ = &observations;
  for (const auto& [streamer_id, session_id] : opening_) {
    if (observations.was_accepted()) {
      open_sessions_[streamer_id] = {session_id, observations.max_end_time_ms()};
    }
  }
  opening_.clear();
  ++steps_count_;
  OperationPtr operation = DrawOpening();
  if (operation == nullptr) {
    DrawTime();
    if (aim_.has_value()) operation = DrawTip();
    if (operation == nullptr) operation = DrawFollowUp();
    if (operation == nullptr) operation = DrawCure();
  }
  if (operation == nullptr) operation = DrawOneOf(/*requests_only=*/false);
  if (operation->requests_count() > 0) {
    if (history_.size() == kHistoryMax) history_.erase(history_.begin());
    history_.push_back(operation);
  }
  return {.number = steps_count_, .time_ms = now_ms_, .operation = std::move(operation)};
}

OperationPtr Generator::DrawOneOf(bool requests_only) {
  int weights = 0;
  for (const Draw& draw : Draws()) {
    if (draw.is_of_requests || !requests_only) weights += draw.weight;
  }
  int64_t place = random_.Below(weights);
  for (const Draw& draw : Draws()) {
    if (requests_only && !draw.is_of_requests) continue;
    if ((place -= draw.weight) < 0) return (this->*draw.draw)();
  }
  return nullptr;
}

OperationPtr Generator::DrawOpening() {
  const int64_t step = steps_count_;
  const int64_t streamers_begin = 2 + cast_.payers_count;
  const int64_t sessions_begin = streamers_begin + cast_.streamers_count;
  if (step == 1) return DrawGifts();
  if (step < sessions_begin) {
    const bool is_payer = step < streamers_begin;
    // The last of each kind stays unknown for a while.
    if (step == streamers_begin - 1 || step == sessions_begin - 1) return DrawLook();
    return is_payer ? PutAdultPayer(step - 1) : PutAdultStreamer(step - streamers_begin + 1);
  }
  if (step < sessions_begin + cast_.streamers_count) return OpenOrClose(step - sessions_begin + 1);
  return nullptr;
}

OperationPtr Generator::DrawCure() {
  if (random_.Below(2) == 0) return nullptr;
  using oracle::Code;
  if (observations_->was_refused_by(Code::kStreamerUnavailable) && streamer_of_tip_ != 0) {
    return PutAdultStreamer(streamer_of_tip_);
  }
  if (observations_->was_refused_by(Code::kPayerFrozen) && payer_of_tip_ != 0) {
    return Unfreeze(payer_of_tip_);
  }
  if (observations_->was_refused_by(Code::kEmergencyStop)) return DrawLiftStop();
  if (observations_->was_refused_by(Code::kStreamerSuspended)) return DrawLiftSanction();
  if (observations_->was_refused_by(Code::kConfirmationRequired) && payer_of_tip_ != 0) {
    return Start(payer_of_tip_, oracle::ConfirmationScope::kGate,
                 random_.OneOf({oracle::Period::kDay, oracle::Period::kMonth}));
  }
  for (const Code code : {Code::kMinorBlocked, Code::kYouthMode, Code::kRealNameRequired}) {
    const bool is_cured = observations_->was_refused_by(code) && payer_of_tip_ != 0;
    if (is_cured && random_.Below(2) == 0) return PutAdultPayer(payer_of_tip_);
  }
  return nullptr;
}

OperationPtr Generator::PutAdultPayer(int64_t payer_id) {
  oracle::PutPayerRequest request{.idempotency_key = NextKey(), .payer_id = payer_id};
  request.facts.real_name_verified = true;
  request.facts.age_band = oracle::AgeBand::kAdult;
  return MakeCall("PutPayer", request);
}

OperationPtr Generator::PutAdultStreamer(int64_t streamer_id) {
  oracle::PutStreamerRequest request{.idempotency_key = NextKey(), .streamer_id = streamer_id};
  request.facts.real_name_verified = true;
  request.facts.age_band = oracle::AgeBand::kAdult;
  request.facts.tier = random_.OneOf(policy_.tiers).name;
  return MakeCall("PutStreamer", request);
}

// --- Times --------------------------------------------------------------------------------------

// Somewhere in the year after the gate's first moment, often near a day that is not like others.
int64_t Generator::DrawStart() {
  absl::TimeZone zone;
  absl::LoadTimeZone(policy_.time_zone, &zone);
  using Day = absl::CivilDay;
  const Day day = random_.OneOf({
      Day(2027, 3, 13),   // the day before summer time begins in New York
      Day(2027, 3, 27),   // in London
      Day(2027, 10, 30),  // before it ends in London
      Day(2027, 11, 6),   // in New York
      Day(2028, 4, 27),   // Cairo has no midnight on the 28th
      Day(2028, 2, 28),   // before a leap day
      Day(2028, 2, 29),
      Day(2027, 2, 28),
      Day(2026, 12, 31),
      Day(2027, 4, 30),
      Day(2027, 1, 1) + random_.Below(365),
      Day(2028, 1, 1) + random_.Below(365),
  });
  return absl::ToUnixMillis(absl::FromCivil(day, zone)) + random_.Below(24 * kHourMs);
}

// A moment at which something changes, or 1 ms beside it.
int64_t Generator::DrawEdgeMs() {
  const std::vector<int64_t>& times_ms = observations_->times_ms();
  const int64_t kind = random_.Below(times_ms.empty() ? 2 : 10);
  int64_t edge_ms = 0;
  if (kind == 0) {
    edge_ms = calendar_.NextDayStart(now_ms_);
  } else if (kind == 1) {
    edge_ms = random_.Below(5) == 0 ? calendar_.NextMonthStart(now_ms_)
                                    : calendar_.NextDayStart(calendar_.NextDayStart(now_ms_));
  } else if (kind <= 3 && !tip_times_.empty() && policy_.cooling_off.has_value()) {
    aim_ = random_.OneOf(tip_times_);
    edge_ms = aim_->time_ms + policy_.cooling_off->window_ms;
  } else {
    edge_ms = random_.OneOf(times_ms);
  }
  return edge_ms + random_.Edge();
}

void Generator::DrawTime() {
  const int64_t kind = random_.Below(100);
  if (kind < 45) return;
  int64_t next_ms = now_ms_;
  if (kind < 70) {
    next_ms += random_.Below(2 * kSecondMs);
  } else if (kind < 82) {
    next_ms += random_.Below(5 * kMinuteMs);
  } else if (kind < 86) {
    next_ms += random_.Below(3 * kHourMs);
  } else {
    next_ms = DrawEdgeMs();
    // Long jumps end sessions: not too many of them.
    if (next_ms - now_ms_ > 6 * kHourMs && random_.Below(3) != 0) return;
  }
  if (next_ms < now_ms_ || next_ms - now_ms_ > kJumpMaxMs) return;
  now_ms_ = next_ms;
}

// --- Tips ---------------------------------------------------------------------------------------

std::string Generator::NextKey() {
  // Now and then one that was used for something else.
  if (keys_count_ > 0 && random_.Permille(5)) {
    return absl::StrCat("k", random_.Between(1, keys_count_));
  }
  return absl::StrCat("k", ++keys_count_);
}

// What the limit leaves, or around it, or anything small.
int64_t Generator::DrawAmount(int64_t limit) {
  const std::vector<int64_t>& amounts = observations_->amounts();
  int64_t amount = 0;
  switch (random_.Below(amounts.empty() ? 3 : 6)) {
    case 0:
      amount = limit + random_.Edge();
      break;
    case 1:
      amount = random_.Between(1, std::max<int64_t>(1, limit / 4));
      break;
    case 2:
      amount = random_.Between(1, 20);
      break;
    default:
      amount = random_.OneOf(amounts) + random_.Edge();
  }
  return std::max<int64_t>(1, amount);
}

int64_t Generator::DrawCount(int64_t unit_price) {
  if (random_.Permille(5)) return kCountMax;
  int64_t limit = policy_.tip_max;
  if (policy_.cooling_off.has_value() && random_.Below(2) == 0) {
    limit = policy_.cooling_off->single_amount.value_or(
        policy_.cooling_off->window_amount.value_or(limit));
  }
  const int64_t count = DrawAmount(limit) / unit_price + random_.Edge();
  return std::clamp<int64_t>(count, 1, kCountMax);
}

std::optional<int64_t> Generator::DrawCreateTime() {
  if (!random_.Permille(60)) return std::nullopt;
  const int64_t age_ms = random_.OneOf<int64_t>({0, kSecondMs, key_retention_ms_, -kMinuteMs});
  return now_ms_ - age_ms + random_.Edge();
}

oracle::TipRequest Generator::DrawTipRequest() {
  const oracle::Gift& gift = random_.Below(2) == 0 ? gifts_.front() : random_.OneOf(gifts_);
  oracle::TipRequest request;
  request.payer_id = AnyPayer();
  request.streamer_id = AnyStreamer();
  if (const auto aim = std::exchange(aim_, std::nullopt); aim.has_value()) {
    request.payer_id = aim->payer_id;
    request.streamer_id = aim->streamer_id;
  }
  const auto open = open_sessions_.find(request.streamer_id);
  const bool is_anywhere = open == open_sessions_.end() || random_.Permille(30);
  request.session_id = is_anywhere ? AnySession() : open->second.id;
  request.gift_id = random_.Permille(10) ? 99 : gift.gift_id;
  request.unit_price = gift.unit_price;
  if (random_.Permille(15)) {
    request.unit_price = std::max<int64_t>(1, gift.unit_price + random_.Edge());
  }
  request.count = DrawCount(request.unit_price);
  request.create_time_ms = DrawCreateTime();
  request.app = DrawApp();
  request.hold = random_.Below(5) == 0;
  if (request.hold && random_.Below(2) == 0) {
    request.hold_ttl_ms = random_.OneOf<int64_t>({kSecondMs, kMinuteMs, kHourMs, kDayMs});
  }
  return request;
}

OperationPtr Generator::DrawTip() {
  oracle::TipRequest request = DrawTipRequest();
  // Where the streamer is not live any more, most often that comes first.
  const auto open = open_sessions_.find(request.streamer_id);
  const bool is_live = open != open_sessions_.end() && now_ms_ < open->second.max_end_time_ms;
  if (!is_live && random_.Below(5) != 0) return OpenOrClose(request.streamer_id);
  // Where the gate keeps balances, somebody must fill them.
  if (policy_.wallet_managed && random_.Below(3) == 0) {
    return random_.Below(2) == 0 ? DrawRecharge() : DrawCapture();
  }
  payer_of_tip_ = request.payer_id;
  if (tip_times_.size() == kTipTimesMax) tip_times_.erase(tip_times_.begin());
  tip_times_.push_back({now_ms_, request.payer_id, request.streamer_id});
  streamer_of_tip_ = request.streamer_id;
  request.idempotency_key = NextKey();
  tips_.push_back(steps_count_);
  if (request.hold || policy_.cooling_off.has_value()) held_tips_.push_back(steps_count_);
  return MakeCall("AuthorizeTip", request);
}

OperationPtr Generator::DrawCheck() {
  return MakeCall("CheckTip", CheckTipRequest{DrawTipRequest()});
}

OperationPtr Generator::DrawBatch() {
  std::vector<oracle::TipRequest> requests;
  for (int64_t left = random_.Between(2, 6); left > 0; --left) {
    requests.push_back(DrawTipRequest());
    requests.back().idempotency_key = NextKey();
    if (random_.Permille(50)) requests.push_back(requests.front());
  }
  return MakeBatch(std::move(requests));
}

// So many small tips of one payer at once that the longest count of a window is reached.
OperationPtr Generator::DrawBurst() {
  oracle::TipRequest request = DrawTipRequest();
  request.gift_id = gifts_.front().gift_id;
  request.unit_price = gifts_.front().unit_price;
  request.count = 1;
  std::vector<oracle::TipRequest> requests;
  for (int64_t left = random_.Between(62, 66); left > 0; --left) {
    requests.push_back(request);
    requests.back().idempotency_key = NextKey();
  }
  return MakeBatch(std::move(requests));
}

// --- Policy, and the gate itself ----------------------------------------------------------------

OperationPtr Generator::DrawPolicy() {
  policy_ = ChangedPolicy(policy_, &random_);
  return MakePolicyChange(policy_);
}

OperationPtr Generator::DrawProposal() {
  if (random_.Below(6) == 0) return MakeWithdrawal();
  const int64_t delay_ms = random_.OneOf<int64_t>({-1, 0, 1, kSecondMs, kMinuteMs, kDayMs});
  return MakeProposal(ChangedPolicy(policy_, &random_), delay_ms);
}

OperationPtr Generator::DrawGifts() {
  gifts_ = RandomGifts(policy_, &random_);
  return MakeCatalogChange(gifts_);
}

OperationPtr Generator::DrawSettlement() { return MakeSettlement(); }
OperationPtr Generator::DrawLook() { return MakeLook(); }
OperationPtr Generator::DrawSessionLook() { return MakeSessionLook(AnySession()); }
OperationPtr Generator::DrawCheckpointBegin() { return MakeCheckpointBegin(); }
OperationPtr Generator::DrawCheckpointPart() {
  return MakeCheckpointPart(random_.Below(3) == 0 ? 1'000 : random_.Between(1, 6));  // all of it
}
OperationPtr Generator::DrawRestart() { return MakeRestart(); }

// --- Once more ----------------------------------------------------------------------------------

OperationPtr Generator::DrawReplay() { return random_.OneOf(history_); }

OperationPtr Generator::DrawAltered() {
  OperationPtr altered = random_.OneOf(history_)->Altered(&random_);
  return altered != nullptr ? altered : DrawTip();
}

OperationPtr Generator::DrawRepeat() {
  OperationPtr repeated = random_.OneOf(history_)->WithKey(NextKey());
  return repeated != nullptr ? repeated : DrawTip();
}

}  // namespace tipgate::differ
