#include "tests/server/service_gate.h"

#include <utility>

#include "absl/synchronization/notification.h"
#include "core/check.h"
#include "server/run_command.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

// Where an answer arrives.
struct Mailbox {
  absl::Notification has_answer;
  std::string bytes;
  std::optional<CallError> error;
};

class FakeRpc final : public Rpc {
 public:
  FakeRpc(std::string request, std::string identity, Mailbox* mailbox)
      : request_(std::move(request)), identity_(std::move(identity)), mailbox_(*mailbox) {}

  bool Parse(google::protobuf::Message* request) override {
    if (request->ParseFromString(request_)) return true;
    Fail({.reason = ErrorReason::kInvalidField, .field = "", .message = "malformed"});
    return false;
  }
  int64_t deadline_ns() const override { return INT64_MAX; }
  std::string identity() const override { return identity_; }
  void Reply(const google::protobuf::Message& response) override {
    mailbox_.bytes = response.SerializeAsString();
    mailbox_.has_answer.Notify();
  }
  void Fail(const CallError& error) override {
    mailbox_.error = error;
    mailbox_.has_answer.Notify();
  }

 private:
  const std::string request_;
  const std::string identity_;
  Mailbox& mailbox_;
};

PipelineOptions MakeOptions(int64_t requests_max, int64_t checkpoint_keys_max,
                            int64_t payers_resident_max) {
  StateLimits limits = CoreGate::DefaultLimits();
  limits.payers_resident_max = payers_resident_max;
  return {.limits = limits,
          .ring_calls_max = 1024,
          .requests_max = requests_max,
          .batch_requests_max = 1024,
          .checkpoint_interval_ns = absl::ToInt64Nanoseconds(absl::Hours(10'000)),
          .checkpoint_keys_max = checkpoint_keys_max,
          .stored_sequence = 0};
}

Timeline MakeTimeline() {
  return Timeline(*Calendar::Load("Asia/Shanghai"), Moment(),
                  absl::ToInt64Milliseconds(absl::Hours(10'000)));
}

}  // namespace

absl::StatusOr<int64_t> SharedJournal::Claim() {
  const absl::MutexLock lock(&mutex_);
  ++claims_count_;
  if (fails_claims_) return absl::UnavailableError("claim the journal: the disk is gone");
  return journal_.Claim();
}

absl::Status SharedJournal::Append(const Entry& entry) {
  const absl::MutexLock lock(&mutex_);
  is_append_held_ = !is_released_;
  mutex_.Await(absl::Condition(&is_released_));
  is_append_held_ = false;
  return journal_.Append(entry);
}

JournalHead SharedJournal::Head() const {
  const absl::MutexLock lock(&mutex_);
  return journal_.Head();
}

absl::Status SharedJournal::Read(int64_t sequence, Entry* entry) const {
  const absl::MutexLock lock(&mutex_);
  return journal_.Read(sequence, entry);
}

std::unique_ptr<JournalReader> SharedJournal::ReadFrom(int64_t first_sequence) const {
  const absl::MutexLock lock(&mutex_);
  return journal_.ReadFrom(first_sequence);
}

void SharedJournal::Spoil(int64_t sequence) {
  const absl::MutexLock lock(&mutex_);
  journal_.Spoil(sequence);
}

void SharedJournal::FailClaims() {
  const absl::MutexLock lock(&mutex_);
  fails_claims_ = true;
}

int64_t SharedJournal::claims_count() const {
  const absl::MutexLock lock(&mutex_);
  return claims_count_;
}

void SharedJournal::Hold() {
  const absl::MutexLock lock(&mutex_);
  is_released_ = false;
}

void SharedJournal::Release() {
  const absl::MutexLock lock(&mutex_);
  is_released_ = true;
}

void SharedJournal::AwaitHeldAppend() const {
  const absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&is_append_held_));
}

absl::StatusOr<StoredState> SharedStateStore::Load() {
  const absl::MutexLock lock(&mutex_);
  return store_.Load();
}

absl::Status SharedStateStore::LoadPayers(PayersTaker take) {
  const absl::MutexLock lock(&mutex_);
  return store_.LoadPayers(take);
}

void SharedStateStore::Hold() {
  const absl::MutexLock lock(&mutex_);
  is_released_ = false;
}

void SharedStateStore::Release() {
  const absl::MutexLock lock(&mutex_);
  is_released_ = true;
}

absl::Status SharedStateStore::Write(const StateImage& image) {
  const absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&is_released_));
  if (image.complete_sequence > 0) forget_keys_before_ = image.forget_keys_before;
  return store_.Write(image);
}

int64_t SharedStateStore::forget_keys_before() const {
  const absl::MutexLock lock(&mutex_);
  return forget_keys_before_;
}

