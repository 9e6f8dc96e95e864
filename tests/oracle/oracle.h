// The oracle: a second, independent implementation of the rulebook, for tests only. It is fed what
// the gate is fed, with the ids that the gate gave, and must say the same. Plain and slow: one list
// of what happened, summed up at each question.
//
// Each call takes the time of its decision, which never decreases. Holds that are due at that time
// have expired before anything else is looked at; pending income settles only in Settle.
// Interpretations: tests/oracle/README.md.
//
// Not thread-safe. Invariants, which Totals checks: every accepted fen is in exactly one state.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/control_requests.h"
#include "tests/oracle/income_requests.h"
#include "tests/oracle/key_book.h"
#include "tests/oracle/policy.h"
#include "tests/oracle/recharge_rules.h"
#include "tests/oracle/requests.h"
#include "tests/oracle/results.h"
#include "tests/oracle/world.h"

namespace tipgate::oracle {

class Oracle {
 public:
  // How long the gate remembers keys decides which create_time is too old. Left out: none is.
  explicit Oracle(std::optional<int64_t> key_retention_ms = std::nullopt);

  // Policy and gifts; before the first policy nothing may be asked.
  // A policy that was due earlier, at `effective_ms`, decides on holds that have expired since.
  void ActivatePolicy(int64_t now_ms, const Policy& policy,
                      std::optional<int64_t> effective_ms = std::nullopt);
  ErrorReason PutGifts(int64_t now_ms, const std::vector<Gift>& gifts);

  // People.
  ChangeResult PutPayer(int64_t now_ms, const PutPayerRequest& request);
  ChangeResult PutStreamer(int64_t now_ms, const PutStreamerRequest& request);
  PausePayerResult PausePayer(int64_t now_ms, const PausePayerRequest& request);

  // What payers set themselves. Tokens are ids that the gate gave.
  SelfLimitsResult SetSelfLimits(int64_t now_ms, const SetSelfLimitsRequest& request);
  SelfLimitsResult WithdrawSelfLimits(int64_t now_ms, const WithdrawSelfLimitsRequest& request);
  PreferencesResult SetPreferences(int64_t now_ms, const SetPreferencesRequest& request);
  ConfirmationResult StartConfirmation(int64_t now_ms, const StartConfirmationRequest& request,
                                       int64_t token);
  ConfirmationResult CompleteConfirmation(int64_t now_ms,
                                          const CompleteConfirmationRequest& request);

  // What ops and compliance do. Ids of sanctions are what the gate answered.
  StopResult EmergencyStop(int64_t now_ms, const EmergencyStopRequest& request);
  StopResult LiftStop(int64_t now_ms, const LiftStopRequest& request);
  FreezeResult FreezePayer(int64_t now_ms, const FreezePayerRequest& request);
  FreezeResult UnfreezePayer(int64_t now_ms, const UnfreezePayerRequest& request);
  CoolingOffResult StartCoolingOff(int64_t now_ms, const StartCoolingOffRequest& request);
  SanctionResult SanctionStreamer(int64_t now_ms, const SanctionStreamerRequest& request,
                                  int64_t sanction_id);
  SanctionResult LiftSanction(int64_t now_ms, const LiftSanctionRequest& request);

  // Sessions.
  OpenSessionResult OpenSession(int64_t now_ms, const OpenSessionRequest& request);
  ChangeResult CloseSession(int64_t now_ms, const CloseSessionRequest& request);

  // Tips. The id is what the gate answered.
  TipResult AuthorizeTip(int64_t now_ms, const TipRequest& request, int64_t tip_id);
  TipResult CheckTip(int64_t now_ms, const TipRequest& request);
  TipLifeResult CaptureTip(int64_t now_ms, const CaptureTipRequest& request);
  TipLifeResult VoidTip(int64_t now_ms, const VoidTipRequest& request);
  TipLifeResult RefundTip(int64_t now_ms, const RefundTipRequest& request);

  // Income.
  void Settle(int64_t now_ms);
  IncomeResult FreezeIncome(int64_t now_ms, const FreezeIncomeRequest& request);
  IncomeResult ReleaseIncome(int64_t now_ms, const ReleaseIncomeRequest& request);
  ChangeResult SetManualDelay(int64_t now_ms, const SetManualDelayRequest& request);

