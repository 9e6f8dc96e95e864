#pragma once

#include <cstdint>

#include "absl/types/span.h"
#include "core/command.h"
#include "core/entry.h"
#include "core/key_memory.h"
#include "core/payer_look_ups.h"
#include "core/resident_filter.h"
#include "core/state.h"
#include "core/tip_parties.h"

namespace tipgate {

// What a batch of commands led to. Reused.
struct Batch {
  Entry entry;  // what is to be made durable; no records: nothing is
  Entry dry;    // decisions of dry runs
};

// Most things of each kind that state may hold.
struct StateLimits {
  int64_t payers_max = 0;           // registered
  int64_t payers_resident_max = 0;  // of them in memory; a little more while all were just changed
  int64_t streamers_max = 0;
  int64_t sessions_max = 0;
  int64_t recharges_max = 0;
  int64_t tips_max = 0;  // held ones, and those to which something has happened lately
  int64_t income_jobs_max = 0;
  int64_t idempotency_retention_ms = 0;
};

// The one writer: gives every command its place in the order, decides, and folds the decision in.
// Deterministic: the same state, moments, commands and calendar give the same entries on every
// machine. It reads no clock, no disk and no random number. One thread.
//
// Life of a batch: Begin, Admit and Execute for each command, End. Its entry must be durable before
// any answer leaves; entries must become durable in order.
class Sequencer {
 public:
  // Most things that time does at the beginning of one batch.
  static constexpr int64_t kDuesMax = 1024;

  // `state` and `keys` are those after the entry `last_sequence`; they outlive this. `calendar` is
  // that of the policy's time zone.
  Sequencer(State* state, KeyMemory* keys, StateLimits limits, const Calendar& calendar,
            int64_t last_sequence);

  // Starts a batch at a moment that is not before that of the last one; does what is due, and takes
  // payers out of memory if there are too many.
  void Begin(const Moment& now, Batch* batch);

  // True if the batch has room for the command. A visit that looks at all state gets a batch of its
  // own.
  bool HasRoom(const Command& command) const;

  // Brings the payers that the command touches into memory, as they were looked up in a store that
  // is not older than KeyMemory::dropped_sequence. False: some were not looked up; they are among
  // the missing ones now, and the command must come again. Not needed while nobody is cold.
  bool Admit(const Command& command, PayerLookUps* look_ups);

  // Decides. Answers are in the command.
  void Execute(Command& command);

  // Ends the batch. True if its entry has records and so takes the next sequence.
  bool End();

  // The last entry that was ended.
  int64_t last_sequence() const { return last_sequence_; }

  // Who need not be looked up. Any thread.
  const ResidentFilter& residents() const { return residents_; }
  // True if too many payers are in memory, because none of them is stored as they are.
  bool wants_checkpoint() const { return wants_checkpoint_; }

 private:
  void Prefetch(const TipsCommand& command, size_t position) const;
  void Run(TipsCommand& command);
  void Run(RechargeCommand& command);
  void Run(RechargeChangeCommand& command);
  void Run(RechargeRefundCommand& command);
  void Run(CheckRechargeCommand& command);
  void Run(PayerCommand& command);
  void Run(PauseCommand& command);
  void Run(SelfLimitsCommand& command);
  void Run(PreferencesCommand& command);
  void Run(ConfirmationCommand& command);
  void Run(CoolingOffCommand& command);
  void Run(PayerFreezeCommand& command);
  void Run(StopCommand& command);
  void Run(SanctionCommand& command);
  void Run(TipChangeCommand& command);
  void Run(IncomeJobCommand& command);
  void Run(IncomeStepCommand& command);
  void Run(ManualDelayCommand& command);
  void Run(TipsVisit& visit);
  void Run(IncomeJobsVisit& visit);
  void Run(StreamerCommand& command);
  void Run(OpenSessionCommand& command);
  void Run(CloseSessionCommand& command);
  void Run(SettleCommand& command);
  void Run(PolicyCommand& command);
  void Run(CatalogCommand& command);
  void Run(TickCommand& command);
  void Run(PayerVisit& visit);
  void Run(StreamerVisit& visit);
  void Run(SessionVisit& visit);
  void Run(RechargeVisit& visit);
  void Run(AgencyVisit& visit);
  void Run(HistoryVisit& visit);
  void Run(StopsVisit& visit);
  void Run(InfoVisit& visit);
  void Run(ProposalCommand& command);
  void Run(ProposalStepCommand& command);
  void Run(GiftsCommand& command);
  void Run(PolicyVisit& visit);

