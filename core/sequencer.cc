#include "core/sequencer.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "core/fold.h"
#include "core/rules/cooling_off.h"
#include "core/rules/violations.h"

namespace tipgate {
namespace {

constexpr RequestError kCreateTimeTooOldError{
    ErrorReason::kCreateTimeTooOld, "create_time",
    "create_time: is older than keys are remembered; ask the user again and use a new key"};
constexpr RequestError kCreateTimeAheadError{ErrorReason::kInvalidField, "create_time",
                                             "create_time: must not lie in the future"};
constexpr RequestError kCapacityError{
    ErrorReason::kCapacityReached, "",
    "the configured maximum of resident records of this kind is reached; raise it and restart"};
constexpr RequestError kBookFullError{
    ErrorReason::kCapacityReached, "",
    "the sum of all amounts nears the largest number; go on with a new data directory"};

// One more amount on top of this, whatever is asked for, still fits a sum of money.
constexpr Money kBookMax{std::numeric_limits<int64_t>::max() / 2};
static_assert(kBookMax > kRechargeAmountMax && kBookMax > *kUnitPriceMax.Times(kCountMax));

// As many tips as are decided while a line of memory comes.
constexpr size_t kPrefetchDistance = 6;

// How soon something is looked at again that could not be forgotten yet.
constexpr int64_t kLookAgainMs = 60'000;

// If it is accepted.
bool WouldBeHeld(const State& state, const TipRequest& request, const Payer* payer,
                 int64_t now_ms) {
  return request.is_hold || HoldsTips(state.policy->cooling_off, ControlsOf(state, payer), now_ms);
}

// Which commands only look.
template <typename CommandType>
inline constexpr bool kOnlyLooks = false;
template <typename IdType, typename T>
inline constexpr bool kOnlyLooks<Visit<IdType, T>> = true;
template <>
inline constexpr bool kOnlyLooks<PayerVisit> = true;
template <>
inline constexpr bool kOnlyLooks<StreamerVisit> = true;
template <>
inline constexpr bool kOnlyLooks<SessionVisit> = true;
template <>
inline constexpr bool kOnlyLooks<HistoryVisit> = true;
template <>
inline constexpr bool kOnlyLooks<StopsVisit> = true;
template <>
inline constexpr bool kOnlyLooks<PolicyVisit> = true;
template <>
inline constexpr bool kOnlyLooks<TipsVisit> = true;
template <>
inline constexpr bool kOnlyLooks<IncomeJobsVisit> = true;
template <>
inline constexpr bool kOnlyLooks<InfoVisit> = true;
template <>
inline constexpr bool kOnlyLooks<CheckRechargeCommand> = true;

}  // namespace

bool MayChange(const Command& command) {
  if (const auto* tips = std::get_if<TipsCommand>(&command)) return !tips->is_dry_run;
  return std::visit(
      []<typename CommandType>(const CommandType&) { return !kOnlyLooks<CommandType>; }, command);
}

int64_t RecordsMax(const Command& command) {
  if (const auto* tips = std::get_if<TipsCommand>(&command)) {
    return static_cast<int64_t>(tips->requests.size());
  }
  // Each tip may be released, and frozen again by other orders, each of which notes its step.
  constexpr int64_t kChangesMax = 1 + 2 * kFreezesMax;
  if (std::holds_alternative<IncomeStepCommand>(command)) return kIncomeStepMax * kChangesMax + 1;
  // A change with the expiry that it may find due; a job that is done at once.
  if (std::holds_alternative<IncomeJobCommand>(command)) return kChangesMax + 2;
  return 3;
}

Sequencer::Sequencer(State* state, KeyMemory* keys, StateLimits limits, const Calendar& calendar,
                     int64_t last_sequence)
    : state_(*state),
      keys_(*keys),
      limits_(limits),
      calendar_(calendar),
      last_sequence_(last_sequence),
      residents_(limits.payers_resident_max),
      last_pass_(last_sequence),
      before_last_pass_(last_sequence) {
  TIPGATE_CHECK(limits.payers_resident_max > 0);
  state_.payers.ForEach([this](const Payer& payer) { residents_.Insert(payer.id); });
  residents_.SetHasCold(state_.cold_payers_count() != 0);
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
  state_.SetAbsentPayers({});
  EvictPayers();
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
  TIPGATE_CHECK(is_admitted_ || state_.cold_payers_count() == 0);
  is_admitted_ = false;
  std::visit([this](auto& content) { Run(content); }, command);
}

bool Sequencer::End() {
  const bool has_records = !batch_->entry.records.empty();
  if (has_records) {
    ++last_sequence_;
    last_time_ms_ = now_ms();
  }
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
        SessionIsDue(SessionId(due.id));
        break;
      case DueKind::kRecentTips:
        RecentTipsAreDue(PayerId(due.id));
        break;
      case DueKind::kPolicy:
        PolicyIsDue(RecordId(due.id));
        break;
      case DueKind::kTip:
        TipIsDue(RecordId(due.id));
        break;
      case DueKind::kIncomeJob:
        IncomeJobIsDue(RecordId(due.id));
        break;
    }
  }
  // Rule R13: no decision while the state still counts what has expired.
  is_closed_ = state_.NextDue(now_ms) != nullptr;
}

