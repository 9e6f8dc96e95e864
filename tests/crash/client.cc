#include "tests/crash/client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/crash/platform.h"

namespace tipgate::crash {
namespace {

// Who refunds must say who they are; so everybody does.
constexpr char kIdentity[] = "ann";
constexpr int64_t kBatchMax = 8;

}  // namespace

void Client::Connect(const std::string& target) {
  if (target == target_) return;
  target_ = target;
  gate_ = std::make_unique<GateClient>(target);
  gate_->set_identity(kIdentity);
}

std::string Client::NextKey() { return absl::StrCat(name_, " ", ++keys_count_); }

bool Client::SendOpen() {
  while (has_open()) {
    Deed* const deed = deeds_[open_].get();
    if (SendOne(deed) != Sent::kAnswered) return false;
    Learn(*deed);
    ++open_;
  }
  return true;
}

bool Client::Replay() {
  for (size_t i = 0; i < open_; ++i) {
    if (deeds_[i]->lines()[0].is_refused) continue;
    if (deeds_[i]->Send(gate_.get()) == Sent::kAnswered) continue;
    if (fault_.empty()) fault_ = deeds_[i]->fault();
    return false;
  }
  return true;
}

Sent Client::SendOne(Deed* deed) {
  if (deed->attempts_count() > 0) ++retries_count_;
  const Sent sent = deed->Send(gate_.get());
  if (sent == Sent::kFault && fault_.empty()) fault_ = deed->fault();
  return sent;
}

void Client::Learn(const Deed& deed) {
  const bool is_recharge =
      dynamic_cast<const UnaryDeed<v1::AuthorizeRechargeRequest>*>(&deed) != nullptr;
  for (const Line& line : deed.lines()) {
    if (!line.is_accepted || line.settles_soon) continue;
    (is_recharge ? recharges_ : line.is_held ? held_tips_ : tips_).push_back(line.record_id);
  }
}

void Client::AddNew() {
  const int64_t what = random_.Below(100);
  if (what < 12) {
    AddTipChange();
  } else if (what < 18) {
    AddRecharge();
  } else {
    AddTips();
  }
}

oracle::TipRequest Client::DrawTip() {
  oracle::TipRequest tip{.idempotency_key = NextKey(), .payer_id = random_.Between(1, kPayers)};
  const bool is_fast = random_.Permille(200);
  tip.session_id =
      is_fast ? kFastSessionsBegin + random_.Below(kFastSessions) : random_.Between(1, kSessions);
  tip.streamer_id = tip.session_id;
  tip.gift_id = kTippedGifts[random_.Below(std::size(kTippedGifts))];
  tip.unit_price = tip.gift_id;
  tip.count = random_.Between(1, 20);
  tip.hold = !is_fast && random_.Permille(150);
  if (tip.hold) tip.hold_ttl_ms = random_.Between(1'000, 3'000);
  return tip;
}

void Client::AddTips() {
  const TipCall call = random_.OneOf({TipCall::kUnary, TipCall::kBatch, TipCall::kStream});
  std::vector<oracle::TipRequest> tips(
      static_cast<size_t>(call == TipCall::kUnary ? 1 : random_.Between(1, kBatchMax)));
  for (oracle::TipRequest& tip : tips) tip = DrawTip();
  Add(MakeTips(call, tips));
}

// Of its own tips, so that nothing else happens to them meanwhile.
void Client::AddTipChange() {
  const int64_t what = random_.Below(3);
  const std::vector<int64_t>& tips = what < 2 && random_.Permille(800) ? held_tips_ : tips_;
  if (tips.empty()) return AddTips();
  const int64_t tip = random_.OneOf(tips);
  if (what == 0) {
    return Add(MakeDeed<oracle::TipLifeResult>(
        oracle::CaptureTipRequest{.idempotency_key = NextKey(), .tip_id = tip}));
  }
  if (what == 1) {
    return Add(MakeDeed<oracle::TipLifeResult>(
        oracle::VoidTipRequest{.idempotency_key = NextKey(), .tip_id = tip}));
  }
  Add(MakeDeed<oracle::TipLifeResult>(oracle::RefundTipRequest{.idempotency_key = NextKey(),
                                                               .tip_id = tip,
                                                               .amount = random_.Between(1, 10),
                                                               .reason = "mistake",
                                                               .case_reference = "case"}));
}

void Client::AddRecharge() {
  if (recharges_.empty() || random_.Permille(500)) {
    return Add(MakeDeed<oracle::RechargeResult>(
        oracle::AuthorizeRechargeRequest{.idempotency_key = NextKey(),
                                         .payer_id = random_.Between(1, kPayers),
                                         .amount = random_.Between(1, 1'100)}));
  }
  const int64_t recharge = random_.OneOf(recharges_);
  if (random_.Permille(700)) {
    return Add(MakeDeed<oracle::RechargeResult>(
        oracle::CaptureRechargeRequest{.idempotency_key = NextKey(), .recharge_id = recharge}));
  }
  Add(MakeDeed<oracle::RechargeResult>(
      oracle::VoidRechargeRequest{.idempotency_key = NextKey(), .recharge_id = recharge}));
}

}  // namespace tipgate::crash
