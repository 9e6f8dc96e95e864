#include "core/decide_income.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/rules/limit.h"

namespace tipgate {
namespace {

// The record of a change; `after` is the tip as it was, and is yet to be changed.
TipChangeRecord MakeChange(const State& state, TipAction action, const Tip& tip, const Entry& entry,
                           Tip* after) {
  TipChangeRecord record;
  record.action = action;
  record.outcome = Outcome::kAccepted;
  record.policy_version = state.policy->version;
  record.from = StateOf(tip, state.totals);
  *after = tip;
  after->change_time_ms = entry.moment.time_ms;
  after->changed = RecordId();
  after->is_dirty = false;
  return record;
}

RecordId NextId(const Entry& entry) { return entry.IdAt(entry.records.size()); }

// Rule L6: what is not paid after all.
void Release(const State& state, Money amount, TipChangeRecord* record, Tip* after) {
  record->released = amount;
  record->headroom = state.policy->tip_life.void_restores_headroom ? amount : Money();
  after->released += amount;
  after->still_counted += amount - record->headroom;
  if (after->left() == Money()) after->state = TipState::kVoided;
}

void NoteSelfLimit(RejectionCode code, Money limit, Money used, Money amount, Entry* entry,
                   TipChangeRecord* record) {
  Violation violation{.code = code};
  if (!IsAboveLimit({.amount = limit, .origin = LimitOrigin::kSelf}, used, amount, &violation)) {
    return;
  }
  entry->Add(record->violations, violation);
}

// Rule L4: the payer's own limits, which hold at once when lowered. Of a period that is over
// nothing is known but that the amount alone was in it.
void NoteCaptureViolations(const State& state, const Tip& tip, Money amount, Entry* entry,
                           TipChangeRecord* record) {
  record->violations = entry->Open<Violation>();
  const PayerControls* const controls = state.controls.Find(tip.payer);
  const Payer* const payer = state.FindPayer(tip.payer);
  if (controls == nullptr || payer == nullptr) return;
  const Moment& now = entry->moment;
  NoteSelfLimit(RejectionCode::kTipCap, controls->tip_max.At(now.time_ms), Money(), amount, entry,
                record);
  const Money day_used =
      tip.counted_day == now.day ? payer->tips.DayTotal(now) - tip.amount : Money();
  const Money month_used =
      tip.counted_month == now.month ? payer->tips.MonthTotal(now) - tip.amount : Money();
  NoteSelfLimit(RejectionCode::kDayLimit, controls->day_limit.At(now.time_ms), day_used, amount,
                entry, record);
  NoteSelfLimit(RejectionCode::kMonthLimit, controls->month_limit.At(now.time_ms), month_used,
                amount, entry, record);
}

// Rule L2.
void Capture(const State& state, const TipChangeRequest& request, const Tip& tip, Entry* entry,
             TipChangeRecord* record, Tip* after) {
  const Money amount = request.amount == Money() ? tip.left() : request.amount;
  NoteCaptureViolations(state, tip, amount, entry, record);
  if (record->violations.count != 0) {
    record->outcome = Outcome::kRejected;
    return;
  }
  record->amount = amount;
  Release(state, tip.left() - amount, record, after);
  const Streamer* const streamer = state.streamers.Find(tip.streamer);
  const Session* const session = state.sessions.Find(tip.session);
  TIPGATE_CHECK(streamer != nullptr && session != nullptr);
  const Tier* const tier =
      state.policy->FindTier(TierNameOf(*session, streamer->tier, *state.policy));
  MakePending(TermsOf(*state.policy, *streamer, tier, amount), NextId(*entry),
              entry->moment.time_ms, after);
}

// Rule L10: what a refund takes back from income that is paid out: the share of all refunds so far,
// rounded down once.
Money Receivable(int64_t permille, Money refunded_before, Money refunded_after) {
  return IncomeTerms::Permille(refunded_after, permille) -
         IncomeTerms::Permille(refunded_before, permille);
}

void EndFreezes(const Tip& tip, Entry* entry, TipChangeRecord* record, Tip* after) {
  for (const RecordId job : tip.freezes) entry->Add(record->unfrozen, job);
  after->freezes.Clear();
}

// Rule L9.
void Refund(const Tip& tip, Money amount, Entry* entry, TipChangeRecord* record, Tip* after) {
  record->amount = amount;
  after->refunded += amount;
  if (record->from == TipState::kSettled) {
    after->refunded_settled += amount;
    record->streamer_receivable =
        Receivable(tip.terms.streamer_permille, tip.refunded_settled, after->refunded_settled);
    record->agency_receivable =
        Receivable(tip.terms.agency_permille, tip.refunded_settled, after->refunded_settled);
  }
  if (after->left() != Money()) return;
  after->state = TipState::kRefunded;
  EndFreezes(tip, entry, record, after);
}

Money RefundAmount(Money amount, int32_t permille, const Tip& tip) {
  return permille == 0 ? amount : IncomeTerms::Permille(tip.captured(), permille);
}

bool IsRefundable(TipState state) {
  return state == TipState::kPending || state == TipState::kFrozen || state == TipState::kSettled;
}

// True if the order `freeze` is one of the job's case, and not a later one, which waits for its
// turn and has frozen what was released meanwhile.
bool IsOfItsCase(const State& state, const IncomeJob& job, RecordId freeze) {
  const IncomeJob* const found = state.income_jobs.Find(freeze);
  return found != nullptr && !(job.id < freeze) && found->note.case_name == job.note.case_name;
}

bool IsFrozenByItsCase(const State& state, const IncomeJob& job, const Tip& tip) {
  return std::any_of(tip.freezes.begin(), tip.freezes.end(),
                     [&](RecordId freeze) { return IsOfItsCase(state, job, freeze); });
}

// True if the tip was no longer held when the order was given. A late release after it leaves the
// time alone to tell.
bool WasPending(const IncomeJob& job, const Tip& tip) {
  return tip.due < job.id || tip.pending_time_ms < job.start_time_ms;
}

// Rule L8: ends the freezes of the job's case.
void EndFreezesOfCase(const State& state, const IncomeJob& job, const Tip& tip, Entry* entry,
                      TipChangeRecord* record, Tip* after) {
  after->freezes.Clear();
  for (const RecordId id : tip.freezes) {
    if (IsOfItsCase(state, job, id)) {
      entry->Add(record->unfrozen, id);
    } else {
      after->freezes.PushBack(id);
    }
  }
}

void Unfreeze(const State& state, const IncomeJob& job, const Tip& tip, Entry* entry,
              TipChangeRecord* record, Tip* after) {
  EndFreezesOfCase(state, job, tip, entry, record, after);
  if (after->freezes.size() != 0) return;
  record->amount = tip.left();
  after->state = TipState::kPending;
  // Rule L7: its turn is over: it settles with this record, without any further delay.
  if (StateOf(*after, state.totals) != TipState::kSettled) return;
  after->due = NextId(*entry);
  after->due_delay_ms = 0;
  after->due_amount = tip.left();
}

// Of each streamer and agency what they get; of agencies what they still owe.
using ShareMap = std::map<std::pair<StreamerId, AgencyId>, SettlementShare>;

void AddShare(StreamerId streamer, const IncomeTerms& terms, Money amount, int64_t sign,
              ShareMap* shares) {
  SettlementShare& share = (*shares)[{streamer, terms.agency}];
  const IncomeShares parts = terms.SharesOf(amount);
  share.amount += Money(sign * amount.minor());
  share.streamer_income += Money(sign * parts.streamer.minor());
  share.agency_income += Money(sign * parts.agency.minor());
}

// Takes out of a settlement what does not settle as the records say.
void TakeExceptions(const State& state, SettlementRecord* record, ShareMap* shares, Entry* entry) {
  record->exceptions = entry->Open<SettlementException>();
  const auto begin = state.exceptions.lower_bound(
      {.delay_ms = record->delay_ms, .due = RecordId(record->first_sequence, 0), .tip = {}});
  for (auto it = begin; it != state.exceptions.end() && it->delay_ms == record->delay_ms &&
                        it->due.sequence() <= record->last_sequence;
       ++it) {
    const Tip& tip = *state.tips.Find(it->tip);
    const Money amount = AmountToSettle(tip);
    AddShare(tip.streamer, tip.terms, tip.due_amount, -1, shares);
    AddShare(tip.streamer, tip.terms, amount, 1, shares);
    record->amount += amount - tip.due_amount;
    if (amount == Money()) --record->tips_count;
    entry->Add(record->exceptions, {.tip = tip.id, .due = tip.due, .amount = amount});
  }
}

// What streamers and agencies still owe while a settlement is split.
class Debts {
 public:
  explicit Debts(const State& state) : state_(state) {}

