#include "server/standard_services.h"

#include <utility>

#include "grpc/health/v1/health.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "server/raw_service.h"

namespace tipgate {
namespace {

using grpc::health::v1::Health;
using grpc::reflection::v1alpha::ServerReflection;
using RawHealth =
    RawServiceOf<Health::Service, Health::WithRawMethod_Check, Health::WithRawMethod_Watch>::Type;
using RawReflection = RawServiceOf<ServerReflection::Service,
                                   ServerReflection::WithRawMethod_ServerReflectionInfo>::Type;

// Calls that a queue waits for at a time; more than that at once wait a moment inside gRPC.
constexpr int kCallsWaitedFor = 4;

std::vector<std::string> AllServices(std::vector<std::string> contract) {
  contract.emplace_back(Health::service_full_name());
  contract.emplace_back(ServerReflection::service_full_name());
  return contract;
}

}  // namespace

struct StandardServices::Services {
  RawHealth health;
  RawReflection reflection;
};

StandardServices::StandardServices(const Limits& limits, const std::vector<std::string>& contract)
    : health_(contract),
      reflection_(AllServices(contract)),
      services_(std::make_unique<Services>()),
      check_{.ask = AskForCall<&RawHealth::RequestCheck>(&services_->health),
             .handler = [this](std::unique_ptr<Rpc> rpc) { health_.Check(std::move(rpc)); },
             .unsent = &unsent_,
             .message_bytes_max = limits.message_bytes_max},
      watch_{.ask = AskForCall<&RawHealth::RequestWatch>(&services_->health),
             .health = &health_,
             .limit = {.count = &watches_count_,
                       .max = limits.health_watches_max,
                       .refusal = {.reason = ErrorReason::kCapacityReached,
                                   .field = "",
                                   .message = "as many watches of health are open as may be"}},
             .message_bytes_max = limits.message_bytes_max},
      reflect_{
          .ask = AskForStream<&RawReflection::RequestServerReflectionInfo>(&services_->reflection),
          .handler = [this](std::unique_ptr<Rpc> rpc) { reflection_.Serve(std::move(rpc)); },
          .limit = {.count = &reflection_streams_count_,
                    .max = limits.reflection_streams_max,
                    .refusal = {.reason = ErrorReason::kCapacityReached,
                                .field = "",
                                .message = "as many streams of reflection are open as may be"}},
          .message_bytes_max = limits.message_bytes_max} {}

StandardServices::~StandardServices() = default;

std::vector<grpc::Service*> StandardServices::grpc_services() {
  return {&services_->health, &services_->reflection};
}

void StandardServices::ListenOn(grpc::ServerCompletionQueue* queue) {
  for (int i = 0; i < kCallsWaitedFor; ++i) {
    ListenForUnary(&check_, queue, &registry_);
    ListenForHealthWatch(&watch_, queue, &registry_);
  }
  ListenForStream(&reflect_, queue, &registry_);
}

}  // namespace tipgate