absl::StatusOr<std::optional<Payer>> SharedStateStore::FindPayer(PayerId id) const {
  const absl::MutexLock lock(&mutex_);
  return store_.FindPayer(id);
}

absl::StatusOr<std::optional<Session>> SharedStateStore::FindSession(SessionId id) const {
  const absl::MutexLock lock(&mutex_);
  return store_.FindSession(id);
}

absl::StatusOr<std::optional<Tip>> SharedStateStore::FindTip(RecordId id) const {
  const absl::MutexLock lock(&mutex_);
  return store_.FindTip(id);
}

absl::StatusOr<std::optional<Recharge>> SharedStateStore::FindRecharge(RecordId id) const {
  const absl::MutexLock lock(&mutex_);
  return store_.FindRecharge(id);
}

absl::Status SharedStateStore::FindKeys(absl::Span<KeyLookup> keys) const {
  const absl::MutexLock lock(&mutex_);
  return store_.FindKeys(keys);
}

ServiceGate::ServiceGate(int64_t requests_max, int64_t checkpoint_keys_max,
                         int64_t payers_resident_max)
    : pipeline_(
          MakeOptions(requests_max, checkpoint_keys_max, payers_resident_max),
          {&journal, &store, &clock}, &state_, &keys_, MakeTimeline(), 0,
          {.fail_stop = [](const absl::Status&) { TIPGATE_CHECK(false); },
           .on_durable = [](int64_t) {},
           .on_clock = [this](const absl::Status& status) { clock_told.push_back(status); }}) {
  TIPGATE_CHECK(journal.Claim().ok());
  pipeline_.Start();
  readers_ = std::make_unique<ReaderPool>(&journal, &clock, 2);
  income_runner_ = std::make_unique<IncomeRunner>(
      &pipeline_, &journal, &store, [](const absl::Status&) { TIPGATE_CHECK(false); });
  income_runner_->Start();
  RunOwn(PolicyCommand{.policy = std::make_shared<const Policy>(SamplePolicy())});
  RunOwn(CatalogCommand{.catalog = std::make_shared<const GiftCatalog>(SampleCatalog())});
  context_ = {.pipeline = &pipeline_,
              .journal = &journal,
              .store = &store,
              .readers = readers_.get(),
              .stats = &pipeline_.stats(),
              .damage = &damage_,
              .version = "1.2.3",
              .format_version = 4,
              .idempotency_retention_ms = 5'000,
              .start_time_ms = clock.now_ms()};
  handlers = MakeHandlers(&context_);
}

ServiceGate::~ServiceGate() { Stop(); }

void ServiceGate::RunOwn(Command command) {
  TIPGATE_CHECK(!RunCommand(&pipeline_, &command).has_value());
}

void ServiceGate::Stop() {
  if (readers_ == nullptr) return;
  income_runner_->Stop();
  readers_.reset();
  pipeline_.Stop();
}

std::optional<CallError> ServiceGate::Call(const RpcHandler& handler,
                                           const google::protobuf::Message& request,
                                           std::string* bytes) {
  Mailbox mailbox;
  handler(std::make_unique<FakeRpc>(request.SerializeAsString(), identity, &mailbox));
  mailbox.has_answer.WaitForNotification();
  *bytes = mailbox.bytes;
  return mailbox.error;
}

void ServiceGate::PutScene() {
  v1::PutPayerRequest payer;
  payer.set_idempotency_key("scene-payer");
  payer.set_payer_id(1);
  payer.mutable_facts()->set_real_name_verified(true);
  payer.mutable_facts()->set_age_band(v1::AGE_BAND_ADULT);
  payer.mutable_facts()->set_source("idp");
  TIPGATE_CHECK(!Call<v1::PutPayerResponse>(handlers.put_payer, payer).error.has_value());
  v1::PutStreamerRequest streamer;
  streamer.set_idempotency_key("scene-streamer");
  streamer.set_streamer_id(1);
  streamer.mutable_facts()->set_real_name_verified(true);
  streamer.mutable_facts()->set_age_band(v1::AGE_BAND_ADULT);
  streamer.mutable_facts()->set_tier("L3");
  streamer.mutable_facts()->set_source("idp");
  TIPGATE_CHECK(!Call<v1::PutStreamerResponse>(handlers.put_streamer, streamer).error.has_value());
  v1::OpenSessionRequest session;
  session.set_idempotency_key("scene-session");
  session.set_session_id(1);
  session.set_streamer_id(1);
  TIPGATE_CHECK(
      Call<v1::OpenSessionResponse>(handlers.open_session, session).response.has_session());
}

}  // namespace tipgate
