#include "tests/fuzz/scripted_gate.h"

#include <grpcpp/support/byte_buffer.h>

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "server/call_error.h"
#include "server/error_status.h"
#include "server/event_projection.h"
#include "server/grpc_message.h"
#include "server/handlers.h"
#include "tests/support/core_gate.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/streamer.pb.h"

namespace tipgate::fuzz {
namespace {

constexpr int kMessageBytesMax = 4 << 20;
constexpr int64_t kForEverMs = int64_t{1} << 50;

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

PipelineOptions MakeOptions() {
  return {.limits = CoreGate::DefaultLimits(),
          .ring_calls_max = 4,
          .requests_max = 100'000,
          .batch_requests_max = 1'024,
          .checkpoint_interval_ns = kForEverMs * 1'000};
}

}  // namespace

absl::Status EncodingJournal::Append(const Entry& entry) {
  const std::string bytes(encoder_.Encode(entry, 1, ChainHash{}));
  Entry decoded;
  EntryLink link;
  const absl::Status status = decoder_.Decode(bytes, &decoded, &link);
  if (!status.ok()) {
    fault_ = absl::StrCat("an entry cannot be read back: ", status.message());
  } else if (second_encoder_.Encode(decoded, 1, ChainHash{}) != bytes) {
    fault_ = "an entry is read back as another one";
  }
  return entries_.Append(entry);
}

// A call as its handler sees it.
class ScriptedGate::ScriptedRpc final : public Rpc {
 public:
  ScriptedRpc(const ScriptedCall& call, Answer* answer)
      : request_(ToBuffer(call.request)), identity_(call.identity()), answer_(*answer) {}
  ~ScriptedRpc() override {
    if (!is_answered_) Fail(StoppingError());
  }

  bool Parse(google::protobuf::Message* request) override {
    const std::optional<CallError> error = ParseBytes(&request_, kMessageBytesMax, request);
    if (error.has_value()) Fail(*error);
    return !error.has_value();
  }
  int64_t deadline_ns() const override { return INT64_MAX; }
  std::string identity() const override { return identity_; }
  void Reply(const google::protobuf::Message& response) override {
    SerializeToBytes(response);
    Finish();
  }
  void Fail(const CallError& error) override {
    answer_.error = error;
    Finish();
  }

 private:
  void Finish() {
    is_answered_ = true;
    ++answer_.count;
  }

  grpc::ByteBuffer request_;
  const std::string identity_;
  Answer& answer_;
  bool is_answered_ = false;
};

// A stream whose caller goes after the first response.
class ScriptedGate::ScriptedStream final : public ResponseStream {
 public:
  explicit ScriptedStream(const std::string& request) : request_(ToBuffer(request)) {}

  std::optional<CallError> Parse(google::protobuf::Message* request) override {
    std::optional<CallError> error = ParseBytes(&request_, kMessageBytesMax, request);
    is_open_ = is_verification_ = request->GetDescriptor()->field_count() == 0;
    return error;
  }
  bool Write(const google::protobuf::Message& response) override {
    SerializeToBytes(response);
    return is_open_ = is_verification_;
  }
  bool is_open() const override { return is_open_; }

 private:
  grpc::ByteBuffer request_;
  bool is_verification_ = false;
  bool is_open_ = true;
};

class ScriptedGate::OwnJob final : public Job {
 public:
  OwnJob(Command* own, Answer* answer) : own_(*own), answer_(*answer) {
    command = std::move(*own);
    is_of_client = false;
  }

  void Reply(const Batch&) override {
    own_ = std::move(command);
    Finish();
  }
  void Fail(const RequestError& error) override {
    answer_.error = ToCallError(error);
    Finish();
  }

 private:
  void Finish() {
    ++answer_.count;
    delete this;
  }