  // The record that the key named before, wherever it is remembered.
  RecordId FindKey(const KeyLookup& key) const;

  // The guards that every change with a key passes first: answers it if the key is known or its
  // intent too old.
  bool IsAnswered(const Intent& intent, const KeyLookup& key, Answer* answer) const;

  // Adds a record to the entry and folds it in.
  InRecord Put(Record&& record);
  // The same for one that somebody asked for.
  InRecord Put(Record&& record, const KeyLookup& key);

  InRecord PutTip(const TipRequest& request, const TipParties& parties, const KeyLookup& key);
  void Authorize(const TipRequest& request, const KeyLookup& key, Answer* answer);

  // Answers a change of a payer if the key is known, the intent untimely, or the payer unknown.
  template <typename CommandType>
  bool IsRefusedForPayer(CommandType* command) const;

  // The tip as it is now: of the state, or as it was looked up. Null if there is none.
  const Tip* FindTip(RecordId id, const std::optional<Tip>& looked_up) const;
  // One step of a job: changes those tips that it can, and notes where it goes on.
  void RunStep(IncomeStepRecord step, absl::Span<const Tip> tips);
  void RunFrozenStep(const IncomeJob& job);
  // Carries open orders to freeze out on those of these tips that they name.
  void FreezeReleased(absl::Span<const Tip> released);

  // Facts about somebody, who is null if not known.
  template <typename Person, typename CommandType>
  void PutFacts(const Person* known, CommandType* command);

  template <typename VisitType, typename T>
  void Copy(const T* found, VisitType& visit) const;

  // The same for a dry run, which has no key.
  bool IsUntimely(const Intent& intent, Answer* answer) const;

  void EvictPayers();
  bool MayEvict(const Payer& payer) const;

  bool IsBookFull(Money sum, Answer* answer) const;
  bool IsFull(size_t size, int64_t size_max, Answer* answer) const;
  void DoWhatIsDue();
  void RechargeIsDue(RecordId id);
  void RecentTipsAreDue(PayerId payer);
  void PolicyIsDue(RecordId id);
  void TipIsDue(RecordId id);
  void IncomeJobIsDue(RecordId id);
  void SessionIsDue(SessionId id);
  // What is only due to be forgotten, and may not be yet, is looked at once more.
  void LookAgain(DueKind kind, int64_t id);
  // True if the store knows all up to this record. What is to be found there must not leave the
  // memory before.
  bool IsStored(RecordId record) const { return record.sequence() <= keys_.dropped_sequence(); }

  int64_t now_ms() const { return batch_->entry.moment.time_ms; }
  // The recharge as it is now: of the state, or as it was looked up. Null if there is none, or if
  // it is forgotten and nothing of it can be refunded.
  const Recharge* FindRecharge(RecordId id, const std::optional<Recharge>& looked_up) const;
  const Session* FindSession(SessionId id) const {
    return FindKnown(state_.sessions, id, now_ms());
  }

  State& state_;
  KeyMemory& keys_;
  const StateLimits limits_;
  const Calendar calendar_;
  int64_t last_sequence_;
  // Of the last entry with records that was decided here. What leaves the memory does so by this
  // time, not by that of a batch which the journal never sees: after a restart with a clock that
  // was set back, time may go on from here, and the state must be that of the journal.
  int64_t last_time_ms_ = 0;
  Batch* batch_ = nullptr;
  bool is_closed_ = false;  // the batch takes no more commands

  ResidentFilter residents_;
  bool is_admitted_ = false;  // the payers of the command that comes next
  bool wants_checkpoint_ = false;
  // A hand that goes round over the slots of payers, to find those that nothing has changed while
  // it came by twice: the entries at which its last two rounds began.
  uint32_t hand_ = 0;
  int64_t last_pass_;
  int64_t before_last_pass_;
};

}  // namespace tipgate
