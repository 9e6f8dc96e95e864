#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <tuple>

#include "tests/integration/gate_calls.h"
#include "tipgate/v1/event.grpc.pb.h"

namespace tipgate {

// No call takes so long; a test that waits longer has found something.
inline constexpr std::chrono::seconds kCallTimeout{60};

// A client of a real gate, on a connection of its own. Any thread; NewKey: one.
class GateClient {
 public:
  // Connects; where nobody listens, calls answer UNAVAILABLE.
  explicit GateClient(const std::string& target);

  // Makes the call that the request belongs to.
  template <typename Request>
  grpc::Status Call(const Request& request, ResponseTo<Request>* response,
                    std::chrono::microseconds timeout = kCallTimeout) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + timeout);
    Identify(&context);
    auto& stub = std::get<typename CallOf<Request>::Stub>(stubs_);
    return (stub.*CallOf<Request>::kMethod)(&context, request, response);
  }

  // The same; the status alone.
  template <typename Request>
  grpc::Status Try(const Request& request) {
    ResponseTo<Request> response;
    return Call(request, &response);
  }

  // The response; a call that fails fails the test.
  template <typename Request>
  ResponseTo<Request> Must(const Request& request) {
    ResponseTo<Request> response;
    const grpc::Status status = Call(request, &response);
    EXPECT_TRUE(status.ok()) << request.GetDescriptor()->name() << ": " << status.error_code()
                             << " " << status.error_message();
    return response;
  }

  v1::TipService::Stub& tips() { return std::get<v1::TipService::Stub>(stubs_); }
  v1::AuditService::Stub& audit() { return std::get<v1::AuditService::Stub>(stubs_); }
  v1::EventService::Stub& events() { return std::get<v1::EventService::Stub>(stubs_); }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // A key that this client has not used yet.
  std::string NewKey();

  // Calls say from here on that this is who makes them; empty: they say nothing.
  void set_identity(const std::string& identity) { identity_ = identity; }
  // Says so in a call that is made through a stub.
  void Identify(grpc::ClientContext* context) const {
    if (!identity_.empty()) context->AddMetadata("tipgate-identity", identity_);
  }

  // What happens all the time.
  v1::PutPayerResponse PutAdult(int64_t payer_id);
  v1::PutStreamerResponse PutStreamer(int64_t streamer_id, const std::string& tier = "T1");
  v1::OpenSessionResponse OpenSession(int64_t session_id, int64_t streamer_id);
  v1::TipDecision Tip(const v1::TipIntent& intent);
  v1::TipDecision Check(const v1::TipIntent& intent);
  v1::GetServerInfoResponse Info(bool with_state_hash = false);
  v1::Totals Totals() { return Info().totals(); }
  // The last message of VerifyJournal; a failure fails the test.
  v1::VerifyJournalResponse Verify();

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::tuple<v1::TipService::Stub, v1::RechargeService::Stub, v1::PayerService::Stub,
             v1::StreamerService::Stub, v1::SessionService::Stub, v1::PolicyService::Stub,
             v1::EventService::Stub, v1::AuditService::Stub>
      stubs_;
  std::string identity_;
  int64_t keys_count_ = 0;
};

}  // namespace tipgate
