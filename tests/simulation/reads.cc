#include "tests/simulation/reads.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/history_handlers.h"
#include "server/time_conversion.h"
#include "tests/differ/gate_answers.h"
#include "tests/differ/gate_conversion.h"
#include "tests/differ/oracle_calls.h"
#include "tests/differ/text.h"

namespace tipgate::simulation {
namespace {

// Nobody has it.
constexpr int64_t kUnknownId = int64_t{1} << 40;

// A visit, or a dry run.
class VisitJob final : public Job {
 public:
  using OnReply = std::function<void(const Command& command, const Batch& batch)>;

  VisitJob(Command visit, OnReply on_reply) : on_reply_(std::move(on_reply)) {
    command = std::move(visit);
  }

  void Reply(const Batch& batch) override {
    const std::unique_ptr<VisitJob> self(this);
    on_reply_(command, batch);
  }
  void Fail(const RequestError&) override { delete this; }

 private:
  const OnReply on_reply_;
};

// A call as the server's handlers see it.
template <typename Request, typename Response>
class ReadRpc final : public Rpc {
 public:
  using OnAnswer = std::function<void(const Response* response, const CallError* error)>;

  ReadRpc(Request request, OnAnswer on_answer)
      : request_(std::move(request)), on_answer_(std::move(on_answer)) {}

  bool Parse(google::protobuf::Message* request) override {
    request->CopyFrom(request_);
    return true;
  }
  int64_t deadline_ns() const override { return INT64_MAX; }
  std::string identity() const override { return ""; }
  void Reply(const google::protobuf::Message& response) override {
    on_answer_(&dynamic_cast<const Response&>(response), nullptr);
  }
  void Fail(const CallError& error) override { on_answer_(nullptr, &error); }

