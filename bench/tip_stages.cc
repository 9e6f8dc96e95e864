#include "bench/tip_stages.h"

#include <string>
#include <utility>

#include "core/check.h"
#include "server/grpc_message.h"
#include "server/handlers.h"
#include "server/rpc.h"

namespace tipgate {
namespace {

constexpr int64_t kEntitiesMax = 1'000'000;
constexpr int64_t kKeyRetentionMs = 604'800'000;
constexpr int kMessageBytesMax = 4 << 20;
constexpr int64_t kTerm = 1;

// Between the bytes of a call and its handler.
class BytesRpc final : public Rpc {
 public:
  BytesRpc(grpc::ByteBuffer* request, grpc::ByteBuffer* reply)
      : request_(*request), reply_(*reply) {}

  bool Parse(google::protobuf::Message* request) override {
    TIPGATE_CHECK(!ParseBytes(&request_, kMessageBytesMax, request).has_value());
    request_.Clear();
    return true;
  }
  int64_t deadline_ns() const override { return INT64_MAX; }
  std::string identity() const override { return ""; }
  void Reply(const google::protobuf::Message& response) override {
    reply_ = SerializeToBytes(response);
  }
  void Fail(const CallError& error) override {
    CheckFailed(error.message.c_str(), __FILE__, __LINE__);
  }

 private:
  grpc::ByteBuffer& request_;
  grpc::ByteBuffer& reply_;
};

}  // namespace

class TipStages::EmptyStore final : public StateStore {
 public:
  absl::StatusOr<StoredState> Load() override { return StoredState(); }
  absl::Status Write(const StateImage&) override { return absl::OkStatus(); }
  absl::StatusOr<std::optional<Session>> FindSession(SessionId) const override {
    return std::nullopt;
  }
  absl::StatusOr<std::optional<Tip>> FindTip(RecordId) const override { return std::nullopt; }
  absl::StatusOr<std::optional<Recharge>> FindRecharge(RecordId) const override {
    return std::nullopt;
  }
  absl::Status LoadPayers(PayersTaker) override { return absl::OkStatus(); }
  absl::StatusOr<std::optional<Payer>> FindPayer(PayerId) const override { return std::nullopt; }
  absl::Status FindKeys(absl::Span<KeyLookup>) const override { return absl::OkStatus(); }
};

TipStages::TipStages(PolicyPtr policy, GiftCatalogPtr gifts, int64_t now_ms)
    : calendar_(*Calendar::Load(policy->time_zone)),
      sequencer_(&state_, &keys_,
                 {.payers_max = kEntitiesMax,
                  .payers_resident_max = kEntitiesMax,
                  .streamers_max = kEntitiesMax,
                  .sessions_max = kEntitiesMax,
                  .recharges_max = kEntitiesMax,
                  .tips_max = kEntitiesMax,
                  .income_jobs_max = kEntitiesMax,
                  .idempotency_retention_ms = kKeyRetentionMs},
                 calendar_, 0),
      store_(std::make_unique<EmptyStore>()),
      now_(calendar_.At(now_ms)) {
  context_.pipeline = this;
  context_.store = store_.get();
  context_.stats = &stats_;
  handlers_ = MakeHandlers(&context_);
  Run(PolicyCommand{.policy = std::move(policy)});
  Run(CatalogCommand{.catalog = std::move(gifts)});
}

TipStages::~TipStages() { TIPGATE_CHECK(job_ == nullptr); }

void TipStages::Begin(const RpcHandler* handler, const grpc::ByteBuffer& request,
                      int64_t after_ms) {
  handler_ = handler;
  request_ = request;
  now_ = calendar_.At(now_.time_ms + after_ms);
}

void TipStages::Parse() {
  (*handler_)(std::make_unique<BytesRpc>(&request_, &reply_));
  TIPGATE_CHECK(job_ != nullptr);
}

void TipStages::Submit(std::unique_ptr<Job> job) {
  TIPGATE_CHECK(job->LookUpKeys().ok());
  job_ = job.release();
}

void TipStages::Decide() {
  sequencer_.Begin(now_, &batch_);
  sequencer_.Execute(job_->command);
  TIPGATE_CHECK(sequencer_.End());
}

void TipStages::Encode() {
  entry_bytes_ = encoder_.Encode(batch_.entry, kTerm, last_hash_);
  last_hash_ = encoder_.hash();
}

void TipStages::Hash() {
  const absl::string_view hashed = entry_bytes_.substr(0, entry_bytes_.size() - sizeof(ChainHash));
  TIPGATE_CHECK(sha256_.Hash(hashed) == last_hash_);
}

void TipStages::Reply() { std::exchange(job_, nullptr)->Reply(batch_); }

void TipStages::Run(Command command) {
  sequencer_.Begin(now_, &batch_);
  sequencer_.Execute(command);
  TIPGATE_CHECK(sequencer_.End());
  Encode();
}

}  // namespace tipgate
