#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/entry.h"
#include "core/income_job.h"
#include "core/record.h"
#include "core/state.h"
#include "core/tip.h"

namespace tipgate {

// Decisions about the later life of tips; promises as in core/decide.h. `tip` is the tip as it is
// now: of the state, of the store, or, where nothing has happened to it, as its record tells.

// What a caller asks for in CaptureTip, VoidTip and RefundTip.
struct TipChangeRequest {
  Intent intent;
  TipAction action{};  // kCapture, kVoid or kRefund
  RecordId tip;
  ActorName actor;       // of kRefund, and the next two too
  Money amount;          // of kCapture and kRefund; 0: all that is held, or by permille
  int32_t permille = 0;  // of kRefund, of what was captured
  CaseNote note;         // of kRefund
  // What journal or store knew of the tip before the command entered; nothing: no accepted tip has
  // this id.
  std::optional<Tip> looked_up;
};

// Why a tip cannot be changed so; then there is no decision.
enum class TipRefusal {
  kNone,
  kNotHeld,
  kAboveHeld,
  kNotVoidable,
  kNotRefundable,
  kAboveLeft,
  kNothing,  // the permille of it is less than a minor unit
};
TipRefusal WhyTipChangeRefused(const State& state, const TipChangeRequest& request, const Tip& tip,
                               const Moment& now);

// A capture asks the payer's own limits once more, and may be refused by them: then the tip stays
// held.
TipChangeRecord DecideTipChange(const State& state, const TipChangeRequest& request, const Tip& tip,
                                Entry* entry);

// Of a held tip whose hold is over.
TipChangeRecord DecideTipExpiry(const State& state, const Tip& tip, Entry* entry);

// True if an order about this scope is about this tip, as far as one can tell without its case.
bool IsInScope(const IncomeScope& scope, const Tip& tip);

// True while an order to freeze is carried out. Nothing settles meanwhile: what it names was
// pending when it was given, and is to stay so until the order finds it (rule L7).
bool IsFreezing(const State& state);

// Orders of one case are carried out one after another: one that ends freezes finds all that was to
// be frozen before it, and what it releases is not frozen again by an earlier one. True if it is
// this open job's turn.
bool HasItsTurn(const State& state, const IncomeJob& job);

// Whether and how a step of a job changes a tip that it looks at.
bool IsChangedByJob(const State& state, const IncomeJob& job, const Tip& tip);
TipChangeRecord DecideTipOfJob(const State& state, const IncomeJob& job, const Tip& tip,
                               Entry* entry);
// One that the job does not change: true if its order names the tip, and that was not told when the
// job went through the frozen tips. What an order about one case does not find in it is not named.
bool IsSkippedByJob(const State& state, const IncomeJob& job, const Tip& tip);

// The tips that the next step of a job about frozen tips looks at.
struct FrozenStep {
  std::vector<Tip> tips;
  RecordId next;  // where it goes on after them; unset: there are no more
};
FrozenStep FrozenStepOf(const State& state, const IncomeJob& job);

// What a caller asks for in FreezeIncome, ReleaseIncome and RefundTips.
struct IncomeJobRequest {
  Intent intent;
  IncomeAction action{};
  ActorName actor;
  IncomeScope scope;
  int32_t permille = 0;
  CaseNote note;
  std::optional<Tip> looked_up;  // of kTip, as in TipChangeRequest
};
IncomeJobRecord DecideIncomeJob(const State& state, const IncomeJobRequest& request, Entry* entry);

// The settlement of what a collector (core/settlement.h) has summed up: less what does not settle;
// and of each share what is kept for refunds.
SettlementRecord DecideSettlement(const State& state, const SettlementRecord& due,
                                  const std::vector<SettlementShare>& due_shares, Entry* entry);

// How a tip settles that becomes pending now, in a session of that tier; null: the policy has it no
// more.
IncomeTerms TermsOf(const Policy& policy, const Streamer& streamer, const Tier* tier, Money amount);

}  // namespace tipgate