  Money KeepOfStreamer(StreamerId id, Money income) {
    return Keep(income,
                &streamers_.try_emplace(id, state_.streamers.Find(id)->receivable).first->second);
  }

  Money KeepOfAgency(AgencyId id, Money income) {
    const Agency* const agency = state_.agencies.Find(id);
    if (agency == nullptr) return Money();
    return Keep(income, &agencies_.try_emplace(id, agency->receivable).first->second);
  }

 private:
  static Money Keep(Money income, Money* owed) {
    const Money kept = std::min(income, *owed);
    *owed -= kept;
    return kept;
  }

  const State& state_;
  std::map<StreamerId, Money> streamers_;
  std::map<AgencyId, Money> agencies_;
};

}  // namespace

bool IsInScope(const IncomeScope& scope, const Tip& tip) {
  if (tip.accept_time_ms < scope.start_time_ms) return false;
  if (scope.end_time_ms != 0 && tip.accept_time_ms >= scope.end_time_ms) return false;
  switch (scope.kind) {
    case IncomeScopeKind::kTip:
      return tip.id.value() == scope.id;
    case IncomeScopeKind::kSession:
      return tip.session.value() == scope.id;
    case IncomeScopeKind::kStreamer:
      return tip.streamer.value() == scope.id;
    case IncomeScopeKind::kAgency:
      return tip.terms.agency.value() == scope.id;
    case IncomeScopeKind::kPayer:
      return tip.payer.value() == scope.id;
    case IncomeScopeKind::kCase:
    case IncomeScopeKind::kEverything:
      return true;
  }
  return false;
}

TipRefusal WhyTipChangeRefused(const State& state, const TipChangeRequest& request, const Tip& tip,
                               const Moment& now) {
  const TipState tip_state = StateOf(tip, state.totals);
  switch (request.action) {
    case TipAction::kCapture:
      if (tip_state != TipState::kHeld) return TipRefusal::kNotHeld;
      return request.amount > tip.left() ? TipRefusal::kAboveHeld : TipRefusal::kNone;
    case TipAction::kVoid: {
      // Rule L5.
      const bool is_in_remorse = tip_state == TipState::kPending && tip.refunded == Money() &&
                                 now.time_ms < tip.pending_time_ms + tip.terms.remorse_ms;
      const bool is_voidable = tip_state == TipState::kHeld || is_in_remorse;
      return is_voidable ? TipRefusal::kNone : TipRefusal::kNotVoidable;
    }
    case TipAction::kRefund: {
      if (!IsRefundable(tip_state)) return TipRefusal::kNotRefundable;
      const Money amount = RefundAmount(request.amount, request.permille, tip);
      if (amount == Money()) return TipRefusal::kNothing;
      return amount > tip.left() ? TipRefusal::kAboveLeft : TipRefusal::kNone;
    }
    case TipAction::kExpire:
    case TipAction::kFreeze:
    case TipAction::kRelease:
      break;
  }
  TIPGATE_CHECK(false);
  return TipRefusal::kNone;
}

TipChangeRecord DecideTipChange(const State& state, const TipChangeRequest& request, const Tip& tip,
                                Entry* entry) {
  Tip after;
  TipChangeRecord record = MakeChange(state, request.action, tip, *entry, &after);
  record.intent = request.intent;
  record.actor = request.actor;
  record.requested = request.amount;
  record.permille = request.permille;
  record.unfrozen = entry->Open<RecordId>();
  record.violations = entry->Open<Violation>();
  switch (request.action) {
    case TipAction::kCapture:
      Capture(state, request, tip, entry, &record, &after);
      break;
    case TipAction::kVoid:
      Release(state, tip.left(), &record, &after);
      break;
    default:
      record.note = entry->AddOne(request.note);
      Refund(tip, RefundAmount(request.amount, request.permille, tip), entry, &record, &after);
  }
  record.after = entry->AddOne(record.outcome == Outcome::kAccepted ? after : tip);
  return record;
}

TipChangeRecord DecideTipExpiry(const State& state, const Tip& tip, Entry* entry) {
  Tip after;
  TipChangeRecord record = MakeChange(state, TipAction::kExpire, tip, *entry, &after);
  Release(state, tip.left(), &record, &after);
  record.after = entry->AddOne(after);
  return record;
}

bool IsChangedByJob(const State& state, const IncomeJob& job, const Tip& tip) {
  if (!(tip.id < job.id) || !IsInScope(job.scope, tip)) return false;
  const TipState tip_state = StateOf(tip, state.totals);
  const bool is_of_case = tip_state == TipState::kFrozen && IsFrozenByItsCase(state, job, tip);
  switch (job.action) {
    case IncomeAction::kFreeze:
      if (!WasPending(job, tip)) return false;
      if (tip_state == TipState::kPending) return true;
      return tip_state == TipState::kFrozen && !is_of_case && tip.freezes.size() < kFreezesMax;
    case IncomeAction::kRelease:
      return is_of_case;
    case IncomeAction::kRefund:
      if (job.scope.kind == IncomeScopeKind::kCase && !is_of_case) return false;
      return IsRefundable(tip_state) && RefundAmount(Money(), job.permille, tip) != Money();
  }
  return false;
}

FrozenStep FrozenStepOf(const State& state, const IncomeJob& job) {
  FrozenStep step;
  auto it = state.frozen_tips.lower_bound(job.next);
  for (; it != state.frozen_tips.end() && *it < job.end; ++it) {
    if (step.tips.size() == kIncomeStepMax) break;
    step.tips.push_back(*state.tips.Find(*it));
  }
  if (it != state.frozen_tips.end() && *it < job.end) step.next = *it;
  return step;
}

bool IsFreezing(const State& state) {
  return std::any_of(state.open_jobs.begin(), state.open_jobs.end(), [&](RecordId id) {
    return state.income_jobs.Find(id)->action == IncomeAction::kFreeze;
  });
}

bool HasItsTurn(const State& state, const IncomeJob& job) {
  return std::none_of(state.open_jobs.begin(), state.open_jobs.lower_bound(job.id),
                      [&](RecordId id) {
                        return state.income_jobs.Find(id)->note.case_name == job.note.case_name;
                      });
}

bool IsSkippedByJob(const State& state, const IncomeJob& job, const Tip& tip) {
  const bool is_about_its_case =
      job.action == IncomeAction::kRelease || job.scope.kind == IncomeScopeKind::kCase;
  if (is_about_its_case || !IsInScope(job.scope, tip)) return false;
  const bool is_its_own =
      std::find(tip.freezes.begin(), tip.freezes.end(), job.id) != tip.freezes.end();
  const bool was_told = job.is_in_journal && job.is_about_frozen_tips() &&
                        StateOf(tip, state.totals) == TipState::kFrozen;
  return !is_its_own && !was_told;
}

TipChangeRecord DecideTipOfJob(const State& state, const IncomeJob& job, const Tip& tip,
                               Entry* entry) {
  static constexpr TipAction kActions[] = {TipAction::kFreeze, TipAction::kRelease,
                                           TipAction::kRefund};
  Tip after;
  TipChangeRecord record =
      MakeChange(state, kActions[static_cast<int>(job.action) - 1], tip, *entry, &after);
  record.job = job.id;
  record.unfrozen = entry->Open<RecordId>();
  switch (job.action) {
    case IncomeAction::kFreeze:
      if (record.from == TipState::kPending) record.amount = tip.left();
      after.state = TipState::kFrozen;
      after.freezes.PushBack(job.id);
      break;
    case IncomeAction::kRelease:
      Unfreeze(state, job, tip, entry, &record, &after);
      break;
    case IncomeAction::kRefund:
      record.permille = job.permille;
      Refund(tip, std::min(RefundAmount(Money(), job.permille, tip), tip.left()), entry, &record,
             &after);
      break;
  }
  record.after = entry->AddOne(after);
  return record;
}

IncomeJobRecord DecideIncomeJob(const State& state, const IncomeJobRequest& request, Entry* entry) {
  IncomeJobRecord record;
  record.action = request.action;
  record.intent = request.intent;
  record.actor = request.actor;
  record.scope = request.scope;
  record.permille = request.permille;
  record.note = entry->AddOne(request.note);
  record.journal_begin = RecordId(1, 0);
  record.end = NextId(*entry);
  if (request.scope.kind == IncomeScopeKind::kTip) {
    record.journal_begin = RecordId(request.scope.id);
    record.end = RecordId(request.scope.id + 1);
  } else if (request.action == IncomeAction::kFreeze) {
    // What is pending is due with a record that its cursor has not passed.
    int64_t settled_sequence = record.end.sequence() - 1;
    for (const SettleCursor& cursor : state.totals.cursors) {
      settled_sequence = std::min(settled_sequence, cursor.last_sequence);
    }
    record.journal_begin = RecordId(settled_sequence + 1, 0);
  }
  return record;
}

SettlementRecord DecideSettlement(const State& state, const SettlementRecord& due,
                                  const std::vector<SettlementShare>& due_shares, Entry* entry) {
  SettlementRecord record = due;
  ShareMap shares;
  for (const SettlementShare& share : due_shares) shares[{share.streamer, share.agency}] = share;
  TakeExceptions(state, &record, &shares, entry);
  record.shares = entry->Open<SettlementShare>();
  Debts debts(state);
  for (auto& [key, share] : shares) {
    if (share.amount == Money()) continue;
    share.streamer = key.first;
    share.agency = key.second;
    share.streamer_netted = debts.KeepOfStreamer(share.streamer, share.streamer_income);
    share.agency_netted = debts.KeepOfAgency(share.agency, share.agency_income);
    entry->Add(record.shares, share);
  }
  return record;
}

IncomeTerms TermsOf(const Policy& policy, const Streamer& streamer, const Tier* tier,
                    Money amount) {
  // Rules L11, I3.
  IncomeTerms terms;
  terms.settle_delay_ms = std::max(policy.SettleDelayMs(tier, amount), streamer.manual_delay_ms);
  terms.remorse_ms = policy.tip_life.remorse_ms;
  terms.agency = streamer.agency;
  terms.streamer_permille = policy.tip_life.streamer_permille;
  terms.agency_permille = streamer.agency.is_set() ? policy.tip_life.agency_permille : int16_t{0};
  return terms;
}

}  // namespace tipgate
