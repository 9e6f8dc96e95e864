#include "cli/client.h"

#include <utility>

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace tipgate {
namespace {

std::shared_ptr<grpc::Channel> Connect(const std::string& target) {
  grpc::ChannelArguments arguments;
  // The gate stands on the operator's own network; a web proxy of the shell must not get in
  // between.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // The answer about thousands of tips may be longer than gRPC's 4 MiB.
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

Client::Client(std::string target, absl::Duration timeout, std::string identity)
    : target_(std::move(target)),
      timeout_(timeout),
      identity_(std::move(identity)),
      channel_(Connect(target_)) {}

void Client::SayWho(grpc::ClientContext& context) const {
  if (!identity_.empty()) context.AddMetadata("tipgate-identity", identity_);
}

absl::Status Client::EndEarly(const grpc::Status& status) const {
  if (status.ok()) return absl::InternalError("the gate ended the stream before its last answer");
  return ToCallError(status, {target_, absl::InfiniteDuration()});
}

}  // namespace tipgate
