#include "tests/cli/fake_gate.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "tipgate/v1/audit.grpc.pb.h"
#include "tipgate/v1/event.grpc.pb.h"
#include "tipgate/v1/payer.grpc.pb.h"
#include "tipgate/v1/policy_service.grpc.pb.h"
#include "tipgate/v1/recharge.grpc.pb.h"
#include "tipgate/v1/session.grpc.pb.h"
#include "tipgate/v1/streamer.grpc.pb.h"
#include "tipgate/v1/tip.grpc.pb.h"

// The overrides differ only in their names and types.
#define TIPGATE_FAKE_UNARY(Rpc)                                                   \
  grpc::Status Rpc(grpc::ServerContext* context, const v1::Rpc##Request* request, \
                   v1::Rpc##Response* response) override {                        \
    script->NoteIdentity(*context);                                               \
    return script->Answer(#Rpc, *request, response);                              \
  }
#define TIPGATE_FAKE_STREAM(Rpc)                                             \
  grpc::Status Rpc(grpc::ServerContext*, const v1::Rpc##Request* request,    \
                   grpc::ServerWriter<v1::Rpc##Response>* writer) override { \
    return WriteReplies(*script, #Rpc, *request, *writer);                   \
  }

namespace tipgate {
namespace {

template <typename Request, typename Response>
grpc::Status WriteReplies(Script& script, const std::string& rpc, const Request& request,
                          grpc::ServerWriter<Response>& writer) {
  const grpc::Status status = script.Record(rpc, request);
  for (const std::string& bytes : script.Replies(rpc)) {
    Response response;
    response.ParseFromString(bytes);
    writer.Write(response);
  }
  return status;
}

struct FakeTips : v1::TipService::Service {
  Script* script = nullptr;
  TIPGATE_FAKE_UNARY(AuthorizeTip)
  TIPGATE_FAKE_UNARY(CheckTip)
  TIPGATE_FAKE_UNARY(GetTip)
  TIPGATE_FAKE_UNARY(ListTips)
  TIPGATE_FAKE_UNARY(CaptureTip)
  TIPGATE_FAKE_UNARY(VoidTip)
  TIPGATE_FAKE_UNARY(RefundTip)
  TIPGATE_FAKE_UNARY(AuthorizeTips)

  // One answer a request; the stream ends with the request that has none.
  grpc::Status StreamTips(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::StreamTipsResponse, v1::StreamTipsRequest>* stream) override {
    script->NoteIdentity(*context);
    v1::StreamTipsRequest request;
    v1::StreamTipsResponse response;
    for (const std::string& bytes : script->Replies("StreamTips")) {
      if (!stream->Read(&request)) return grpc::Status::OK;
      script->Record("StreamTips", request);
      response.ParseFromString(bytes);
      stream->Write(response);
    }
    return stream->Read(&request) ? script->Record("StreamTips", request) : grpc::Status::OK;
  }
};

struct FakeRecharges : v1::RechargeService::Service {
  Script* script = nullptr;
  TIPGATE_FAKE_UNARY(AuthorizeRecharge)
  TIPGATE_FAKE_UNARY(CaptureRecharge)
  TIPGATE_FAKE_UNARY(VoidRecharge)
  TIPGATE_FAKE_UNARY(CheckRecharge)
  TIPGATE_FAKE_UNARY(RefundRecharge)
  TIPGATE_FAKE_UNARY(GetRecharge)
};

struct FakePayers : v1::PayerService::Service {
  Script* script = nullptr;
  TIPGATE_FAKE_UNARY(PutPayer)
  TIPGATE_FAKE_UNARY(GetPayer)
  TIPGATE_FAKE_UNARY(PausePayer)
  TIPGATE_FAKE_UNARY(SetSelfLimits)
  TIPGATE_FAKE_UNARY(SetPreferences)
  TIPGATE_FAKE_UNARY(StartConfirmation)
  TIPGATE_FAKE_UNARY(CompleteConfirmation)
  TIPGATE_FAKE_UNARY(FreezePayer)
  TIPGATE_FAKE_UNARY(UnfreezePayer)
  TIPGATE_FAKE_UNARY(StartCoolingOff)
};

struct FakeStreamers : v1::StreamerService::Service {
  Script* script = nullptr;
  TIPGATE_FAKE_UNARY(PutStreamer)
  TIPGATE_FAKE_UNARY(GetStreamer)
  TIPGATE_FAKE_UNARY(SanctionStreamer)
  TIPGATE_FAKE_UNARY(LiftSanction)
  TIPGATE_FAKE_UNARY(FreezeIncome)
  TIPGATE_FAKE_UNARY(ReleaseIncome)
  TIPGATE_FAKE_UNARY(RefundTips)
  TIPGATE_FAKE_UNARY(GetIncomeJob)
  TIPGATE_FAKE_UNARY(GetAgency)
  TIPGATE_FAKE_UNARY(ListIncomeJobs)
  TIPGATE_FAKE_UNARY(DelayIncome)
};

struct FakeSessions : v1::SessionService::Service {
  Script* script = nullptr;
  TIPGATE_FAKE_UNARY(OpenSession)
  TIPGATE_FAKE_UNARY(CloseSession)
  TIPGATE_FAKE_UNARY(GetSession)
};

struct FakePolicies : v1::PolicyService::Service {
  Script* script = nullptr;
  TIPGATE_FAKE_UNARY(EmergencyStop)
  TIPGATE_FAKE_UNARY(LiftStop)
  TIPGATE_FAKE_UNARY(ListStops)
  TIPGATE_FAKE_UNARY(ProposePolicy)
  TIPGATE_FAKE_UNARY(ValidatePolicy)
  TIPGATE_FAKE_UNARY(ApprovePolicy)
  TIPGATE_FAKE_UNARY(WithdrawProposal)
  TIPGATE_FAKE_UNARY(RollBackPolicy)
  TIPGATE_FAKE_UNARY(ListPolicies)
  TIPGATE_FAKE_UNARY(GetPolicy)
  TIPGATE_FAKE_UNARY(PutGifts)
  TIPGATE_FAKE_UNARY(ListGifts)
};

struct FakeEvents : v1::EventService::Service {
  Script* script = nullptr;
  TIPGATE_FAKE_STREAM(WatchEvents)
};

struct FakeAudit : v1::AuditService::Service {
  Script* script = nullptr;
  TIPGATE_FAKE_STREAM(VerifyJournal)
  TIPGATE_FAKE_UNARY(GetServerInfo)
  TIPGATE_FAKE_UNARY(ListRejectionCodes)
  TIPGATE_FAKE_STREAM(CreateBackup)
  TIPGATE_FAKE_UNARY(ListBackups)
};

}  // namespace

void Script::Reply(const std::string& rpc, const google::protobuf::Message& response) {
  const absl::MutexLock lock(&mutex_);
  calls_[rpc].replies.push_back(response.SerializeAsString());
}

void Script::Fail(const std::string& rpc, const grpc::Status& status) {
  const absl::MutexLock lock(&mutex_);
  calls_[rpc].status = status;
}

grpc::Status Script::Answer(const std::string& rpc, const google::protobuf::Message& request,
                            google::protobuf::Message* response) {
  const absl::MutexLock lock(&mutex_);
  Calls& calls = calls_[rpc];
  calls.requests.push_back(request.SerializeAsString());
  if (!calls.replies.empty()) {
    response->ParseFromString(calls.replies[calls.next_reply]);
    calls.next_reply = std::min(calls.next_reply + 1, calls.replies.size() - 1);
  }
  return calls.status;
}

std::string Script::identity() const {
  const absl::MutexLock lock(&mutex_);
  return identity_;
}

void Script::NoteIdentity(const grpc::ServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto told = metadata.find("tipgate-identity");
  const absl::MutexLock lock(&mutex_);
  identity_ = told == metadata.end() ? "" : std::string(told->second.data(), told->second.size());
}

grpc::Status Script::Record(const std::string& rpc, const google::protobuf::Message& request) {
  const absl::MutexLock lock(&mutex_);
  Calls& calls = calls_[rpc];
  calls.requests.push_back(request.SerializeAsString());
  return calls.status;
}

std::vector<std::string> Script::Replies(const std::string& rpc) const {
  const absl::MutexLock lock(&mutex_);
  const auto calls = calls_.find(rpc);
  return calls == calls_.end() ? std::vector<std::string>() : calls->second.replies;
}

struct FakeGate::Services {
  FakeTips tips;
  FakeRecharges recharges;
  FakePayers payers;
  FakeStreamers streamers;
  FakeSessions sessions;
  FakePolicies policies;
  FakeEvents events;
  FakeAudit audit;
};

FakeGate::FakeGate() : services_(std::make_unique<Services>()) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  const auto add = [&](auto& service) {
    service.script = &script_;
    builder.RegisterService(&service);
  };
  add(services_->tips);
  add(services_->recharges);
  add(services_->payers);
  add(services_->streamers);
  add(services_->sessions);
  add(services_->policies);
  add(services_->events);
  add(services_->audit);
  server_ = builder.BuildAndStart();
  address_ = absl::StrCat("127.0.0.1:", port);
}

FakeGate::~FakeGate() { server_->Shutdown(); }

}  // namespace tipgate