 private:
  const Request request_;
  const OnAnswer on_answer_;
};

// As the oracle sees it.
oracle::TipView ViewOf(const v1::Tip& tip) {
  static constexpr oracle::TipState kStates[] = {
      oracle::TipState::kNone,    oracle::TipState::kRejected, oracle::TipState::kPending,
      oracle::TipState::kSettled, oracle::TipState::kHeld,     oracle::TipState::kFrozen,
      oracle::TipState::kVoided,  oracle::TipState::kRefunded};
  static_assert(v1::TIP_STATE_REJECTED == 1 && v1::TIP_STATE_PENDING == 2);
  static_assert(v1::TIP_STATE_SETTLED == 3 && v1::TIP_STATE_HELD == 4);
  static_assert(v1::TIP_STATE_FROZEN == 5 && v1::TIP_STATE_VOIDED == 6);
  static_assert(v1::TIP_STATE_REFUNDED == 7);
  oracle::TipView view;
  view.state = kStates[tip.state()];
  view.amount = tip.left_minor();
  view.released = tip.released_minor();
  view.refunded = tip.refunded_minor();
  if (tip.has_settle_time()) view.settle_time_ms = UnixMs(tip.settle_time());
  view.streamer_share = tip.streamer_share_minor();
  view.agency_share = tip.agency_share_minor();
  view.platform_share = tip.platform_share_minor();
  return view;
}

// It may be asked again.
bool IsRefusal(const CallError& error) {
  return error.reason == ErrorReason::kOverloaded || error.reason == ErrorReason::kClockUntrusted;
}

}  // namespace

Reads::Reads(const Cast& cast, Random* random, History* history)
    : cast_(cast), random_(*random), history_(*history) {}

void Reads::Ask(ServiceContext* services) {
  using Asking = void (Reads::*)(ServiceContext*);
  const Asking ask = random_.OneOf<Asking>(
      {&Reads::VisitPayer, &Reads::VisitPayer, &Reads::VisitPayer, &Reads::VisitStreamer,
       &Reads::VisitSession, &Reads::VisitAgency, &Reads::VisitStops, &Reads::VisitTotals,
       &Reads::GetTip, &Reads::GetTip, &Reads::GetTip, &Reads::ListTips, &Reads::ListTips});
  (this->*ask)(services);
}

template <typename Result>
void Reads::Compare(const char* name, const Result& told, const Result& expected) {
  ++met_[name];
  if (differ::IsSame(told, expected)) return;
  Fail(absl::StrCat(name, ": told is what is not durable\n",
                    differ::DifferenceText(told, expected)));
}

// --- Visits -------------------------------------------------------------------------------------

// `look(visit, moment, oracle)`: what is told, and what the oracle says.
template <typename Result, typename VisitType, typename Look>
void Reads::Visit(const char* name, VisitType visit, ServiceContext* services, const Look& look) {
  services->pipeline->Submit(std::make_unique<VisitJob>(
      std::move(visit), [this, name, look](const Command& command, const Batch& batch) {
        const Moment& now = batch.entry.moment;
        const std::pair<Result, Result> both =
            look(std::get<VisitType>(command), now, history_.judge().At(now.time_ms));
        Compare(name, both.first, both.second);
      }));
}

void Reads::VisitPayer(ServiceContext* services) {
  PayerVisit visit;
  visit.id = PayerId(random_.Between(1, cast_.payers_count));
  Visit<oracle::PayerView>("GetPayer", visit, services,
                           [](const PayerVisit& done, const Moment& now, oracle::Oracle* oracle) {
                             oracle::PayerView told{.error = oracle::ErrorReason::kNotFound};
                             if (done.found.has_value()) {
                               told = differ::ViewOf(*done.found, done.controls, *done.policy, now);
                             }
                             return std::pair(told, oracle->GetPayer(now.time_ms, done.id.value()));
                           });
}

void Reads::VisitStreamer(ServiceContext* services) {
  StreamerVisit visit;
  visit.id = StreamerId(random_.Between(1, cast_.streamers_count));
  Visit<oracle::StreamerView>(
      "GetStreamer", visit, services,
      [](const StreamerVisit& done, const Moment& now, oracle::Oracle* oracle) {
        oracle::StreamerView told{.error = oracle::ErrorReason::kNotFound};
        if (done.found.has_value()) told = differ::ViewOf(*done.found, done.sanctions, now);
        return std::pair(told, oracle->GetStreamer(now.time_ms, done.id.value()));
      });
}

void Reads::VisitSession(ServiceContext* services) {
  SessionVisit visit;
  visit.id = SessionId(random_.Between(1, cast_.streamers_count + 4));
  Visit<oracle::SessionView>(
      "GetSession", visit, services,
      [](const SessionVisit& done, const Moment& now, oracle::Oracle* oracle) {
        oracle::SessionView told{.error = oracle::ErrorReason::kNotFound};
        if (done.found.has_value()) {
          told = differ::ViewOf(*done.found, done.streamer_tier, *done.policy);
        }
        return std::pair(told, oracle->GetSession(now.time_ms, done.id.value()));
      });
}

void Reads::VisitAgency(ServiceContext* services) {
  AgencyVisit visit;
  visit.id = AgencyId(random_.Between(1, cast_.agencies_count));
  Visit<oracle::AgencyView>(
      "GetAgency", visit, services,
      [](const AgencyVisit& done, const Moment& now, oracle::Oracle* oracle) {
        const Agency agency = done.found.value_or(Agency());
        const oracle::AgencyView told{.income = agency.income.minor(),
                                      .receivable = agency.receivable.minor()};
        return std::pair(told, oracle->GetAgency(now.time_ms, done.id.value()));
      });
}

void Reads::VisitStops(ServiceContext* services) {
  Visit<oracle::StopsView>("ListStops", StopsVisit(), services,
                           [](const StopsVisit& done, const Moment& now, oracle::Oracle* oracle) {
                             return std::pair(differ::ViewOf(done.stops),
                                              oracle->ListStops(now.time_ms));
                           });
}

void Reads::VisitTotals(ServiceContext* services) {
  Visit<oracle::Totals>("GetServerInfo", InfoVisit(), services,
                        [](const InfoVisit& done, const Moment& now, oracle::Oracle* oracle) {
                          return std::pair(differ::ViewOf(done.totals),
                                           oracle->GetTotals(now.time_ms));
                        });
}

// --- Dry runs -----------------------------------------------------------------------------------

void Reads::Check(const differ::CheckTipRequest& request, ServiceContext* services) {
  TipsCommand check{
      .is_dry_run = true, .requests = {differ::ToCore(request.tip)}, .keys = {}, .answers = {}};
  services->pipeline->Submit(std::make_unique<VisitJob>(
      std::move(check), [this, request](const Command& command, const Batch& batch) {
        const Answer& answer = std::get<TipsCommand>(command).answers.front();
        oracle::TipResult told;
        if (const auto* error = std::get_if<RequestError>(&answer)) {
          told.error = differ::ToOracle(*error);
        } else {
          const size_t position = std::get<InRecord>(answer).position;
          differ::Fill({batch.dry.records[position], batch.dry, RecordId()}, &told);
        }
        const int64_t now_ms = batch.entry.moment.time_ms;
        Compare("CheckTip", told, differ::Ask(history_.judge().At(now_ms), now_ms, request, 0));
      }));
}

void Reads::Check(const differ::CheckRechargeRequest& request, ServiceContext* services) {
  services->pipeline->Submit(std::make_unique<VisitJob>(
      CheckRechargeCommand{.request = differ::ToCore(request.recharge), .answer = {}},
      [this, request](const Command& command, const Batch& batch) {
        const Answer& answer = std::get<CheckRechargeCommand>(command).answer;
        oracle::RechargeResult told;
        if (const auto* error = std::get_if<RequestError>(&answer)) {
          told.error = differ::ToOracle(*error);
        } else {
          const size_t position = std::get<InRecord>(answer).position;
          differ::Fill({batch.dry.records[position], batch.dry, RecordId()}, &told);
        }
        const int64_t now_ms = batch.entry.moment.time_ms;
        Compare("CheckRecharge", told,
                differ::Ask(history_.judge().At(now_ms), now_ms, request, 0));
      }));
}

// --- Tips of the past ---------------------------------------------------------------------------

bool Reads::IsAsItWas(const v1::Tip& tip, int64_t asked_moment) {
  const int64_t id = tip.decision().tip_id();
  const TipBook& tips = history_.judge().tips();
  const TipBook::Decided* const decided = tips.Find(id);
  if (decided == nullptr) return false;
  const oracle::TipView view = ViewOf(tip);
  if (!decided->is_accepted) return view.state == oracle::TipState::kRejected;
  return tips.LookedLike(id, view, asked_moment, moment());
}

void Reads::GetTip(ServiceContext* services) {
  const std::vector<TipBook::Decided>& tips = history_.judge().tips().tips();
  v1::GetTipRequest request;
  bool is_known = !tips.empty() && !random_.Permille(50);
  if (!is_known) {
    request.set_tip_id(kUnknownId);
  } else if (const TipBook::Decided& tip = random_.OneOf(tips); random_.Permille(300)) {
    request.set_idempotency_key(tip.key);
  } else {
    request.set_tip_id(tip.id);
  }
  const int64_t asked_moment = moment();
  using GetTipRpc = ReadRpc<v1::GetTipRequest, v1::GetTipResponse>;
  GetTipHandler(services)(std::make_unique<GetTipRpc>(
      request, [this, request, is_known, asked_moment](const v1::GetTipResponse* response,
                                                       const CallError* error) {
        if (error != nullptr) {
          if (IsRefusal(*error)) return;
          const bool is_right = error->reason == ErrorReason::kNotFound && !is_known;
          if (!is_right)
            Fail(absl::StrCat("GetTip ", request.ShortDebugString(), ": ", error->message));
          ++met_["GetTip of an unknown tip"];
          return;
        }
        const v1::Tip& tip = response->tip();
        const bool is_asked_for = request.has_tip_id()
                                      ? tip.decision().tip_id() == request.tip_id()
                                      : tip.intent().idempotency_key() == request.idempotency_key();
        if (!is_asked_for || !IsAsItWas(tip, asked_moment)) {
          Fail(absl::StrCat("GetTip tells what is not durable: ", tip.ShortDebugString()));
        }
        ++met_[request.has_tip_id() ? "GetTip" : "GetTip by key"];
      }));
}

void Reads::ListTips(ServiceContext* services) {
  Page page;
  switch (random_.Below(4)) {
    case 0:
      page.list = {TipBook::ListKind::kEverybody, 0};
      break;
    case 1:
      page.list = {TipBook::ListKind::kPayer, random_.Between(1, cast_.payers_count)};
      break;
    case 2:
      page.list = {TipBook::ListKind::kStreamer, random_.Between(1, cast_.streamers_count)};
      break;
    default:
      page.list = {TipBook::ListKind::kSession, random_.Between(1, cast_.streamers_count + 4)};
  }
  page.size = random_.OneOf<int64_t>({1, 3, 100});
  page.asked_moment = moment();
  page.tips_left = static_cast<int64_t>(history_.judge().tips().TipsOf(page.list).size());
  AskFor(page, services);
}

void Reads::AskFor(const Page& page, ServiceContext* services) {
  v1::ListTipsRequest request;
  const auto [kind, id] = page.list;
  if (kind == TipBook::ListKind::kPayer) request.set_payer_id(id);
  if (kind == TipBook::ListKind::kStreamer) request.set_streamer_id(id);
  if (kind == TipBook::ListKind::kSession) request.set_session_id(id);
  request.set_page_size(static_cast<int32_t>(page.size));
  request.set_page_token(page.token);
  using ListTipsRpc = ReadRpc<v1::ListTipsRequest, v1::ListTipsResponse>;
  ListTipsHandler(services)(std::make_unique<ListTipsRpc>(
      request,
      [this, page, services](const v1::ListTipsResponse* response, const CallError* error) {
        if (error == nullptr) return CheckPage(page, *response, services);
        if (!IsRefusal(*error)) Fail(absl::StrCat("ListTips: ", error->message));
      }));
}

// The first page may begin with any tip that came while it was asked for; all others follow.
void Reads::CheckPage(const Page& page, const v1::ListTipsResponse& response,
                      ServiceContext* services) {
  const std::vector<int64_t>& ids = history_.judge().tips().TipsOf(page.list);
  ++met_[page.token.empty() ? "ListTips" : "ListTips, a later page"];
  int64_t left = page.tips_left;
  if (page.token.empty() && response.tips_size() > 0) {
    const int64_t first = response.tips(0).decision().tip_id();
    left = std::upper_bound(ids.begin(), ids.end(), first) - ids.begin();
    if (left < page.tips_left) return Fail("ListTips leaves out the newest tips");
  }
  if (response.tips_size() != std::min(left, page.size)) {
    return Fail(absl::StrCat("ListTips tells ", response.tips_size(), " of ", left, " tips"));
  }
  for (const v1::Tip& tip : response.tips()) {
    if (tip.decision().tip_id() != ids[static_cast<size_t>(--left)]) {
      return Fail("ListTips leaves out a tip, or tells of another");
    }
    if (!IsAsItWas(tip, page.asked_moment)) {
      return Fail(absl::StrCat("ListTips tells what is not durable: ", tip.ShortDebugString()));
    }
  }
  if (response.next_page_token().empty()) {
    if (left > 0) Fail("ListTips ends too early");
    return;
  }
  if (random_.Permille(500)) return;
  Page next = page;
  next.token = response.next_page_token();
  next.tips_left = left;
  next.asked_moment = moment();
  AskFor(next, services);
}

}  // namespace tipgate::simulation
