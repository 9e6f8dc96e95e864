#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "grpc/health/v1/health.pb.h"
#include "server/rpc.h"

namespace tipgate {

// What grpc.health.v1.Health tells: whether the server takes calls. All its services have the same
// status, for one pipeline decides for all. Any thread.
//
// 1. It begins as NOT_SERVING.
// 2. After Shutdown it is NOT_SERVING for good.
class HealthService {
 public:
  using Status = grpc::health::v1::HealthCheckResponse::ServingStatus;

  // Somebody who wants to know the status at all times.
  class Watcher {
   public:
    // Called with the service locked, in the order of the changes; must not call it back.
    virtual void OnStatus(Status status) = 0;

   protected:
    ~Watcher() = default;
  };

  // The full names of the services; that of the server as a whole, "", comes on top.
  explicit HealthService(std::vector<std::string> services);

  void SetServing(bool is_serving);
  void Shutdown();

  // Answers a call of Check; NOT_FOUND if there is no such service.
  void Check(std::unique_ptr<Rpc> rpc) const;

  // Tells the watcher the status of a service at once and at each change, until it is removed. A
  // service that is not there stays SERVICE_UNKNOWN.
  void AddWatcher(const std::string& service, Watcher* watcher);
  void RemoveWatcher(Watcher* watcher);

 private:
  void Set(Status status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const absl::flat_hash_set<std::string> services_;

  mutable absl::Mutex mutex_;
  Status status_ ABSL_GUARDED_BY(mutex_) = grpc::health::v1::HealthCheckResponse::NOT_SERVING;
  bool is_shut_down_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<Watcher*> watchers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tipgate
