#include "tests/differ/call.h"

#include <utility>

namespace tipgate::differ {
namespace {

class Batch final : public Operation {
 public:
  explicit Batch(std::vector<oracle::TipRequest> requests) : requests_(std::move(requests)) {}

  void Run(Duel* duel) const override {
    const auto answered = SendBatch(&duel->gate(), requests_);
    for (size_t i = 0; i < requests_.size(); ++i) {
      const auto expected = Ask(&duel->oracle(), duel->now_ms(), requests_[i], answered[i].id);
      duel->Compare(absl::StrCat("AuthorizeTips[", i, "]"), answered[i].result, expected);
      duel->observations().Note(answered[i].result);
    }
    CheckEdges(duel, requests_.back(), answered.back().result);
  }
  std::string Text() const override {
    return absl::StrCat("AuthorizeTips ", differ::Text(requests_));
  }
  int64_t requests_count() const override { return static_cast<int64_t>(requests_.size()); }

 private:
  std::vector<oracle::TipRequest> requests_;
};

// Anything that needs no more than a line.
template <typename Action>
class Event final : public Operation {
 public:
  Event(std::string text, const Action& action) : text_(std::move(text)), action_(action) {}

  void Run(Duel* duel) const override { action_(duel); }
  std::string Text() const override { return text_; }
  int64_t requests_count() const override { return 0; }

 private:
  std::string text_;
  Action action_;
};

template <typename Action>
OperationPtr MakeEvent(const std::string& text, const Action& action) {
  return std::make_shared<Event<Action>>(text, action);
}

}  // namespace

OperationPtr MakeBatch(std::vector<oracle::TipRequest> requests) {
  return std::make_shared<Batch>(std::move(requests));
}

OperationPtr MakePolicyChange(const oracle::Policy& policy) {
  return MakeEvent(absl::StrCat("ActivatePolicy ", Text(policy)), [policy](Duel* duel) {
    duel->gate().core().Activate(ToCore(policy));
    oracle::Policy numbered = policy;
    numbered.version = duel->gate().core().state.policy->version;
    duel->oracle().ActivatePolicy(duel->now_ms(), numbered);
  });
}

OperationPtr MakeProposal(const oracle::Policy& policy, int64_t delay_ms) {
  return MakeEvent(
      absl::StrCat("ApprovePolicy in ", delay_ms, " ms ", Text(policy)),
      [policy, delay_ms](Duel* duel) { duel->ApprovePolicy(policy, duel->now_ms() + delay_ms); });
}

OperationPtr MakeWithdrawal() {
  return MakeEvent("withdraw a policy", [](Duel* duel) { duel->WithdrawPolicy(); });
}

OperationPtr MakeCatalogChange(const std::vector<oracle::Gift>& gifts) {
  return MakeEvent(absl::StrCat("PutGifts ", Text(gifts)), [gifts](Duel* duel) {
    // Dearer gifts than the policy in force lets be are refused.
    const bool is_put = duel->gate().core().PutGifts(*ToCore(gifts)).is_accepted();
    const oracle::ErrorReason error = duel->oracle().PutGifts(duel->now_ms(), gifts);
    if (is_put != (error == oracle::ErrorReason::kNone)) {
      duel->Note("one refuses the catalogue, the other does not\n");
    }
  });
}

OperationPtr MakeSettlement() {
  return MakeEvent("Settle", [](Duel* duel) {
    duel->gate().Settle();
    duel->oracle().Settle(duel->now_ms());
    duel->CompareViews();
  });
}

OperationPtr MakeLook() {
  return MakeEvent("look at all", [](Duel* duel) { duel->CompareViews(); });
}

OperationPtr MakeSessionLook(int64_t session_id) {
  return MakeEvent(absl::StrCat("look at session ", session_id), [session_id](Duel* duel) {
    duel->Compare("session", LookAtSession(&duel->gate(), session_id),
                  duel->oracle().GetSession(duel->now_ms(), session_id));
  });
}

OperationPtr MakeTipLook(int64_t step) {
  return MakeEvent(absl::StrCat("look at tip of step ", step), [step](Duel* duel) {
    const int64_t tip_id = duel->observations().IdOf(step);
    duel->Compare("tip", LookAtTip(&duel->gate(), tip_id),
                  duel->oracle().GetTip(duel->now_ms(), tip_id));
  });
}

OperationPtr MakeCheckpointBegin() {
  return MakeEvent("begin a checkpoint", [](Duel* duel) { duel->gate().CheckpointBegin(); });
}

OperationPtr MakeCheckpointPart(int64_t entities_count) {
  return MakeEvent(absl::StrCat("write ", entities_count, " entities of the checkpoint"),
                   [entities_count](Duel* duel) {
                     duel->gate().CheckpointPart(static_cast<size_t>(entities_count));
                   });
}

OperationPtr MakeRestart() {
  return MakeEvent("restart", [](Duel* duel) { duel->Restart(); });
}

}  // namespace tipgate::differ
