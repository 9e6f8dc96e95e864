#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/differ/duel.h"
#include "tests/differ/operation.h"
#include "tests/differ/random.h"
#include "tests/oracle/calendar.h"
#include "tests/oracle/control_requests.h"
#include "tests/oracle/income_requests.h"
#include "tests/oracle/policy.h"
#include "tests/oracle/requests.h"

namespace tipgate::differ {

// Draws the steps of a scenario: few people and sessions, so that they collide; amounts and times
// around the edges that earlier answers named. The same seed draws the same as long as the answers
// are the same.
class Generator {
 public:
  // `start_ms` is not before the time of a new gate.
  Generator(const Cast& cast, const oracle::Policy& policy, int64_t key_retention_ms,
            const Random& random);

  // Nothing of its own is left to draw.
  bool is_over() const { return random_.is_over(); }

  // The next step, after answers to all before it.
  Step Next(const Observations& observations);

  // The next request, for who has a clock of their own, gifts of their own, and answers that come
  // later: what an earlier request opens counts as open until an answer tells otherwise.
  OperationPtr NextRequest(const Observations& observations, int64_t now_ms);
  void SetGifts(const std::vector<oracle::Gift>& gifts) { gifts_ = gifts; }

  // When it begins.
  int64_t now_ms() const { return now_ms_; }
  // The number of the last step.
  int64_t steps_count() const { return steps_count_; }

 private:
  // One kind of operation: how often, of all weights, and how it is drawn. A feature of the gate
  // adds a line to kDraws.
  struct Draw {
    int weight;
    OperationPtr (Generator::*draw)();
    bool is_of_requests = true;  // and not of what happens to the gate, of many, or of old ones
  };
  static const std::vector<Draw>& Draws();
  OperationPtr DrawOneOf(bool requests_only);
  void NoteSessions();

  OperationPtr DrawTip();
  OperationPtr DrawCheck();
  OperationPtr DrawBatch();
  oracle::AuthorizeRechargeRequest DrawRechargeRequest();
  OperationPtr DrawRecharge();
  OperationPtr DrawCheckRecharge();
  OperationPtr DrawRefundRecharge();
  OperationPtr DrawCapture();
  OperationPtr DrawVoid();
  OperationPtr DrawPayer();
  OperationPtr DrawStreamer();
  OperationPtr DrawPause();
  OperationPtr DrawSelfLimits();
  OperationPtr DrawPreferences();
  OperationPtr DrawConfirmation();
  OperationPtr DrawCompletion();
  OperationPtr DrawCoolingOff();
  OperationPtr DrawFreeze();
  OperationPtr DrawUnfreeze();
  OperationPtr DrawStop();
  OperationPtr DrawLiftStop();
  OperationPtr DrawSanction();
  OperationPtr DrawLiftSanction();
  OperationPtr DrawCaptureTip();
  OperationPtr DrawVoidTip();
  OperationPtr DrawRefundTip();
  OperationPtr DrawFreezeIncome();
  OperationPtr DrawReleaseIncome();
  OperationPtr DrawManualDelay();
  OperationPtr DrawTipLook();
  OperationPtr DrawBurst();
  OperationPtr DrawSessionChange();
  OperationPtr DrawOpenAnything();
  OperationPtr DrawCloseAnything();
  OperationPtr DrawPolicy();
  OperationPtr DrawProposal();
  OperationPtr DrawGifts();
  OperationPtr DrawSettlement();
  OperationPtr DrawLook();
  OperationPtr DrawSessionLook();
  OperationPtr DrawCheckpointBegin();
  OperationPtr DrawCheckpointPart();
  OperationPtr DrawRestart();
  OperationPtr DrawReplay();
  OperationPtr DrawAltered();
  OperationPtr DrawRepeat();

  // The first steps: gifts, people and sessions.
  OperationPtr DrawOpening();
  // New facts about somebody whose facts kept the last tip from passing. Null if they did not, and
  // not every time.
  OperationPtr DrawCure();
  // What most often comes after a confirmation has begun, or has come to its end. Null if there was
  // none.
  OperationPtr DrawFollowUp();
  OperationPtr PutAdultPayer(int64_t payer_id);
  OperationPtr PutAdultStreamer(int64_t streamer_id);