void Sequencer::RechargeIsDue(RecordId id) {
  const Recharge* const recharge = state_.recharges.Find(id);
  if (recharge != nullptr && recharge->state == RechargeState::kHeld) {
    Put(DecideRelease(state_, RechargeAction::kExpire, Intent(), *recharge, batch_->entry));
  } else if (recharge != nullptr && IsForgotten(*recharge, now_ms())) {
    const bool may_leave = !recharge->is_in_wallet || IsStored(recharge->changed);
    if (may_leave && IsForgotten(*recharge, last_time_ms_)) return state_.Forget(*recharge);
    LookAgain(DueKind::kRecharge, id.value());
  }
}

void Sequencer::SessionIsDue(SessionId id) {
  const Session* const session = state_.sessions.Find(id);
  if (session == nullptr || !IsForgotten(*session, now_ms())) return;
  if (IsStored(session->changed) && IsForgotten(*session, last_time_ms_)) {
    return state_.Forget(*session);
  }
  LookAgain(DueKind::kSession, id.value());
}

void Sequencer::LookAgain(DueKind kind, int64_t id) {
  state_.PushDue({.time_ms = now_ms() + kLookAgainMs, .kind = kind, .id = id});
}

void Sequencer::RecentTipsAreDue(PayerId payer) {
  const RecentTips* const recent = state_.recent_tips.Find(payer);
  if (recent == nullptr) return;
  if (IsForgotten(*recent, last_time_ms_)) return state_.Forget(*recent);
  if (IsForgotten(*recent, now_ms())) return LookAgain(DueKind::kRecentTips, payer.value());
  state_.PushDue(DueOf(*recent));
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

InRecord Sequencer::Put(Record&& record) {
  Entry& entry = batch_->entry;
  const size_t position = entry.records.size();
  TIPGATE_CHECK(position < kEntryRecordsMax);
  entry.records.push_back(std::move(record));
  FoldRecord(entry, position, &state_);
  return {.position = static_cast<uint32_t>(position)};
}

// Once more what Put does, without moving a record: it is decided where it stands.
InRecord Sequencer::PutTip(const TipRequest& request, const TipParties& parties,
                           const KeyLookup& key) {
  Entry& entry = batch_->entry;
  const size_t position = entry.records.size();
  TIPGATE_CHECK(position < kEntryRecordsMax);
  TipRecord& tip = std::get<TipRecord>(entry.records.emplace_back(std::in_place_type<TipRecord>));
  DecideTip(state_, request, Known(parties), &entry, &tip);
  FoldTip(entry, position, tip, parties, &state_);
  keys_.Insert(key.hash, entry.IdAt(position));
  return {.position = static_cast<uint32_t>(position)};
}

InRecord Sequencer::Put(Record&& record, const KeyLookup& key) {
  const InRecord place = Put(std::move(record));
  keys_.Insert(key.hash, batch_->entry.IdAt(place.position));
  return place;
}

// Payers and keys are many, so the memory that a tip needs is rarely in the cache: it is asked for
// while the tips before it are decided.
void Sequencer::Prefetch(const TipsCommand& command, size_t position) const {
  const size_t size = command.requests.size();
  const bool has_windows = state_.policy->cooling_off.window_ms != 0;
  if (const size_t i = position + 2 * kPrefetchDistance; i < size) {
    const PayerId payer = command.requests[i].payer;
    state_.payers.PrefetchIndex(payer);
    if (has_windows) state_.recent_tips.PrefetchIndex(payer);
    if (!command.is_dry_run) keys_.Prefetch(command.keys[i].hash);
  }
  if (const size_t i = position + kPrefetchDistance; i < size) {
    const PayerId payer = command.requests[i].payer;
    state_.payers.Prefetch(payer);
    if (has_windows) state_.recent_tips.Prefetch(payer);
  }
}

void Sequencer::Run(TipsCommand& command) {
  command.answers.resize(command.requests.size());
  for (size_t i = 0; i < command.requests.size(); ++i) {
    Prefetch(command, i);
    const TipRequest& request = command.requests[i];
    Answer& answer = command.answers[i];
    if (command.is_dry_run) {
      if (IsUntimely(request.intent, &answer)) continue;
      answer = InRecord{.position = static_cast<uint32_t>(batch_->dry.records.size())};
      batch_->dry.records.emplace_back(CheckTip(state_, request, &batch_->dry));
    } else {
      Authorize(request, command.keys[i], &answer);
    }
  }
}

void Sequencer::Authorize(const TipRequest& request, const KeyLookup& key, Answer* answer) {
  if (IsAnswered(request.intent, key, answer)) return;
  if (IsBookFull(state_.totals.accepted, answer)) return;
  const TipParties parties = FindParties(request, &state_);
  const bool has_no_room = static_cast<int64_t>(state_.tips.size()) >= limits_.tips_max;
  if (has_no_room && WouldBeHeld(state_, request, parties.payer, now_ms()) &&
      IsFull(state_.tips.size(), limits_.tips_max, answer)) {
    return;
  }
  *answer = PutTip(request, parties, key);
}

void Sequencer::Run(SettleCommand& command) {
  const SettlementRecord& due = command.settlement;
  const SettleCursor* const cursor = state_.totals.FindCursor(due.delay_ms);
  const bool is_next = cursor != nullptr && cursor->last_sequence + 1 == due.first_sequence;
  // Rule I1: once, and never early.
  const bool is_due = due.last_time_ms + due.delay_ms <= now_ms();
  if (!is_next || !is_due || IsFreezing(state_)) return;
  Put(DecideSettlement(state_, due, command.shares, &batch_->entry));
}

void Sequencer::Run(TickCommand&) {}

}  // namespace tipgate
