#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "bench/evening.h"
#include "bench/evening_tally.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/recharge.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

// A gRPC error that is final: not to be retried, or retried often enough.
struct EveningError {
  int code = 0;
  std::string message;
};

// Writes down every answer of the gate, in whatever order answers come. Thread-safe.
class EveningBooks {
 public:
  // `zone` is where the gate counts its days. `evening` outlives this.
  EveningBooks(const Evening& evening, absl::TimeZone zone);

  void RecordDecision(const EveningTip& tip, const v1::TipDecision& decision);
  void RecordError(const EveningTip& tip, const EveningError& error);

  // True for the first refusal of a payer's tip at a gate in a period: then the app asks the payer.
  bool BeginConfirmation(int64_t payer_id, v1::Period period, const v1::TipDecision& decision);
  void RecordConfirmed(v1::Period period, const v1::CompleteConfirmationResponse& response);

  void RecordPayerPut();
  void RecordStreamerPut();
  void RecordOpened(const v1::OpenSessionRequest& request, const v1::OpenSessionResponse& response);
  void RecordClosed(int64_t session_id);
  void RecordAuthorized(const EveningRecharge& recharge, const v1::RechargeDecision& decision);
  void RecordCaptured(const v1::CaptureRechargeResponse& response);
  void RecordVoided(const EveningRecharge& recharge, const v1::RechargeDecision& authorized);
  // A call that had to work did not.
  void RecordFailure(absl::string_view call, const EveningError& error);

  // True if a tip with this key has its answer.
  bool HasAnswer(const std::string& idempotency_key) const;
  // The first answers by key, serialized; only those of repeated tips.
  std::vector<std::pair<std::string, std::string>> Answers() const;

  // Only while nobody records.
  const EveningTally& tally() const ABSL_NO_THREAD_SAFETY_ANALYSIS { return tally_; }

 private:
  void CheckForm(const v1::TipIntent& intent, const v1::TipDecision& decision)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CountAccepted(const v1::TipIntent& intent, const v1::TipDecision& decision)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CountReminder(const v1::TipIntent& intent, const v1::TipDecision& decision,
                     const v1::Reminder& reminder) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CheckCoolingOff(const v1::TipIntent& intent, const v1::TipDecision& decision)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CountRefusalAtGate(const v1::TipIntent& intent, const v1::TipDecision& decision,
                          const v1::Violation& violation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  PeriodTally& TallyOf(v1::Period period) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  PayerPeriod PeriodOf(int64_t payer_id, v1::Period period,
                       const google::protobuf::Timestamp& time) const;
  void CompareAnswer(const EveningTip& tip, const v1::TipDecision& decision)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Fault(EveningClaim claim, const std::string& what) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::CivilDay DayOf(const google::protobuf::Timestamp& time) const;
  bool IsMinorAt(int64_t payer_id, const google::protobuf::Timestamp& time) const;

  const absl::TimeZone zone_;
  absl::flat_hash_map<int64_t, const v1::PayerFacts*> facts_;  // of the payers of the evening

  mutable absl::Mutex mutex_;
  EveningTally tally_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::string> answers_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<int64_t> tip_ids_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<PayerPeriod> day_gates_begun_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<PayerPeriod> month_gates_begun_ ABSL_GUARDED_BY(mutex_);
};

// The first day of the month of `day`.
absl::CivilDay MonthOf(absl::CivilDay day);

}  // namespace tipgate