  Command& own_;
  Answer& answer_;
};

ScriptedGate::ScriptedGate()
    : pipeline_(MakeOptions(), {&journal_, &store_, &clock_}, &state_, &keys_,
                Timeline(*Calendar::Load("Asia/Shanghai"), Moment(), kForEverMs), 0,
                {.fail_stop = [](const absl::Status&) { TIPGATE_CHECK(false); },
                 .on_durable = [](int64_t) {},
                 .on_clock = [](const absl::Status&) {}}),
      verify_(&journal_, &damage_, [this](Command* command) { return RunOwn(command); }) {
  TIPGATE_CHECK(journal_.Claim().ok());
  context_ = {.pipeline = &pipeline_,
              .journal = &journal_,
              .store = &store_,
              .readers = &readers_,
              .stats = &pipeline_.stats(),
              .damage = &damage_,
              .version = "1",
              .format_version = 1,
              .idempotency_retention_ms = CoreGate::DefaultLimits().idempotency_retention_ms,
              .start_time_ms = clock_.WallNs() / kNanosPerMilli};
  handlers_ = MakeHandlers(&context_);
  PutScene();
}

ScriptedGate::~ScriptedGate() = default;

void ScriptedGate::PutScene() {
  Command policy = PolicyCommand{.policy = std::make_shared<const Policy>(SamplePolicy())};
  TIPGATE_CHECK(!RunOwn(&policy).has_value());
  Command catalog = CatalogCommand{.catalog = std::make_shared<const GiftCatalog>(SampleCatalog())};
  TIPGATE_CHECK(!RunOwn(&catalog).has_value());
  v1::PutPayerRequest payer;
  payer.set_idempotency_key("scene-payer");
  payer.set_payer_id(1);
  payer.mutable_facts()->set_real_name_verified(true);
  payer.mutable_facts()->set_age_band(v1::AGE_BAND_ADULT);
  CallOrDie("PutPayer", payer);
  v1::PutStreamerRequest streamer;
  streamer.set_idempotency_key("scene-streamer");
  streamer.set_streamer_id(1);
  streamer.mutable_facts()->set_real_name_verified(true);
  streamer.mutable_facts()->set_age_band(v1::AGE_BAND_ADULT);
  streamer.mutable_facts()->set_tier("L3");
  CallOrDie("PutStreamer", streamer);
  v1::OpenSessionRequest session;
  session.set_idempotency_key("scene-session");
  session.set_session_id(1);
  session.set_streamer_id(1);
  CallOrDie("OpenSession", session);
}

void ScriptedGate::CallOrDie(const char* method, const google::protobuf::Message& request) {
  Answer answer;
  const ScriptedCall call = {.method = MethodPlace(method), .request = request.SerializeAsString()};
  (handlers_.*Methods()[call.method].handler)(std::make_unique<ScriptedRpc>(call, &answer));
  StepUntil(answer);
  TIPGATE_CHECK(!answer.error.has_value());
}

void ScriptedGate::StepUntil(const Answer& answer) {
  while (answer.count == 0) {
    const bool is_idle = pipeline_.sequencer_stage().Step() == Progress::kIdle;
    pipeline_.journal_stage().Step();
    pipeline_.reply_stage().Step();
    if (is_idle) std::this_thread::yield();  // a reader may be at work
  }
}

std::optional<CallError> ScriptedGate::RunOwn(Command* command) {
  Answer answer;
  pipeline_.Submit(std::make_unique<OwnJob>(command, &answer));
  StepUntil(answer);
  return answer.error;
}

bool ScriptedGate::Call(const ScriptedCall& call) {
  clock_.Pass(call.after_ms());
  const Method& method = Methods()[call.method];
  Answer answer;
  if (method.handler == nullptr) {
    answer.error = CallStream(method, call.request);
    ++answer.count;
  } else {
    (handlers_.*method.handler)(std::make_unique<ScriptedRpc>(call, &answer));
  }
  StepUntil(answer);
  if (answer.count != 1) Note(absl::StrCat(method.name, " is answered more than once"));
  if (answer.error.has_value()) CheckError(method, *answer.error);
  Note(journal_.fault());
  return fault_.empty();
}

std::optional<CallError> ScriptedGate::CallStream(const Method& method,
                                                  const std::string& request) {
  ScriptedStream stream(request);
  return absl::string_view(method.name) == "WatchEvents" ? events_.WatchEvents(stream)
                                                         : verify_.VerifyJournal(stream);
}

void ScriptedGate::CheckError(const Method& method, const CallError& error) {
  if (error.message.empty()) Note(absl::StrCat(method.name, " fails without a message"));
  if (error.reason == ErrorReason::kDamaged) {
    Note(absl::StrCat(method.name, " finds damage: ", error.message));
  }
  if (error.reason == ErrorReason::kInvalidField && error.field.empty() &&
      error.message.find("malformed") == std::string::npos) {
    Note(absl::StrCat(method.name, " names no field: ", error.message));
  }
}

bool ScriptedGate::Finish() {
  ScriptedStream stream("");
  if (const auto error = verify_.VerifyJournal(stream)) Note(error->message);
  return TellEvents() && fault_.empty();
}

bool ScriptedGate::TellEvents() {
  EventProjection projection(journal_, EventKinds());
  Entry entry;
  for (int64_t sequence = 1; sequence <= journal_.Head().sequence; ++sequence) {
    if (!journal_.Read(sequence, &entry).ok()) Note("an entry cannot be read");
    EventCursor cursor{.sequence = sequence};
    for (bool is_done = false; !is_done && fault_.empty();) {
      v1::WatchEventsResponse response;
      const absl::StatusOr<bool> step = projection.Project(entry, &cursor, &response);
      if (!step.ok()) Note(std::string(step.status().message()));
      is_done = !step.ok() || *step;
      SerializeToBytes(response);
    }
  }
  return fault_.empty();
}

}  // namespace tipgate::fuzz
