#include "bench/income_load.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/load_interrupt.h"
#include "bench/load_progress.h"
#include "bench/load_tip_traffic.h"
#include "bench/load_zipf.h"
#include "tipgate/v1/streamer.grpc.pb.h"

namespace tipgate {
namespace {

constexpr int kBatch = 1'000;
constexpr int kInFlightMax = 8;
constexpr char kIdentity[] = "tipbench";

// So many tips, and no more.
class CountedTraffic final : public LoadTraffic {
 public:
  CountedTraffic(TipTraffic tips, int64_t count) : tips_(std::move(tips)), left_count_(count) {}

  std::optional<grpc::ByteBuffer> Next() override {
    if (left_count_ <= 0) return std::nullopt;
    progress_.Show(answered_count_);
    left_count_ -= kBatch;
    return tips_.Next();
  }
  absl::StatusOr<TipOutcomes> Read(const grpc::ByteBuffer& reply) override {
    answered_count_ += kBatch;
    return tips_.Read(reply);
  }

 private:
  TipTraffic tips_;
  int64_t left_count_;
  int64_t answered_count_ = 0;
  LoadProgress progress_{"tips for the orders", left_count_};
};

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace

absl::Status FillSession(const LoadScene& scene, const LoadChannels& channels, int64_t count,
                         uint64_t lane, uint64_t seed) {
  const Zipf only_the_first(1, 0);
  LoadShare share;
  share.method = "/tipgate.v1.TipService/AuthorizeTips";
  share.channels = channels;
  share.in_flight_max = kInFlightMax;
  share.items_per_message = kBatch;
  share.end_ns = INT64_MAX;
  std::vector<std::unique_ptr<LoadTraffic>> traffics;
  traffics.push_back(std::make_unique<CountedTraffic>(
      TipTraffic(scene, only_the_first, LoadMode::kBatch, kBatch, lane, seed), count));
  const LoadResult result = RunLoad({share}, traffics);
  if (IsInterrupted()) return absl::CancelledError("interrupted");
  if (result.accepted_count >= count) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("only ", result.accepted_count, " of ", count,
                                                    " tips were accepted: ", result.first_error));
}

absl::StatusOr<int64_t> OrderIncomeJob(const LoadScene& scene, const LoadChannels& channels,
                                       v1::IncomeAction action) {
  const auto stub = v1::StreamerService::NewStub(channels.front());
  const std::string key = absl::StrCat("job-", scene.run_number, "-", IncomeActionName(action));
  const std::string case_reference = absl::StrCat("case-", scene.run_number);
  const int64_t streamer_id = scene.StreamerId(0);
  grpc::ClientContext context;
  context.AddMetadata("tipgate-identity", kIdentity);
  if (action == v1::INCOME_ACTION_FREEZE) {
    v1::FreezeIncomeRequest request;
    request.set_idempotency_key(key);
    request.mutable_scope()->set_streamer_id(streamer_id);
    request.set_case_reference(case_reference);
    v1::FreezeIncomeResponse response;
    const absl::Status status = FromGrpc(stub->FreezeIncome(&context, request, &response));
    if (!status.ok()) return status;
    return response.job().job_id();
  }
  v1::RefundTipsRequest request;
  request.set_idempotency_key(key);
  request.mutable_scope()->set_streamer_id(streamer_id);
  request.set_permille(1'000);
  request.set_case_reference(case_reference);
  request.set_reason("a benchmark");
  v1::RefundTipsResponse response;
  const absl::Status status = FromGrpc(stub->RefundTips(&context, request, &response));
  if (!status.ok()) return status;
  return response.job().job_id();
}

absl::StatusOr<v1::IncomeJob> LookAtIncomeJob(const LoadChannels& channels, int64_t job_id) {
  const auto stub = v1::StreamerService::NewStub(channels.front());
  grpc::ClientContext context;
  context.AddMetadata("tipgate-identity", kIdentity);
  v1::GetIncomeJobRequest request;
  request.set_job_id(job_id);
  v1::GetIncomeJobResponse response;
  const absl::Status status = FromGrpc(stub->GetIncomeJob(&context, request, &response));
  if (!status.ok()) return status;
  return response.job();
}

std::string IncomeActionName(v1::IncomeAction action) {
  return action == v1::INCOME_ACTION_FREEZE ? "freeze" : "refund";
}

}  // namespace tipgate
