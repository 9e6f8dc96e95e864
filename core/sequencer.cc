#include "core/sequencer.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "core/fold.h"

namespace tipgate {
namespace {

constexpr RequestError kCreateTimeTooOldError{
    ErrorReason::kCreateTimeTooOld, "create_time",
    "create_time: is older than keys are remembered; ask the user again and use a new key"};
constexpr RequestError kCreateTimeAheadError{ErrorReason::kInvalidField, "create_time",
                                             "create_time: must not lie in the future"};
constexpr RequestError kObserveTimeAheadError{ErrorReason::kInvalidField, "facts.observe_time",
                                              "facts.observe_time: must not lie in the future"};
constexpr RequestError kBirthDateAheadError{ErrorReason::kInvalidField, "facts.birth_date",
                                            "facts.birth_date: must not lie in the future"};
constexpr RequestError kNewerFactsError{ErrorReason::kWrongState, "facts.observe_time",
                                        "facts.observe_time: newer facts are known already"};
constexpr RequestError kPayerUnknownError{ErrorReason::kNotFound, "payer_id",
                                          "payer_id: no such payer"};
constexpr RequestError kTierUnknownError{ErrorReason::kInvalidField, "facts.tier",
                                         "facts.tier: the policy has no such tier"};
constexpr RequestError kPayerTierUnknownError{ErrorReason::kInvalidField, "facts.tier",
                                              "facts.tier: the policy has no such tier of payers"};
constexpr RequestError kNotFrozenError{ErrorReason::kWrongState, "payer_id",
                                       "payer_id: is not frozen"};
constexpr RequestError kSameApproverError{
    ErrorReason::kWrongState, "payer_id",
    "payer_id: a second person must agree, not the one who asked first"};
constexpr RequestError kCapacityError{
    ErrorReason::kCapacityReached, "",
    "the configured maximum of resident records of this kind is reached; raise it and restart"};
constexpr RequestError kBookFullError{
    ErrorReason::kCapacityReached, "",
    "the sum of all amounts nears the largest number; go on with a new data directory"};
constexpr RequestError kRechargeUnknownError{ErrorReason::kNotFound, "recharge_id",
                                             "recharge_id: no such recharge"};
constexpr RequestError kRechargeCapturedError{ErrorReason::kWrongState, "recharge_id",
                                              "recharge_id: is captured already"};
constexpr RequestError kRechargeVoidedError{ErrorReason::kWrongState, "recharge_id",
                                            "recharge_id: is voided already"};
constexpr RequestError kRechargeExpiredError{ErrorReason::kWrongState, "recharge_id",
                                             "recharge_id: has expired, and is released already"};
constexpr RequestError kRechargeReturnedError{
    ErrorReason::kWrongState, "recharge_id",
    "recharge_id: was captured too late and refused; return the money"};
constexpr RequestError kSessionTakenError{ErrorReason::kIdTaken, "session_id",
                                          "session_id: was opened before; use a new id"};
constexpr RequestError kSessionUnknownError{ErrorReason::kNotFound, "session_id",
                                            "session_id: no such session"};
constexpr RequestError kSessionClosedError{ErrorReason::kWrongState, "session_id",
                                           "session_id: is closed already"};

// One more amount on top of this, whatever is asked for, still fits a sum of money.
constexpr Money kBookMax{std::numeric_limits<int64_t>::max() / 2};
static_assert(kBookMax > kRechargeAmountMax && kBookMax > *kUnitPriceMax.Times(kCountMax));

// In some time zone it is tomorrow already.
bool IsBornAhead(const Age& age, Day today) {
  constexpr int32_t kZonesDaysMax = 1;
  return age.birth_date > DateOf(Day(static_cast<int32_t>(today) + kZonesDaysMax));
}

}  // namespace

int64_t RecordsMax(const Command& command) {
  if (const auto* tips = std::get_if<TipsCommand>(&command)) {
    return static_cast<int64_t>(tips->requests.size());
  }
  return 2;  // a change, and the expiry that it may find due
}

void Sequencer::Begin(const Moment& now, Batch* batch) {
  TIPGATE_CHECK(batch_ == nullptr);
  TIPGATE_CHECK(last_sequence_ < RecordId::kSequenceMax);
  batch_ = batch;
  is_closed_ = false;
  for (Entry* entry : {&batch->entry, &batch->dry}) {
    entry->Clear();
    entry->sequence = last_sequence_ + 1;
    entry->moment = now;
  }
  DoWhatIsDue();
}

bool Sequencer::HasRoom(const Command& command) const {
  const size_t used = std::max(batch_->entry.records.size(), batch_->dry.records.size());
  const bool is_empty = used == 0;
  return !is_closed_ &&
         (is_empty || static_cast<int64_t>(used) + RecordsMax(command) <= kEntryRecordsMax);
}

void Sequencer::Execute(Command& command) {
  TIPGATE_CHECK(batch_ != nullptr);
  std::visit([this](auto& content) { Run(content); }, command);
}

bool Sequencer::End() {
  const bool has_records = !batch_->entry.records.empty();
  if (has_records) ++last_sequence_;
  batch_ = nullptr;
  return has_records;
}

void Sequencer::DoWhatIsDue() {
  const int64_t now_ms = this->now_ms();
  for (int64_t i = 0; i < kDuesMax; ++i) {
    const Due* const next = state_.NextDue(now_ms);
    if (next == nullptr) return;
    const Due due = *next;
    state_.PopDue();
    switch (due.kind) {
      case DueKind::kRecharge:
        RechargeIsDue(RecordId(due.id));
        break;
      case DueKind::kSession:
        ForgetIfDue(state_.sessions.Find(SessionId(due.id)));
        break;
      case DueKind::kRecentTips:
        RecentTipsAreDue(PayerId(due.id));
        break;
    }
  }
  // No decision while the state still counts what has expired.
  is_closed_ = state_.NextDue(now_ms) != nullptr;
}

void Sequencer::RechargeIsDue(RecordId id) {
  const Recharge* const recharge = state_.recharges.Find(id);
  if (recharge != nullptr && recharge->state == RechargeState::kHeld) {
    Put(DecideRelease(state_, RechargeAction::kExpire, Intent(), *recharge, batch_->entry));
  } else {
    ForgetIfDue(recharge);
  }
}

void Sequencer::RecentTipsAreDue(PayerId payer) {
  const RecentTips* const recent = state_.recent_tips.Find(payer);
  if (recent == nullptr) return;
  if (IsForgotten(*recent, now_ms())) return state_.Forget(*recent);
  state_.PushDue(DueOf(*recent));
}

template <typename T>
void Sequencer::ForgetIfDue(const T* found) {
  if (found != nullptr && IsForgotten(*found, now_ms())) state_.Forget(*found);
}

RecordId Sequencer::FindKey(const KeyLookup& key) const {
  return key.stored.is_set() ? key.stored : keys_.Find(key.hash);
}

bool Sequencer::IsAnswered(const Intent& intent, const KeyLookup& key, Answer* answer) const {
  if (const RecordId first = FindKey(key); first.is_set()) {
    *answer = ReplayOf{first};
    return true;
  }
  return IsUntimely(intent, answer);
}

bool Sequencer::IsUntimely(const Intent& intent, Answer* answer) const {
  if (intent.create_time_ms == 0) return false;
  const int64_t now_ms = batch_->entry.moment.time_ms;
  const int64_t oldest_ms =
      std::max(now_ms - limits_.idempotency_retention_ms, keys_.first_intent_ms());
  if (intent.create_time_ms < oldest_ms) {
    *answer = kCreateTimeTooOldError;
    return true;
  }
  if (intent.create_time_ms > now_ms + kClockAheadMaxMs) {
    *answer = kCreateTimeAheadError;
    return true;
  }
  return false;
}

bool Sequencer::IsFull(size_t size, int64_t size_max, Answer* answer) const {
  if (static_cast<int64_t>(size) < size_max) return false;
  *answer = kCapacityError;
  return true;
}

bool Sequencer::IsBookFull(Money sum, Answer* answer) const {
  if (sum <= kBookMax) return false;
  *answer = kBookFullError;
  return true;
}

InRecord Sequencer::Put(Record record) {
  Entry& entry = batch_->entry;
  const size_t position = entry.records.size();
  TIPGATE_CHECK(position < kEntryRecordsMax);
  entry.records.push_back(std::move(record));
  FoldRecord(entry, position, &state_);
  return {.position = static_cast<uint32_t>(position)};
}

InRecord Sequencer::Put(Record record, const KeyLookup& key) {
  const InRecord place = Put(std::move(record));
  keys_.Insert(key.hash, batch_->entry.IdAt(place.position));
  return place;
}

void Sequencer::Run(TipsCommand& command) {
  command.answers.resize(command.requests.size());
  for (size_t i = 0; i < command.requests.size(); ++i) {
    const TipRequest& request = command.requests[i];
    Answer& answer = command.answers[i];
    if (command.is_dry_run) {
      if (IsUntimely(request.intent, &answer)) continue;
      answer = InRecord{.position = static_cast<uint32_t>(batch_->dry.records.size())};
      batch_->dry.records.emplace_back(CheckTip(state_, request, &batch_->dry));
    } else if (!IsAnswered(request.intent, command.keys[i], &answer) &&
               !IsBookFull(state_.totals.accepted, &answer)) {
      answer = Put(DecideTip(state_, request, &batch_->entry), command.keys[i]);
    }
  }
}

void Sequencer::Run(RechargeCommand& command) {
  if (IsAnswered(command.request.intent, command.key, &command.answer)) return;
  if (IsFull(state_.recharges.size(), limits_.recharges_max, &command.answer)) return;
  if (IsBookFull(state_.totals.recharge_authorized, &command.answer)) return;
  command.answer = Put(DecideRecharge(state_, command.request, &batch_->entry), command.key);
}

void Sequencer::Run(RechargeChangeCommand& command) {
  const RechargeChange& request = command.request;
  if (IsAnswered(request.intent, command.key, &command.answer)) return;
  const Recharge* const recharge = FindKnown(state_.recharges, request.recharge, now_ms());
  if (recharge == nullptr) {
    command.answer = kRechargeUnknownError;
    return;
  }
  if (recharge->state == RechargeState::kHeld && recharge->expire_time_ms <= now_ms()) {
    Put(DecideRelease(state_, RechargeAction::kExpire, Intent(), *recharge, batch_->entry));
  }
  const bool is_void = request.action == RechargeAction::kVoid;
  switch (recharge->state) {
    case RechargeState::kHeld:
      break;
    case RechargeState::kExpired:
      if (!is_void) break;
      command.answer = kRechargeExpiredError;
      return;
    case RechargeState::kCaptured:
      command.answer = kRechargeCapturedError;
      return;
    case RechargeState::kVoided:
      command.answer = kRechargeVoidedError;
      return;
    case RechargeState::kReturned:
      command.answer = kRechargeReturnedError;
      return;
    case RechargeState::kRejected:
      command.answer = kRechargeUnknownError;
      return;
  }
  Entry& entry = batch_->entry;
  command.answer =
      Put(is_void ? DecideRelease(state_, request.action, request.intent, *recharge, entry)
                  : DecideCapture(state_, request.intent, *recharge, &entry),
          command.key);
}

template <typename Person, typename CommandType>
void Sequencer::PutFacts(const Person* known, CommandType* command) {
  auto& record = command->request;
  record.observe_time_ms = ObserveTimeMs(record.requested_observe_time_ms, batch_->entry.moment);
  if (record.requested_observe_time_ms > now_ms() + kClockAheadMaxMs) {
    command->answer = kObserveTimeAheadError;
  } else if (IsBornAhead(record.age, batch_->entry.moment.day)) {
    command->answer = kBirthDateAheadError;
  } else if (known != nullptr && record.observe_time_ms < known->observe_time_ms) {
    command->answer = kNewerFactsError;
  } else {
    command->answer = Put(record, command->key);
  }
}

void Sequencer::Run(PayerCommand& command) {
  PayerRecord& record = command.request;
  if (IsAnswered(record.intent, command.key, &command.answer)) return;
  const Payer* const payer = state_.payers.Find(record.payer);
  if (payer == nullptr && IsFull(state_.payers.size(), limits_.payers_max, &command.answer)) return;
  if (!record.tier.empty() && state_.policy->FindPayerTier(record.tier) == nullptr) {
    command.answer = kPayerTierUnknownError;
    return;
  }
  PutFacts(payer, &command);
}

template <typename CommandType>
bool Sequencer::IsRefusedForPayer(CommandType* command) const {
  if (IsAnswered(command->request.intent, command->key, &command->answer)) return true;
  if (state_.payers.Find(command->request.payer) != nullptr) return false;
  command->answer = kPayerUnknownError;
  return true;
}

void Sequencer::Run(PauseCommand& command) {
  if (IsRefusedForPayer(&command)) return;
  const Payer& payer = *state_.payers.Find(command.request.payer);
  command.answer = Put(DecidePause(command.request, payer, batch_->entry), command.key);
}

void Sequencer::Run(SelfLimitsCommand& command) {
  if (IsRefusedForPayer(&command)) return;
  command.answer = Put(DecideSelfLimits(state_, command.request, &batch_->entry), command.key);
}

void Sequencer::Run(ConfirmationCommand& command) {
  if (IsRefusedForPayer(&command)) return;
  command.answer = Put(DecideConfirmation(state_, command.request, batch_->entry), command.key);
}

void Sequencer::Run(CoolingOffCommand& command) {
  if (IsRefusedForPayer(&command)) return;
  command.answer = Put(DecideCoolingOff(state_, command.request, batch_->entry), command.key);
}

void Sequencer::Run(PayerFreezeCommand& command) {
  if (IsRefusedForPayer(&command)) return;
  switch (WhyFreezeRefused(state_, command.request)) {
    case FreezeRefusal::kNotFrozen:
      command.answer = kNotFrozenError;
      return;
    case FreezeRefusal::kSameApprover:
      command.answer = kSameApproverError;
      return;
    case FreezeRefusal::kNone:
      break;
  }
  command.answer = Put(DecidePayerFreeze(state_, command.request), command.key);
}

void Sequencer::Run(StreamerCommand& command) {
  StreamerRecord& record = command.request;
  if (IsAnswered(record.intent, command.key, &command.answer)) return;
  const Streamer* const streamer = state_.streamers.Find(record.streamer);
  if (streamer == nullptr &&
      IsFull(state_.streamers.size(), limits_.streamers_max, &command.answer)) {
    return;
  }
  if (state_.policy->FindTier(record.tier) == nullptr) {
    command.answer = kTierUnknownError;
    return;
  }
  PutFacts(streamer, &command);
}

void Sequencer::Run(OpenSessionCommand& command) {
  if (IsAnswered(command.request.intent, command.key, &command.answer)) return;
  if (command.request.was_opened || FindSession(command.request.session) != nullptr) {
    command.answer = kSessionTakenError;
    return;
  }
  if (IsFull(state_.sessions.size(), limits_.sessions_max, &command.answer)) return;
  command.answer = Put(DecideOpenSession(state_, command.request, &batch_->entry), command.key);
}

void Sequencer::Run(CloseSessionCommand& command) {
  if (IsAnswered(command.request.intent, command.key, &command.answer)) return;
  const Session* const session = FindSession(command.request.session);
  if (session == nullptr) {
    command.answer = kSessionUnknownError;
  } else if (!session->is_open()) {
    command.answer = kSessionClosedError;
  } else {
    command.answer = Put(
        DecideCloseSession(state_, command.request.intent, *session, batch_->entry), command.key);
  }
}

void Sequencer::Run(SettleCommand& command) {
  SettlementRecord& settlement = command.settlement;
  const SettleCursor* const cursor = state_.totals.FindCursor(settlement.delay_ms);
  const bool is_next = cursor != nullptr && cursor->last_sequence + 1 == settlement.first_sequence;
  const bool is_due = settlement.last_time_ms + settlement.delay_ms <= batch_->entry.moment.time_ms;
  if (!is_next || !is_due) return;
  settlement.shares = batch_->entry.Open<SettlementShare>();
  for (const SettlementShare& share : command.shares) {
    batch_->entry.Add(settlement.shares, share);
  }
  Put(settlement);
}

void Sequencer::Run(PolicyCommand& command) {
  auto policy = std::make_shared<Policy>(*command.policy);
  policy->version = state_.policy == nullptr ? 1 : state_.policy->version + 1;
  Put(PolicyRecord{.policy = std::move(policy)});
}

void Sequencer::Run(CatalogCommand& command) { Put(CatalogRecord{.catalog = command.catalog}); }

void Sequencer::Run(TickCommand&) {}

template <typename VisitType, typename T>
void Sequencer::Copy(const T* found, VisitType& visit) const {
  visit.policy = state_.policy;
  if (found != nullptr) visit.found = *found;
}

void Sequencer::Run(PayerVisit& visit) {
  Copy(state_.payers.Find(visit.id), visit);
  if (const PayerControls* controls = state_.controls.Find(visit.id)) visit.controls = *controls;
  visit.time_ms = now_ms();
  visit.day = batch_->entry.moment.day;
  visit.month = batch_->entry.moment.month;
}
void Sequencer::Run(StreamerVisit& visit) { Copy(state_.streamers.Find(visit.id), visit); }
void Sequencer::Run(SessionVisit& visit) { Copy(FindSession(visit.id), visit); }

void Sequencer::Run(HistoryVisit& visit) {
  if (const auto* key = std::get_if<KeyLookup>(&visit.of)) {
    visit.newest = FindKey(*key);
  } else if (const auto* payer_id = std::get_if<PayerId>(&visit.of)) {
    const Payer* const payer = state_.payers.Find(*payer_id);
    if (payer != nullptr) visit.newest = payer->last_tip;
  } else if (const auto* streamer_id = std::get_if<StreamerId>(&visit.of)) {
    const Streamer* const streamer = state_.streamers.Find(*streamer_id);
    if (streamer != nullptr) visit.newest = streamer->last_tip;
  } else if (const auto* session_id = std::get_if<SessionId>(&visit.of)) {
    const Session* const session = FindSession(*session_id);
    if (session != nullptr) visit.newest = session->last_tip;
  }
  visit.cursors = state_.totals.cursors;
  visit.last_sequence = last_sequence_;
}

void Sequencer::Run(InfoVisit& visit) {
  visit.totals = state_.totals;
  visit.payers_count = static_cast<int64_t>(state_.payers.size());
  visit.streamers_count = static_cast<int64_t>(state_.streamers.size());
  visit.sessions_count = static_cast<int64_t>(state_.sessions.size());
  visit.policy = state_.policy;
  visit.catalog = state_.catalog;
  if (visit.wants_fingerprint) {
    visit.fingerprint = state_.Fingerprint(batch_->entry.moment.time_ms);
  }
  visit.last_sequence = last_sequence_ + (batch_->entry.records.empty() ? 0 : 1);
  visit.time_ms = batch_->entry.moment.time_ms;
  is_closed_ = true;
}

}  // namespace tipgate
