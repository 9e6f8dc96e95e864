#include "bench/evening.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/evening_catalog.h"
#include "bench/evening_habits.h"

namespace tipgate {
namespace {

// Chances in 10,000.
constexpr int64_t kRepeatPer10000 = 100;    // of tips: the app retries with the same key
constexpr int64_t kChangedPer10000 = 10;    // of tips: the app reuses the key for another payload
constexpr int64_t kRechargePer10000 = 600;  // of actions
constexpr int64_t kComboPer10000 = 120;     // of actions
constexpr int64_t kOddPer10000 = 60;        // of actions: a tip that cannot pass
constexpr int64_t kIntoBattlePer10000 = 7'000;  // of actions while a battle goes on

constexpr int64_t kRepeatStepsMax = 2'000;  // a retry comes so many actions later at most
constexpr int kBattles = 20;                // in an evening,
constexpr int kBattleShare = 100;           // each for a hundredth of its tips,
constexpr int kBattleAmong = 5;             // between two of the most popular fifth of streamers
constexpr int kClosings = 6;

// What a seed means: the cast and the plot draw from different sequences.
constexpr uint64_t kPlotSalt = 0x706c6f74;

EveningAction MakeAction(EveningActionKind kind, EveningTip tip) {
  EveningAction action;
  action.kind = kind;
  action.tips.push_back(std::move(tip));
  return action;
}

}  // namespace

Evening::Evening(const EveningOptions& options)
    : options_(options),
      cast_(options),
      random_(options.seed ^ kPlotSalt),
      popularity_(PopularityWeights(options.sessions)),
      gifts_(GiftChoices()),
      is_closed_(static_cast<size_t>(options.sessions)) {}

v1::PutPayerRequest Evening::PutPayer(const EveningPayer& payer) const {
  v1::PutPayerRequest request;
  request.set_idempotency_key(Key("payer", payer.payer_id));
  request.set_payer_id(payer.payer_id);
  *request.mutable_facts() = payer.facts;
  return request;
}

v1::PutStreamerRequest Evening::PutStreamer(const EveningStreamer& streamer) const {
  v1::PutStreamerRequest request;
  request.set_idempotency_key(Key("streamer", streamer.streamer_id));
  request.set_streamer_id(streamer.streamer_id);
  *request.mutable_facts() = streamer.facts;
  return request;
}

v1::OpenSessionRequest Evening::OpenSession(const EveningStreamer& streamer) const {
  v1::OpenSessionRequest request;
  request.set_idempotency_key(Key("open", streamer.session_id));
  request.set_session_id(streamer.session_id);
  request.set_streamer_id(streamer.streamer_id);
  return request;
}

v1::CloseSessionRequest Evening::CloseSession(int64_t session_id) const {
  v1::CloseSessionRequest request;
  request.set_idempotency_key(Key("close", session_id));
  request.set_session_id(session_id);
  return request;
}

std::optional<EveningAction> Evening::Next() {
  ++step_;
  CloseEarly();
  if (!announced_.empty()) {
    EveningAction action = std::move(announced_.front());
    announced_.pop_front();
    return action;
  }
  if (std::optional<EveningAction> repeat = TakeRepeat()) return repeat;
  if (tips_count_ >= options_.tips) return std::nullopt;
  AdvanceBattle();
  if (random_.Chance(kRechargePer10000)) return MakeRecharge();
  return MakeTips();
}

// Battles begin at even distances.
void Evening::AdvanceBattle() {
  const int64_t begin = int64_t{options_.tips} * battles_count_ / kBattles;
  if (tips_count_ < begin || IsBattle()) return;
  const int64_t among = options_.sessions / kBattleAmong;
  battle_.left = static_cast<size_t>(random_.Below(among));
  const size_t distance = static_cast<size_t>(random_.Between(1, among - 1));
  battle_.right = (battle_.left + distance) % static_cast<size_t>(among);
  battle_.until_tips = tips_count_ + std::max(1, options_.tips / kBattleShare);
  ++battles_count_;
}

// The least popular sessions end early, at even distances; their streamers try to go live again.
void Evening::CloseEarly() {
  if (closed_count_ == kClosings) return;
  if (tips_count_ < int64_t{options_.tips} * (closed_count_ + 1) / (kClosings + 1)) return;
  const size_t closing = is_closed_.size() - 1 - static_cast<size_t>(closed_count_);
  is_closed_[closing] = true;
  ++closed_count_;
  const EveningStreamer& streamer = cast_.streamers()[closing];
  EveningAction close;
  close.kind = EveningActionKind::kClose;
  close.close = CloseSession(streamer.session_id);
  announced_.push_back(std::move(close));
  EveningAction reopen;
  reopen.kind = EveningActionKind::kReopen;
  reopen.open.set_idempotency_key(Key("reopen", streamer.session_id));
  reopen.open.set_session_id(streamer.session_id + options_.sessions * 2);
  reopen.open.set_streamer_id(streamer.streamer_id);
  announced_.push_back(std::move(reopen));
}

EveningAction Evening::MakeRecharge() {
  EveningAction action;
  action.kind = EveningActionKind::kRecharge;
  const Purse purse = DrawRecharger(random_);
  const int64_t number = recharges_count_++;
  EveningRecharge& recharge = action.recharge;
  recharge.request.set_idempotency_key(Key("recharge", number));
  recharge.request.set_payer_id(cast_.payers()[DrawPayer(purse)].payer_id);
  recharge.request.set_amount_minor(DrawRechargeAmount(purse, random_));
  recharge.end = DrawRechargeEnd(random_);
  recharge.end_key = Key("recharge-end", number);
  if (recharge.end == EveningRechargeEnd::kCaptureLate) {
    recharge.request.mutable_hold_duration()->set_seconds(1);  // is over before the capture comes
  }
  return action;
}

EveningAction Evening::MakeTips() {
  if (random_.Chance(kOddPer10000)) return MakeAction(EveningActionKind::kTip, MakeOddTip());
  const bool is_battle = IsBattle() && random_.Chance(kIntoBattlePer10000);
  const bool goes_left = random_.Chance(6'000);  // one of the two is ahead
  const size_t streamer = is_battle ? (goes_left ? battle_.left : battle_.right) : DrawStreamer();
  const Purse purse = DrawTipper(random_);
  EveningTip first = MakeTip(purse, streamer);
  if (purse != Purse::kDevotee && !random_.Chance(kComboPer10000)) {
    ScheduleRepeats(&first);
    return MakeAction(is_battle ? EveningActionKind::kPkTip : EveningActionKind::kTip, first);
  }
  EveningAction combo;
  combo.kind = EveningActionKind::kCombo;
  first.intent.set_count(1);
  const int64_t length = std::min<int64_t>(random_.Between(8, 40), options_.tips - tips_count_ + 1);
  for (int64_t i = 0; i < length; ++i) {
    EveningTip tip = first;
    if (i > 0) tip.intent.set_idempotency_key(Key("tip", tips_count_++));
    ScheduleRepeats(&tip);
    combo.tips.push_back(std::move(tip));
  }
  return combo;
}

EveningTip Evening::MakeTip(Purse purse, size_t streamer) {
  const EveningGift& gift = EveningCatalog()[gifts_[static_cast<size_t>(purse)].Draw(random_)];
  EveningTip tip;
  tip.intent.set_idempotency_key(Key("tip", tips_count_++));
  tip.intent.set_payer_id(cast_.payers()[DrawPayer(purse)].payer_id);
  tip.intent.set_streamer_id(cast_.streamers()[streamer].streamer_id);
  tip.intent.set_session_id(cast_.streamers()[streamer].session_id);
  tip.intent.set_gift_id(gift.gift_id);
  tip.intent.set_unit_price_minor(gift.unit_price_minor);
  tip.intent.set_count(DrawCount(gift.unit_price_minor, random_));
  return tip;
}

EveningTip Evening::MakeOddTip() {
  EveningTip tip = MakeTip(Purse::kRegular, DrawStreamer());
  Twist(random_.Below(12), &tip);
  return tip;
}

// Makes a good tip wrong in one of 12 ways; the last three are malformed.
void Evening::Twist(int64_t how, EveningTip* tip) {
  v1::TipIntent& intent = tip->intent;
  const auto to = [&intent](const EveningStreamer& streamer) {
    intent.set_streamer_id(streamer.streamer_id);
    intent.set_session_id(streamer.session_id);
  };
  switch (how) {
    case 0:
    case 1:  // a session that has ended
      if (closed_count_ > 0) {
        to(cast_.streamers()[is_closed_.size() - 1 -
                             static_cast<size_t>(random_.Below(closed_count_))]);
      }
      return;
    case 2:
      return intent.set_payer_id(cast_.unknown_id());
    case 3:
      return intent.set_session_id(cast_.unknown_id());
    case 4:
      return intent.set_streamer_id(cast_.unknown_id());
    case 5:  // another streamer's session
      return intent.set_session_id(cast_.streamers()[DrawStreamer()].session_id);
    case 6:
      return to(cast_.ineligible()[static_cast<size_t>(random_.Below(3))]);
    case 7:  // off sale, or a price that has changed
      if (random_.Chance(5'000)) intent.set_gift_id(EveningCatalog().back().gift_id);
      return intent.set_unit_price_minor(EveningCatalog().back().unit_price_minor);
    case 8:
      return intent.set_gift_id(EveningCatalog().back().gift_id + 1);
    case 9:
      intent.set_count(random_.Chance(5'000) ? 0 : 10'000);
      break;
    case 10:
      intent.clear_idempotency_key();
      break;
    case 11:  // an intent of 2001: older than any gate remembers keys
      intent.mutable_create_time()->set_seconds(1'000'000'000);
      break;
  }
  tip->expectation = EveningExpectation::kMalformed;
}

void Evening::ScheduleRepeats(EveningTip* tip) {
  const bool is_retried = random_.Chance(kRepeatPer10000);
  const bool is_changed = random_.Chance(kChangedPer10000);
  tip->is_repeated = is_retried || is_changed;
  if (is_retried) {
    EveningTip retry = *tip;
    retry.expectation = EveningExpectation::kSameAnswer;
    repeats_.emplace(step_ + random_.Between(1, kRepeatStepsMax), std::move(retry));
  }
  if (is_changed) {
    EveningTip changed = *tip;
    changed.expectation = EveningExpectation::kKeyReused;
    changed.intent.set_count(changed.intent.count() + 1);
    repeats_.emplace(step_ + random_.Between(1, kRepeatStepsMax), std::move(changed));
  }
}

// A repeat that is due, or any once the new tips are over. Many come by another way than the first
// tip did.
std::optional<EveningAction> Evening::TakeRepeat() {
  if (repeats_.empty()) return std::nullopt;
  const auto next = repeats_.begin();
  if (next->first > step_ && tips_count_ < options_.tips) return std::nullopt;
  EveningTip tip = std::move(next->second);
  repeats_.erase(next);
  const bool is_streamed = random_.Chance(5'000);
  return MakeAction(is_streamed ? EveningActionKind::kPkTip : EveningActionKind::kTip,
                    std::move(tip));
}

size_t Evening::DrawPayer(Purse purse) {
  const std::vector<size_t>& payers = cast_.OfPurse(purse);
  return payers[static_cast<size_t>(random_.Below(static_cast<int64_t>(payers.size())))];
}

size_t Evening::DrawStreamer() {
  size_t drawn = popularity_.Draw(random_);
  while (is_closed_[drawn]) drawn = popularity_.Draw(random_);
  return drawn;
}

std::string Evening::Key(absl::string_view what, int64_t number) const {
  return absl::StrCat("evening-", options_.run_id, "-", what, "-", number);
}

}  // namespace tipgate
