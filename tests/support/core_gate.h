#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/key_memory.h"
#include "core/sequencer.h"
#include "core/state.h"
#include "tests/support/memory_journal.h"
#include "tests/support/memory_state_store.h"

namespace tipgate {

// The amounts of the sample policy, in fen.
Policy SamplePolicy();
// Gift 1: 1 fen. Gift 2: the highest price allowed, 3,000 yuan. Gift 3: 1 fen above that. Gift 4:
// disabled. Gift 5: 100 yuan.
GiftCatalog SampleCatalog();
Money PriceOfSampleGift(GiftId gift);

// A decision with what it has several of.
struct Decided {
  Answer answer;
  RecordId id;
  TipRecord tip;
  RechargeRecord recharge;
  SessionRecord session;
  PauseRecord pause;
  SelfLimitsRecord self_limits;
  PreferencesRecord preferences;
  ConfirmationRecord confirmation;
  CoolingOffRecord cooling_off;
  PayerFreezeRecord freeze;
  StopRecord stop;
  SanctionRecord sanction;
  ProposalStepRecord proposal_step;
  TipChangeRecord tip_change;
  tipgate::Tip changed_tip;  // as it is after tip_change
  std::vector<Violation> violations;
  std::vector<Reminder> reminders;

  std::vector<RejectionCode> codes() const;
  bool is_accepted() const {
    return violations.empty() && confirmation.outcome != Outcome::kRejected && answer.index() == 1;
  }
  // The error's reason, or a value that no error has.
  ErrorReason error() const;
  bool is_replay() const { return std::holds_alternative<ReplayOf>(answer); }
};

// The core without threads: a sequencer with journal and store in memory and a clock that a test
// sets. Each call is a batch of its own unless the test makes the batch.
class CoreGate {
 public:
  // Starts at 2026-11-23 20:00 in Shanghai; counts days in the policy's time zone.
  explicit CoreGate(const Policy& policy = SamplePolicy(), StateLimits limits = DefaultLimits());

  static StateLimits DefaultLimits();

  // Local time in Shanghai, such as "2026-11-23 20:00:00.000".
  void SetTime(const std::string& local);
  void Advance(absl::Duration duration) { now_ms += absl::ToInt64Milliseconds(duration); }

  void Activate(const Policy& policy);

  // The life of a policy. `requested_time_ms` 0: as soon as it is approved. The answer to a
  // proposal has its id.
  Decided Propose(const Policy& policy, const std::string& actor, int64_t requested_time_ms = 0);
  Decided Approve(RecordId proposal, const std::string& actor);
  Decided Withdraw(RecordId proposal, const std::string& actor);
  Decided PutGifts(const GiftCatalog& catalog);

  // An adult, verified; one of a birth date "2008-11-23".
  void PutAdult(PayerId payer);
  Decided PutPayer(PayerRecord record);
  Decided Pause(PayerId payer, absl::Duration duration);
  Decided SetSelfLimits(SelfLimitsRecord record);
  Decided SetPreferences(PreferencesRecord record);
  Decided StartConfirmation(PayerId payer, ConfirmationScope scope);
  Decided CompleteConfirmation(PayerId payer, ConfirmationScope scope,
                               const ConfirmationToken& token);
  // Both of them.
  void Confirm(PayerId payer, ConfirmationScope scope);
  Decided CoolOff(PayerId payer, absl::Duration duration);
  Decided Freeze(PayerId payer, const std::string& case_name = "case-1");
  Decided Unfreeze(PayerId payer, const std::string& actor,
                   const std::string& case_name = "case-1");
  // Emergency stops, begun and lifted by one of the staff.
  Decided Stop(const StopScope& scope, const std::string& actor = "ops-1");
  Decided LiftStop(const StopScope& scope, const std::string& actor);
  // Sanctions; intent, actor, reason and case are filled in.
  Decided Sanction(SanctionRecord record);
  Decided LiftSanction(StreamerId streamer, RecordId sanction);
  Decided PutStreamer(StreamerRecord record);
  void PutAdultStreamer(StreamerId streamer, const std::string& tier);
  Decided OpenSession(SessionId session, StreamerId streamer);
  Decided CloseSession(SessionId session);

  // Payer 1, streamer 1 of tier L3 and open session 1.
  void PutScene();

  TipRequest MakeTip(PayerId payer, GiftId gift, int32_t count);
  Decided Tip(const TipRequest& request);
  Decided Check(const TipRequest& request);
  Decided CaptureTip(RecordId tip, Money amount = Money());
  Decided VoidTip(RecordId tip);
  Decided RefundTip(RecordId tip, Money amount, int32_t permille = 0);
  // Carries the job out to its end; its id is that of the answer.
  Decided FreezeIncome(IncomeScopeKind kind, int64_t id, const std::string& case_name = "case-1");
  Decided ReleaseIncome(IncomeScopeKind kind, int64_t id, const std::string& case_name = "case-1");
  Decided RunIncomeJob(IncomeJobRequest request);
  // The next step of an open job. False if it is done.
  bool StepIncomeJob(RecordId job);
  // The tip as it is now; it must have been accepted.
  tipgate::Tip FindTip(RecordId id) const;
  TipState StateOfTip(RecordId id) const { return StateOf(FindTip(id), state.totals); }
  void DelayIncome(StreamerId streamer, int64_t delay_ms);
  // Settles what is due with any delay.
  void SettleAll();

  Decided Recharge(PayerId payer, Money amount, int64_t hold_ms = 0);
  Decided Capture(RecordId recharge);
  Decided Void(RecordId recharge);
  Decided CheckRecharge(PayerId payer, Money amount);
  Decided RefundRecharge(RecordId recharge, Money amount);
  // Authorizes and captures it: what the payer may spend where the gate keeps balances.
  RecordId AddBalance(PayerId payer, Money amount);
  void Tick();
  // Writes an entry and, a minute later, lets go what is due to leave the memory by that entry's
  // time.
  void ForgetWhatIsDue();
  // Settles all of one delay that is due; false if nothing was taken.
  bool Settle(int64_t delay_ms);

  // Runs one command in a batch of its own, after those in which more expires than fits into one.
  Decided Run(Command command);
  void Execute(Command* command);
  // What the last command was answered in a dry run.
  const Entry& dry() const { return batch_.dry; }
  KeyLookup LookUp(const Intent& intent) const;
  Intent NewIntent();

  // Takes a whole checkpoint into the store, in parts of `part` entities.
  void Checkpoint(size_t part = 1'000'000);

  // The same gate after a crash: rebuilt from journal and store.
  std::unique_ptr<CoreGate> Recovered();

  Hash128 Fingerprint() const { return state.Fingerprint(now_ms); }

  State state;
  KeyMemory keys;
  std::shared_ptr<MemoryJournal> journal = std::make_shared<MemoryJournal>();
  std::shared_ptr<MemoryStateStore> store = std::make_shared<MemoryStateStore>();
  int64_t now_ms = 0;

 private:
  struct ForRecovery {};
  CoreGate(ForRecovery, const CoreGate& crashed);

  Decided TakeStep(ProposalStep step, RecordId proposal, const std::string& actor);
  Decided Read(const Entry& entry, const Answer& answer) const;
  Decided ChangeTip(TipChangeRequest request);

  StateLimits limits_;
  Calendar calendar_;
  std::unique_ptr<Sequencer> sequencer_;
  Batch batch_;
  int64_t intents_count_ = 0;
  int64_t tokens_count_ = 0;
};

}  // namespace tipgate