  // The same tip by tip, for a gate that takes its time. Which tips an order would change now; what
  // it changes of one, an error if nothing; the settlement of these, an error if one of them is not
  // pending, or not due.
  std::vector<int64_t> TipsOfOrder(int64_t now_ms, const IncomeOrder& order);
  IncomeResult CarryOut(int64_t now_ms, const IncomeOrder& order, int64_t tip_id);
  IncomeResult SettleTips(int64_t now_ms, const std::vector<int64_t>& tip_ids);

  // Recharges. The id is what the gate answered.
  RechargeResult AuthorizeRecharge(int64_t now_ms, const AuthorizeRechargeRequest& request,
                                   int64_t recharge_id);
  RechargeResult CaptureRecharge(int64_t now_ms, const CaptureRechargeRequest& request);
  RechargeResult VoidRecharge(int64_t now_ms, const VoidRechargeRequest& request);
  RechargeResult CheckRecharge(int64_t now_ms, const AuthorizeRechargeRequest& request);
  RechargeResult RefundRecharge(int64_t now_ms, const RefundRechargeRequest& request);

  // Reads.
  PayerView GetPayer(int64_t now_ms, int64_t payer_id);
  StreamerView GetStreamer(int64_t now_ms, int64_t streamer_id);
  StopsView ListStops(int64_t now_ms);
  SessionView GetSession(int64_t now_ms, int64_t session_id);
  TipView GetTip(int64_t now_ms, int64_t tip_id);
  AgencyView GetAgency(int64_t now_ms, int64_t agency_id);
  Totals GetTotals(int64_t now_ms);

 private:
  // Moves the clock: never back; what is due expires.
  void Advance(int64_t now_ms);
  // Those that end by then, under the policy of now.
  void ExpireHolds(int64_t due_ms);

  // A well-formed, new request is decided and remembered; errors are not remembered.
  template <class Result, class Request>
  Result Once(const Request& request, bool is_well_formed, const std::function<Result()>& decide) {
    if (!IsKey(request.idempotency_key) || !is_well_formed) {
      return {.error = ErrorReason::kInvalidField};
    }
    if (const std::optional<Result> first = keys_.Find<Result>(request)) return *first;
    const Result result = decide();
    if (result.error == ErrorReason::kNone) keys_.Remember(request, result);
    return result;
  }

  // What create_time says against deciding now.
  ErrorReason CreateTimeError(int64_t now_ms, std::optional<int64_t> create_time_ms) const;

  // Uses a completed confirmation up; false if there is none that fits.
  bool UseConfirmation(int64_t now_ms, int64_t payer_id, ConfirmationScope scope, int64_t token);

  // Why a token is refused, and what that leaves of it.
  ConfirmationRefusal WhyRefused(int64_t now_ms, const CompleteConfirmationRequest& request) const;
  ConfirmationResult RefuseConfirmation(const CompleteConfirmationRequest& request,
                                        ConfirmationRefusal refusal);

  // Until when the streamer is suspended now, filled in.
  void TellSuspension(int64_t now_ms, int64_t streamer_id, SanctionResult& result) const;

  // Null if no such tip was accepted.
  Tip* FindTip(int64_t tip_id);

  // Null if no such recharge was accepted, or if it is over since so long that it is forgotten.
  Recharge* FindRecharge(int64_t now_ms, int64_t recharge_id);

  TipResult DecideTip(int64_t now_ms, const TipRequest& request) const;
  void CountTip(int64_t now_ms, const TipRequest& request, const TipResult& result);
  void TellTotals(int64_t now_ms, const TipQuestion& question, TipResult& result) const;
  RechargeResult TellRecharge(int64_t now_ms, int64_t recharge_id,
                              const RechargeQuestion& question) const;
  RechargeResult CaptureLate(int64_t now_ms, int64_t recharge_id);

  std::optional<int64_t> key_retention_ms_;
  int64_t now_ms_ = 0;
  World world_;
  KeyBook keys_;
};

}  // namespace tipgate::oracle
