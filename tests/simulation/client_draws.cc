// What clients wish for.
#include <algorithm>
#include <functional>
#include <type_traits>
#include <utility>
#include <variant>

#include "tests/differ/random_policy.h"
#include "tests/simulation/clients.h"

namespace tipgate::simulation {
namespace {

using oracle::kDayMs;
using oracle::kHourMs;
using oracle::kMinuteMs;
using oracle::kSecondMs;

const char* NameOf(IncomeAction action) {
  switch (action) {
    case IncomeAction::kFreeze:
      return "FreezeIncome";
    case IncomeAction::kRelease:
      return "ReleaseIncome";
    case IncomeAction::kRefund:
      break;
  }
  return "RefundTips";
}

// Makes requests of the differential test more likely to pass: there every second hits an edge,
// here state must build up.
class Easing {
 public:
  // Picks one of the ids of the newest tips that were accepted, or recharges that were answered; 0:
  // there is none.
  using Pick = std::function<int64_t()>;

  Easing(Random* random, Pick tip, Pick recharge)
      : random_(*random), tip_(std::move(tip)), recharge_(std::move(recharge)) {}

  // Gift 1 is on sale for a fen, so that small limits let some of it pass.
  void operator()(oracle::TipRequest* request) {
    if (request->hold) request->hold_ttl_ms = random_.OneOf<int64_t>({kMinuteMs, kDayMs, kDayMs});
    if (!random_.Permille(800)) return;
    request->gift_id = 1;
    request->unit_price = 1;
    request->count = random_.Between(1, 20);
    request->create_time_ms.reset();
  }
  void operator()(oracle::PutPayerRequest* request) {
    if (!random_.Permille(700)) return;
    request->facts = {.real_name_verified = true, .age_band = oracle::AgeBand::kAdult};
  }
  void operator()(oracle::PutStreamerRequest* request) {
    if (!random_.Permille(700)) return;
    request->facts.real_name_verified = true;
    request->facts.birth_date.reset();
    request->facts.age_band = oracle::AgeBand::kAdult;
    request->facts.observe_time_ms.reset();
  }
  void operator()(oracle::CaptureTipRequest* request) {
    Replace(tip_, &request->tip_id);
    if (request->amount.has_value()) request->amount = random_.Between(1, 10);
  }
  void operator()(oracle::VoidTipRequest* request) { Replace(tip_, &request->tip_id); }
  void operator()(oracle::RefundTipRequest* request) {
    Replace(tip_, &request->tip_id);
    if (request->amount.has_value()) request->amount = random_.Between(1, 4);
  }
  void operator()(oracle::AuthorizeRechargeRequest* request) {
    if (random_.Permille(800)) request->amount = random_.Between(1, 60);
  }
  void operator()(oracle::CaptureRechargeRequest* request) {
    Replace(recharge_, &request->recharge_id);
  }
  void operator()(oracle::VoidRechargeRequest* request) {
    Replace(recharge_, &request->recharge_id);
  }
  void operator()(oracle::RefundRechargeRequest* request) {
    Replace(recharge_, &request->recharge_id);
    request->amount = random_.Between(1, 20);
  }
  template <typename Request>
  void operator()(Request*) {}

 private:
  void Replace(const Pick& pick, int64_t* id) {
    const int64_t picked = random_.Permille(800) ? pick() : 0;
    if (picked != 0) *id = picked;
  }

