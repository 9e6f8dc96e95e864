#include "tests/crash/staff.h"

#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/crash/platform.h"

namespace tipgate::crash {
namespace {

// More than make a file of a checkpoint's rows (BulkFile::kRowsMin).
constexpr int64_t kBurstTips = 5'000;
constexpr int64_t kBurstHoldMs = 1'500;
// Several steps of an order.
constexpr int64_t kOrderTips = 1'000;
constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr absl::Duration kPollInterval = absl::Milliseconds(2);

// Asks until it is so. False if a call fails, or after a minute.
bool Await(const std::function<grpc::Status(bool* is_so)>& ask) {
  const absl::Time end = absl::Now() + kPatience;
  for (bool is_so = false; absl::Now() < end; absl::SleepFor(kPollInterval)) {
    if (!ask(&is_so).ok()) return false;
    if (is_so) return true;
  }
  return false;
}

}  // namespace

void Staff::AddPlatform() {
  const auto add_payers = [this](int64_t begin, int64_t count) {
    for (int64_t payer = begin; payer < begin + count; ++payer) {
      if (!IsKnownPayer(payer)) continue;
      client_.Add(MakeDeed<oracle::ChangeResult>(oracle::PutPayerRequest{
          .idempotency_key = client_.NextKey(),
          .payer_id = payer,
          .facts = {.real_name_verified = true, .age_band = oracle::AgeBand::kAdult}}));
    }
  };
  const auto add_sessions = [this](int64_t begin, int64_t count, const char* tier) {
    for (int64_t id = begin; id < begin + count; ++id) {
      client_.Add(MakeDeed<oracle::ChangeResult>(oracle::PutStreamerRequest{
          .idempotency_key = client_.NextKey(),
          .streamer_id = id,
          .facts = {
              .real_name_verified = true, .age_band = oracle::AgeBand::kAdult, .tier = tier}}));
      client_.Add(MakeDeed<oracle::OpenSessionResult>(oracle::OpenSessionRequest{
          .idempotency_key = client_.NextKey(), .session_id = id, .streamer_id = id}));
    }
  };
  add_payers(1, kPayers);
  add_payers(kBurstPayersBegin, kBurstPayers);
  add_sessions(1, kSessions, "T1");
  add_sessions(kFastSessionsBegin, kFastSessions, "T2");
  add_sessions(kBurstSessionsBegin, kBurstSessions, "T1");
  add_sessions(kOrderSessionsBegin, kOrderSessions, "T1");
  AddBurst();
}

void Staff::AddBurst() { AddTips(kBurstSessionsBegin, kBurstSessions, kBurstTips, true); }

void Staff::AddTipsForOrder() {
  AddTips(kOrderSessionsBegin + orders_count_++ % kOrderSessions, 1, kOrderTips, false);
}

void Staff::AddTips(int64_t sessions_begin, int64_t sessions_count, int64_t count, bool is_held) {
  std::vector<oracle::TipRequest> tips;
  for (int64_t i = 0; i < count; ++i) {
    oracle::TipRequest tip{.idempotency_key = client_.NextKey(),
                           .payer_id = kBurstPayersBegin + i % kBurstPayers};
    tip.session_id = sessions_begin + i % sessions_count;
    tip.streamer_id = tip.session_id;
    tip.gift_id = 1;
    tip.unit_price = 1;
    tip.count = 1 + i % 3;
    tip.hold = is_held;
    if (is_held) tip.hold_ttl_ms = kBurstHoldMs;
    tips.push_back(std::move(tip));
  }
  client_.Add(MakeTips(TipCall::kBatch, tips));
}

std::string Staff::OrderCase() const { return absl::StrCat("case ", orders_count_); }

void Staff::AddFreeze() {
  v1::FreezeIncomeRequest request;
  request.set_idempotency_key(client_.NextKey());
  request.mutable_scope()->set_session_id(kOrderSessionsBegin +
                                          (orders_count_ - 1) % kOrderSessions);
  request.set_case_reference(OrderCase());
  client_.Add(MakeOrder(request));
}

void Staff::AddRelease() {
  v1::ReleaseIncomeRequest request;
  request.set_idempotency_key(client_.NextKey());
  request.mutable_scope()->set_whole_case(true);
  request.set_case_reference(OrderCase());
  client_.Add(MakeOrder(request));
}

void Staff::AddRefund() {
  v1::RefundTipsRequest request;
  request.set_idempotency_key(client_.NextKey());
  request.mutable_scope()->set_session_id(kOrderSessionsBegin +
                                          (orders_count_ - 1) % kOrderSessions);
  request.set_permille(1'000);
  request.set_case_reference(OrderCase());
  request.set_reason("an order");
  client_.Add(MakeOrder(request));
}

bool Staff::AwaitOrders() {
  return Await([this](bool* are_done) {
    v1::ListIncomeJobsRequest request;
    v1::ListIncomeJobsResponse response;
    const grpc::Status status = client_.gate().Call(request, &response);
    *are_done = true;
    for (const v1::IncomeJob& job : response.jobs()) *are_done &= job.done();
    return status;
  });
}

bool Staff::AwaitSettlement() {
  for (int64_t id = kFastSessionsBegin; id < kFastSessionsBegin + kFastSessions; ++id) {
    const bool has_settled = Await([this, id](bool* has_none) {
      v1::GetStreamerRequest request;
      request.set_streamer_id(id);
      v1::GetStreamerResponse response;
      const grpc::Status status = client_.gate().Call(request, &response);
      *has_none = response.streamer().pending_minor() == 0;
      return status;
    });
    if (!has_settled) return false;
  }
  return true;
}

// Tips may settle or expire between the two calls; then once more.
std::string Staff::Verify() {
  for (const absl::Time end = absl::Now() + kPatience; absl::Now() < end;) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
    const auto reader = client_.gate().audit().VerifyJournal(&context, {});
    v1::VerifyJournalResponse verified;
    while (reader->Read(&verified)) {
    }
    if (const grpc::Status status = reader->Finish(); !status.ok() || !verified.is_done()) {
      return absl::StrCat("VerifyJournal: ", status.error_message());
    }
    v1::GetServerInfoRequest request;
    request.set_include_state_hash(true);
    v1::GetServerInfoResponse info;
    if (const grpc::Status status = client_.gate().Call(request, &info); !status.ok()) {
      return absl::StrCat("GetServerInfo: ", status.error_message());
    }
    if (info.chain_head() != verified.chain_head()) continue;
    return info.state_hash() == verified.state_hash() ? ""
                                                      : "the state is not the fold of the journal";
  }
  return "the journal does not come to rest";
}

}  // namespace tipgate::crash
