#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "bench/load_scene.h"
#include "bench/load_traffic.h"

namespace tipgate {

// The calls of one kind that put what tips need: payers, streamers or sessions. Each is counted as
// accepted.
class SetupTraffic final : public LoadTraffic {
 public:
  struct Kind {
    std::string method;
    int64_t count;
    // The serialized request number `index`.
    std::function<std::string(int64_t index)> request;
    // True if the serialized reply says yes.
    std::function<bool(const std::string& reply)> is_accepted;
  };

  // Called with the number of calls answered so far.
  using Progress = std::function<void(int64_t answered_count)>;

  SetupTraffic(Kind kind, Progress progress);

  std::optional<grpc::ByteBuffer> Next() override;
  absl::StatusOr<TipOutcomes> Read(const grpc::ByteBuffer& reply) override;

 private:
  const Kind kind_;
  const Progress progress_;
  int64_t sent_count_ = 0;
  int64_t answered_count_ = 0;
};

// In the order in which they must be made. `scene` must outlive them.
SetupTraffic::Kind PutStreamers(const LoadScene& scene);
SetupTraffic::Kind OpenSessions(const LoadScene& scene);
SetupTraffic::Kind PutPayers(const LoadScene& scene);

}  // namespace tipgate
