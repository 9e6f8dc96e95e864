#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/decide.h"
#include "core/decide_income.h"
#include "core/entry.h"
#include "core/error.h"
#include "core/hash128.h"
#include "core/proposal.h"
#include "core/state.h"
#include "core/state_store.h"

namespace tipgate {

// What enters the sequencer, and where it leaves its answers. All values are valid in their ranges.

// Something else than a decision.
struct ReplayOf {
  RecordId record;  // the key is known: the first answer stands there
};
struct InRecord {
  uint32_t position = 0;  // of the batch's entry, or of its dry entry for a dry run
};
using Answer = std::variant<std::monostate, InRecord, ReplayOf, RequestError>;

struct TipsCommand {
  bool is_dry_run = false;
  std::vector<TipRequest> requests;
  std::vector<KeyLookup> keys;  // one a request; unused in a dry run
  std::vector<Answer> answers;  // filled: one a request; allocates nothing if they are so many
};

// A change with one key and one answer.
template <typename Request>
struct ChangeCommand {
  Request request;
  KeyLookup key;
  Answer answer;
};

// What a caller asks for in CaptureRecharge (kCapture) and VoidRecharge (kVoid).
struct RechargeChange {
  Intent intent;
  RechargeAction action{};
  RecordId recharge;
};
struct CloseRequest {
  Intent intent;
  SessionId session;
};

// The records of facts are their own requests; times are filled in by the sequencer.
using RechargeCommand = ChangeCommand<RechargeRequest>;
using RechargeChangeCommand = ChangeCommand<RechargeChange>;
using RechargeRefundCommand = ChangeCommand<RechargeRefundRequest>;
using PayerCommand = ChangeCommand<PayerRecord>;
using PauseCommand = ChangeCommand<PauseRecord>;
using SelfLimitsCommand = ChangeCommand<SelfLimitsRecord>;
using PreferencesCommand = ChangeCommand<PreferencesRecord>;
using ConfirmationCommand = ChangeCommand<ConfirmationRecord>;
using CoolingOffCommand = ChangeCommand<CoolingOffRecord>;
using PayerFreezeCommand = ChangeCommand<PayerFreezeRecord>;
using StopCommand = ChangeCommand<StopRecord>;
using SanctionCommand = ChangeCommand<SanctionRecord>;
using StreamerCommand = ChangeCommand<StreamerRecord>;
using TipChangeCommand = ChangeCommand<TipChangeRequest>;
using IncomeJobCommand = ChangeCommand<IncomeJobRequest>;
using ManualDelayCommand = ChangeCommand<ManualDelayRecord>;
using OpenSessionCommand = ChangeCommand<SessionRequest>;
using CloseSessionCommand = ChangeCommand<CloseRequest>;
using ProposalCommand = ChangeCommand<ProposalRecord>;
using ProposalStepCommand = ChangeCommand<ProposalStepRecord>;
// A dry run of a recharge; its key is unused.
struct CheckRechargeCommand {
  RechargeRequest request;
  Answer answer;
};
struct GiftsCommand : ChangeCommand<CatalogRecord> {
  std::optional<size_t> too_dear;  // the gift to blame, if one is
};

// Changes that the gate makes itself.

// The settlement is skipped if the cursor is no longer where it starts, or if it is not due.
struct SettleCommand {
  SettlementRecord settlement;
  std::vector<SettlementShare> shares;
};
// The next step of a job; it is skipped if the job no longer goes on there. Frozen tips the
// sequencer finds itself.
struct IncomeStepCommand {
  RecordId job;
  bool is_in_journal = false;  // where it goes on, as in IncomeJob
  RecordId begin;
  RecordId next;          // behind the last one looked at
  std::vector<Tip> tips;  // at most kIncomeStepMax in its scope, as journal or store know them
};
struct PolicyCommand {
  PolicyPtr policy;  // its version is given by the sequencer
};
struct CatalogCommand {
  GiftCatalogPtr catalog;
};
// Lets time pass: holds expire.
struct TickCommand {};

// Visits: copies of what is there at this moment.

template <typename IdType, typename T>
struct Visit {
  IdType id;
  std::optional<T> found;
  PolicyPtr policy;
};
struct PayerVisit : Visit<PayerId, Payer> {
  PayerControls controls;  // of one who has any
  int64_t time_ms = 0;     // of the batch
  Day day{};
  Month month{};
};
struct StreamerVisit : Visit<StreamerId, Streamer> {
  std::vector<Sanction> sanctions;  // in force, the oldest first
};
struct SessionVisit : Visit<SessionId, Session> {
  TierName streamer_tier;  // of now
};
using RechargeVisit = Visit<RecordId, Recharge>;
using AgencyVisit = Visit<AgencyId, Agency>;

// Where a walk through the history of tips begins, and which of them are settled.
struct HistoryVisit {
  // What is asked for; monostate: only the cursors.
  std::variant<std::monostate, KeyLookup, PayerId, StreamerId, SessionId> of;
  RecordId
      newest;  // the tip of the key, or the newest of the payer, streamer, session; unset: none
  std::vector<SettleCursor> cursors;
  bool is_freezing = false;  // nothing settles now
  int64_t last_sequence = 0;
};

// The emergency stops in force.
struct StopsVisit {
  std::vector<Stop> stops;
};

// Policies, and what a new one must fit.
struct PolicyPage {
  RecordId before;  // unset: from the newest on
  int count_max = 0;
};
struct PolicyVisit {
  // What is asked for: one by its version (0: that in force) or its proposal, or a page, newest
  // first; monostate: none of them.
  std::variant<std::monostate, int32_t, RecordId, PolicyPage> of;
  std::vector<Proposal> found;
  bool has_more = false;  // after the page
  PolicyPtr policy;       // in force
  GiftCatalogPtr catalog;
  int32_t gifts_version = 0;
  ActorName gifts_actor;
  std::vector<SettleCursor> cursors;
};

// What has become of tips, by id.
struct TipsVisit {
  std::vector<RecordId> ids;
  std::vector<std::optional<Tip>> found;  // nothing: known by journal or store alone
  Totals totals;                          // which tell what has settled
};

// Jobs, by id; without one the open ones, or those of them whose turn it is.
struct IncomeJobsVisit {
  std::vector<RecordId> ids;
  bool wants_turns = false;
  std::vector<IncomeJob> found;
};

struct InfoVisit {
  bool wants_fingerprint = false;
  Totals totals;
  int64_t payers_count = 0;
  int64_t streamers_count = 0;
  int64_t sessions_count = 0;
  PolicyPtr policy;
  GiftCatalogPtr catalog;
  std::optional<Hash128> fingerprint;
  int64_t last_sequence = 0;  // the state is that after this entry, which may be the batch's own
  int64_t time_ms = 0;        // of the batch; the fingerprint is as of then
};

using Command =
    std::variant<TipsCommand, RechargeCommand, RechargeChangeCommand, PayerCommand, StreamerCommand,
                 OpenSessionCommand, CloseSessionCommand, SettleCommand, PolicyCommand,
                 CatalogCommand, TickCommand, PauseCommand, SelfLimitsCommand, ConfirmationCommand,
                 CoolingOffCommand, PayerFreezeCommand, PayerVisit, StreamerVisit, SessionVisit,
                 HistoryVisit, InfoVisit, StopCommand, SanctionCommand, StopsVisit, ProposalCommand,
                 ProposalStepCommand, GiftsCommand, PolicyVisit, TipChangeCommand, IncomeJobCommand,
                 IncomeStepCommand, ManualDelayCommand, TipsVisit, IncomeJobsVisit,
                 RechargeRefundCommand, CheckRechargeCommand, RechargeVisit, PreferencesCommand,
                 AgencyVisit>;

// The most records that a command can add to an entry.
int64_t RecordsMax(const Command& command);

// False for a visit or a dry run: nothing is decided that the journal must know.
bool MayChange(const Command& command);

}  // namespace tipgate