  Random& random_;
  const Pick tip_;
  const Pick recharge_;
};

constexpr int64_t kNewest = 5;

}  // namespace

WishPtr Clients::Draw(ServiceContext* services) {
  const int64_t kind = random_.Below(100);
  if (pages_.size() < static_cast<size_t>(platform_.cast.payers_count + 6) || kind >= 14) {
    return DrawRequest(services);
  }
  if (kind < 8) return DrawOrder();
  if (kind < 10) return DrawProposal();
  if (kind < 13) return DrawProposalStep();
  return DrawGifts();
}

// As the differential test draws them.
WishPtr Clients::DrawRequest(ServiceContext* services) {
  const differ::OperationPtr operation =
      generator_.NextRequest(history_.judge().observations(), now_ms());
  const char* const name = operation->name();
  const int64_t step = generator_.steps_count();
  auto request = operation->RequestOf(history_.judge().observations(), NextKey());
  const auto one_of_newest = [this](const std::vector<int64_t>& ids) {
    return ids.empty() ? 0 : random_.OneOf(ids);
  };
  Easing easing(
      &random_,
      [&] {
        std::vector<int64_t> ids;
        const auto& tips = history_.judge().tips().tips();
        for (auto it = tips.rbegin(); it != tips.rend() && ids.size() < kNewest; ++it) {
          if (it->is_accepted) ids.push_back(it->id);
        }
        return one_of_newest(ids);
      },
      [&] {
        std::vector<int64_t> ids;
        for (auto it = pages_.rbegin(); it != pages_.rend() && ids.size() < kNewest; ++it) {
          const bool is_one =
              it->record.is_set() && absl::string_view(it->wish->name()) == "AuthorizeRecharge";
          if (is_one) ids.push_back(it->record.value());
        }
        return one_of_newest(ids);
      });
  return std::visit(
      [&](auto& content) -> WishPtr {
        using Request = std::remove_cvref_t<decltype(content)>;
        easing(&content);
        if constexpr (requires { reads_.Check(content, services); }) {
          reads_.Check(content, services);
          return nullptr;
        } else if constexpr (requires {
                               differ::Text(content.scope.kind);
                               content.case_reference;
                             }) {
          return nullptr;  // orders: DrawOrder
        } else {
          return std::make_unique<const WishOf<Request>>(name, std::move(content), step);
        }
      },
      *request);
}

// Of the last tips mostly, where it is about one.
WishPtr Clients::DrawOrder() {
  IncomeJobRequest request;
  request.intent = NextIntent();
  request.actor = AnyActor();
  request.action =
      random_.OneOf({IncomeAction::kFreeze, IncomeAction::kFreeze, IncomeAction::kRelease,
                     IncomeAction::kRelease, IncomeAction::kRefund});
  request.note.case_name = CaseName(random_.OneOf<const char*>({"case-1", "case-2", "case-3"}));
  request.note.reason = ReasonText("a reason");
  if (request.action == IncomeAction::kRefund) {
    request.permille = random_.OneOf<int32_t>({1, 333, 500, 1000});
  }
  using Kind = IncomeScopeKind;
  request.scope.kind = random_.OneOf({Kind::kTip, Kind::kSession, Kind::kStreamer, Kind::kAgency,
                                      Kind::kPayer, Kind::kEverything, Kind::kCase});
  const auto& tips = history_.judge().tips().tips();
  switch (request.scope.kind) {
    case Kind::kTip:
      request.scope.id = tips.empty() ? 1 : random_.OneOf(tips).id;
      break;
    case Kind::kSession:
      request.scope.id = random_.Between(1, platform_.cast.streamers_count + 4);
      break;
    case Kind::kStreamer:
      request.scope.id = random_.Between(1, platform_.cast.streamers_count);
      break;
    case Kind::kAgency:
      request.scope.id = random_.Between(1, differ::kAgenciesCount);
      break;
    case Kind::kPayer:
      request.scope.id = random_.Between(1, platform_.cast.payers_count);
      break;
    case Kind::kCase:  // does not freeze: what it has frozen is frozen
      if (request.action == IncomeAction::kFreeze) request.scope.kind = Kind::kEverything;
      break;
    case Kind::kEverything:
      break;
  }
  if (request.scope.kind != Kind::kTip && random_.Permille(300)) {
    request.scope.start_time_ms = now_ms() - random_.Below(kMinuteMs);
    if (random_.Permille(500)) {
      request.scope.end_time_ms = request.scope.start_time_ms + random_.Between(1, kMinuteMs);
    }
  }
  return std::make_unique<const CoreWish<IncomeJobCommand>>(NameOf(request.action), request, 0);
}

WishPtr Clients::DrawProposal() {
  oracle::Policy policy = differ::ChangedPolicy(platform_.policy, &random_);
  ProposalRecord request;
  request.intent = NextIntent();
  request.actor = AnyActor();
  const int64_t ahead_ms =
      random_.OneOf<int64_t>({0, 1, 100, kSecondMs, kMinuteMs, kHourMs, kDayMs});
  if (ahead_ms != 0) request.requested_time_ms = now_ms() + ahead_ms;
  request.policy = std::make_shared<const Policy>(differ::ToCore(policy));
  return std::make_unique<const ProposalWish>(std::move(request), std::move(policy), 0);
}

// Of the last ones, approved mostly.
WishPtr Clients::DrawProposalStep() {
  const std::vector<int64_t>& proposals = history_.judge().proposals();
  if (proposals.empty()) return DrawProposal();
  const auto size = static_cast<int64_t>(proposals.size());
  const int64_t back = random_.Below(std::min<int64_t>(size, 3));
  ProposalStepRecord request;
  request.intent = NextIntent();
  request.actor = AnyActor();
  request.step = random_.Permille(800) ? ProposalStep::kApprove : ProposalStep::kWithdraw;
  request.proposal = RecordId(proposals[static_cast<size_t>(size - 1 - back)]);
  const char* const name =
      request.step == ProposalStep::kApprove ? "ApprovePolicy" : "WithdrawPolicy";
  return std::make_unique<const CoreWish<ProposalStepCommand>>(name, request, 0);
}

WishPtr Clients::DrawGifts() {
  std::vector<oracle::Gift> gifts = differ::RandomGifts(platform_.policy, &random_);
  CatalogRecord request;
  request.intent = NextIntent();
  request.actor = AnyActor();
  request.catalog = differ::ToCore(gifts);
  return std::make_unique<const GiftsWish>(std::move(request), std::move(gifts), 0);
}

}  // namespace tipgate::simulation