  void DrawTime();
  int64_t DrawStart();
  int64_t DrawEdgeMs();
  std::string NextKey();
  int64_t AnyPayer() { return random_.Between(1, cast_.payers_count); }
  int64_t AnyStreamer() { return random_.Between(1, cast_.streamers_count); }
  // A session that was opened, or nearly.
  int64_t AnySession() { return random_.Between(1, sessions_count_ + 1); }
  int64_t AnyRecharge();
  // The step of a tip; 0 if there was none.
  int64_t AnyTip();
  int64_t AnyHeldTip();
  oracle::IncomeScope DrawIncomeScope(bool may_be_case);

  oracle::TipRequest DrawTipRequest();
  int64_t DrawCount(int64_t unit_price);
  int64_t DrawAmount(int64_t limit);
  std::optional<int64_t> DrawCreateTime();
  std::optional<int64_t> DrawObserveTime();
  oracle::BirthDate DrawBirthDate();
  OperationPtr OpenOrClose(int64_t streamer_id);

  // The step that began a confirmation.
  struct Started {
    int64_t step = 0;
    int64_t payer_id = 0;
    oracle::ConfirmationScope scope = oracle::ConfirmationScope::kGate;
    oracle::Period period = oracle::Period::kNone;
  };
  OperationPtr Start(int64_t payer_id, oracle::ConfirmationScope scope, oracle::Period period);
  OperationPtr Complete(const Started& started, int64_t step_of_token);
  OperationPtr ChangeSelfLimits(int64_t payer_id, int64_t step_of_token);
  OperationPtr ChangePreferences(int64_t payer_id, int64_t step_of_token);
  // Of the payer's last confirmation of that scope; 0: there is none.
  int64_t LastToken(int64_t payer_id, oracle::ConfirmationScope scope) const;
  std::optional<oracle::LimitChange> DrawLimitChange(int64_t limit);
  OperationPtr Unfreeze(int64_t payer_id);
  oracle::StopScope DrawStopScope();
  std::string DrawApp();

  struct OpenSession {
    int64_t id = 0;
    int64_t max_end_time_ms = 0;
  };

  const Cast cast_;
  const int64_t key_retention_ms_;
  Random random_;
  oracle::Policy policy_;
  const oracle::Calendar calendar_;
  std::vector<oracle::Gift> gifts_;
  int64_t now_ms_ = 0;
  int steps_count_ = 0;
  int64_t keys_count_ = 0;
  int64_t sessions_count_ = 0;
  int64_t payer_of_tip_ = 0;  // of the last tip
  int64_t streamer_of_tip_ = 0;
  std::map<int64_t, OpenSession> open_sessions_;  // by streamer, as far as known
  std::map<int64_t, int64_t> opening_;            // the session that the last step opens, if any
  std::vector<int64_t> recharges_;                // the steps that authorized one
  std::vector<int64_t> tips_;                     // the steps that asked for one
  std::vector<int64_t> held_tips_;                // those that asked for a hold
  std::vector<Started> confirmations_;
  std::vector<oracle::StopScope> stops_;  // that were begun, and perhaps lifted
  struct Sanctioned {
    int64_t step = 0;
    int64_t streamer_id = 0;
  };
  std::vector<Sanctioned> sanctions_;
  enum class LastStep { kOther, kStart, kCompletion };
  LastStep last_step_ = LastStep::kOther;
  Started last_confirmation_;  // of the last step, if it is about one
  // The last tips; the one at whose leaving of the window the next tip aims, if any.
  struct TipTime {
    int64_t time_ms = 0;
    int64_t payer_id = 0;
    int64_t streamer_id = 0;
  };
  std::vector<TipTime> tip_times_;
  std::optional<TipTime> aim_;
  std::vector<OperationPtr> history_;           // what was sent lately, the newest last
  const Observations* observations_ = nullptr;  // while a step is drawn
};

}  // namespace tipgate::differ
