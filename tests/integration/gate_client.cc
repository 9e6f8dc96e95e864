#include "tests/integration/gate_client.h"

#include "absl/strings/str_cat.h"
#include "tests/integration/requests.h"

namespace tipgate {
namespace {

// How long a new client waits for its connection, and how soon it tries again. gRPC 1.51 mistakes
// the errno of a later call for that of connect(2) now and then, and gives a good connection up.
constexpr std::chrono::seconds kConnectPatience{5};
constexpr int kReconnectBackoffMs = 100;

// A channel that shares no connection with another one, and takes answers of any size.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectBackoffMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kReconnectBackoffMs);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

GateClient::GateClient(const std::string& target)
    : channel_(MakeChannel(target)),
      stubs_(channel_, channel_, channel_, channel_, channel_, channel_, channel_, channel_) {
  channel_->WaitForConnected(std::chrono::system_clock::now() + kConnectPatience);
}

std::string GateClient::NewKey() { return absl::StrCat("key ", ++keys_count_); }

v1::PutPayerResponse GateClient::PutAdult(int64_t payer_id) {
  return Must(PutPayerOf(NewKey(), payer_id, AdultFacts()));
}

v1::PutStreamerResponse GateClient::PutStreamer(int64_t streamer_id, const std::string& tier) {
  return Must(PutStreamerOf(NewKey(), streamer_id, StreamerFactsOf(tier)));
}

v1::OpenSessionResponse GateClient::OpenSession(int64_t session_id, int64_t streamer_id) {
  return Must(OpenSessionOf(NewKey(), session_id, streamer_id));
}

v1::TipDecision GateClient::Tip(const v1::TipIntent& intent) {
  return Must(AuthorizeOf(intent)).decision();
}

v1::TipDecision GateClient::Check(const v1::TipIntent& intent) {
  v1::CheckTipRequest request;
  *request.mutable_tip() = intent;
  return Must(request).decision();
}

v1::GetServerInfoResponse GateClient::Info(bool with_state_hash) {
  v1::GetServerInfoRequest request;
  request.set_include_state_hash(with_state_hash);
  return Must(request);
}

v1::VerifyJournalResponse GateClient::Verify() {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  const auto reader = audit().VerifyJournal(&context, v1::VerifyJournalRequest());
  v1::VerifyJournalResponse last;
  while (reader->Read(&last)) {
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << "VerifyJournal: " << status.error_message();
  EXPECT_TRUE(last.is_done());
  EXPECT_EQ(last.entries_verified_count(), last.entries_total_count());
  return last;
}

}  // namespace tipgate
