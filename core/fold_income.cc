#include <map>

#include "core/folder.h"

namespace tipgate {
namespace {

// What somebody gets in one settlement.
struct PaidOut {
  Money amount;
  Money income;
  Money netted;

  void Add(Money more_amount, Money more_income, Money more_netted) {
    amount += more_amount;
    income += more_income;
    netted += more_netted;
  }
};

}  // namespace

void Folder::operator()(const TipChangeRecord& record) {
  if (record.outcome == Outcome::kRejected) return;
  const Tip& after = entry_.View(record.after).front();
  MoveTip(record, after);
  GiveBack(record, after);
  PutTip(after);
  if (record.action == TipAction::kFreeze) {
    if (IncomeJob* job = FindAndClaim(state_.income_jobs, record.job)) ++job->frozen_count;
  }
  for (const RecordId id : entry_.View(record.unfrozen)) {
    if (IncomeJob* job = FindAndClaim(state_.income_jobs, id)) --job->frozen_count;
  }
  if (after.due == id_) NoteSettleDelay(after.due_delay_ms);
}

// `amount` has gone to the state that the tip is in now, except that what a refund gives back is
// refunded whatever is left of the tip; `released` is voided.
void Folder::MoveTip(const TipChangeRecord& record, const Tip& after) {
  const TipState to = record.action == TipAction::kRefund ? TipState::kRefunded : after.state;
  const auto move = [&](TipSums* sums) {
    sums->Move(record.from, to, record.amount);
    sums->Move(record.from, TipState::kVoided, record.released);
  };
  if (Streamer* streamer = FindAndClaim(state_.streamers, after.streamer)) {
    move(&streamer->tips);
    streamer->receivable += record.streamer_receivable;
  }
  if (Claim(state_.totals)) {
    move(&state_.totals.tips);
    state_.totals.balances += ToBalance(record, after);
  }
  if (record.agency_receivable == Money()) return;
  if (Agency* agency = InsertAndClaim(state_.agencies, after.terms.agency)) {
    agency->receivable += record.agency_receivable;
  }
}

void Folder::GiveBack(const TipChangeRecord& record, const Tip& after) {
  const Money to_balance = ToBalance(record, after);
  if (record.headroom == Money() && to_balance == Money()) return;
  if (Payer* payer = ClaimPayer(after.payer)) {
    payer->tips.TakeBack(after.counted_day, after.counted_month, record.headroom);
    payer->balance += to_balance;
  }
  if (record.headroom == Money()) return;
  if (Session* session = FindAndClaim(state_.sessions, after.session)) {
    session->received -= record.headroom;
    TIPGATE_CHECK(session->received.minor() >= 0);
  }
  if (!after.enters_window) return;
  if (RecentTips* recent = FindAndClaim(state_.recent_tips, after.payer)) {
    recent->Lower(after.accept_time_ms, after.counted() + record.headroom, after.counted());
  }
}

void Folder::PutTip(const Tip& after) {
  Tip* const tip = InsertAndClaim(state_.tips, after.id);
  if (tip == nullptr) return;
  state_.RemoveFromLists(*tip);
  Become(after, tip);
  state_.AddToLists(*tip);
  state_.PushDue(DueOf(*tip));
}

void Folder::operator()(const IncomeJobRecord& record) {
  IncomeJob* const job = InsertAndClaim(state_.income_jobs, id_);
  if (job == nullptr) return;
  job->action = record.action;
  job->scope = record.scope;
  job->permille = record.permille;
  job->actor = record.actor;
  job->note = entry_.View(record.note).front();
  job->is_in_journal = !job->is_about_frozen_tips();
  job->next = job->is_in_journal ? record.journal_begin : RecordId();
  job->journal_begin = record.journal_begin;
  job->end = record.end;
  job->start_time_ms = now_.time_ms;
  state_.open_jobs.insert(id_);
}

void Folder::operator()(const IncomeStepRecord& record) {
  IncomeJob* const job = FindAndClaim(state_.income_jobs, record.job);
  if (job == nullptr) return;
  job->is_in_journal = record.is_in_journal;
  job->next = record.next;
  job->tips_count += record.tips_count;
  job->skipped_count += record.skipped_count;
  job->amount += record.amount;
  if (!record.is_done) return;
  job->done_time_ms = now_.time_ms;
  state_.open_jobs.erase(job->id);
  state_.PushDue(DueOf(*job));
}

void Folder::operator()(const ManualDelayRecord& record) {
  if (Streamer* streamer = FindAndClaim(state_.streamers, record.streamer)) {
    streamer->manual_delay_ms = record.delay_ms;
  }
}

void Folder::operator()(const SettlementRecord& settlement) {
  PayOut(entry_.View(settlement.shares));
  if (!Claim(state_.totals)) return;
  SettleCursor* const cursor = state_.totals.FindCursor(settlement.delay_ms);
  TIPGATE_CHECK(cursor != nullptr);
  TIPGATE_CHECK(cursor->last_sequence + 1 == settlement.first_sequence);
  cursor->last_sequence = settlement.last_sequence;
  state_.totals.tips.Move(TipState::kPending, TipState::kSettled, settlement.amount);
  state_.ForgetExceptions(*cursor);
}

void Folder::PayOut(absl::Span<const SettlementShare> shares) {
  std::map<StreamerId, PaidOut> of_streamers;
  std::map<AgencyId, PaidOut> of_agencies;
  for (const SettlementShare& share : shares) {
    of_streamers[share.streamer].Add(share.amount, share.streamer_income, share.streamer_netted);
    if (share.agency_income == Money()) continue;
    of_agencies[share.agency].Add(share.amount, share.agency_income, share.agency_netted);
  }
  for (const auto& [id, paid] : of_streamers) {
    Streamer* const streamer = FindAndClaim(state_.streamers, id);
    if (streamer == nullptr) continue;
    streamer->tips.Move(TipState::kPending, TipState::kSettled, paid.amount);
    streamer->income += paid.income - paid.netted;
    streamer->receivable -= paid.netted;
  }
  for (const auto& [id, paid] : of_agencies) {
    Agency* const agency = InsertAndClaim(state_.agencies, id);
    if (agency == nullptr) continue;
    agency->income += paid.income - paid.netted;
    agency->receivable -= paid.netted;
  }
}

}  // namespace tipgate
