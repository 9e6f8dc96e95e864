#include "server/health_service.h"

#include <utility>

#include "server/call_error.h"

namespace tipgate {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

absl::flat_hash_set<std::string> WithTheWhole(std::vector<std::string> services) {
  services.emplace_back();
  return {services.begin(), services.end()};
}

}  // namespace

HealthService::HealthService(std::vector<std::string> services)
    : services_(WithTheWhole(std::move(services))) {}

void HealthService::SetServing(bool is_serving) {
  absl::MutexLock lock(&mutex_);
  if (is_shut_down_) return;
  Set(is_serving ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING);
}

void HealthService::Shutdown() {
  absl::MutexLock lock(&mutex_);
  is_shut_down_ = true;
  Set(HealthCheckResponse::NOT_SERVING);
}

void HealthService::Set(Status status) {
  if (status_ == status) return;
  status_ = status;
  for (Watcher* watcher : watchers_) watcher->OnStatus(status);
}

void HealthService::Check(std::unique_ptr<Rpc> rpc) const {
  HealthCheckRequest request;
  if (!rpc->Parse(&request)) return;
  if (!services_.contains(request.service())) return rpc->Fail(NotFound("service", "service"));
  HealthCheckResponse response;
  {
    absl::MutexLock lock(&mutex_);
    response.set_status(status_);
  }
  rpc->Reply(response);
}

void HealthService::AddWatcher(const std::string& service, Watcher* watcher) {
  absl::MutexLock lock(&mutex_);
  if (!services_.contains(service)) return watcher->OnStatus(HealthCheckResponse::SERVICE_UNKNOWN);
  watchers_.insert(watcher);
  watcher->OnStatus(status_);
}

void HealthService::RemoveWatcher(Watcher* watcher) {
  absl::MutexLock lock(&mutex_);
  watchers_.erase(watcher);
}

}  // namespace tipgate
