#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bench/load_options.h"
#include "bench/load_scene.h"
#include "bench/load_tip_draw.h"
#include "bench/load_traffic.h"
#include "bench/load_zipf.h"

namespace tipgate {

// Tips without end: payers all alike, sessions by their popularity, cheap gifts. The same seed
// gives the same tips, but for what the run number is part of.
class TipTraffic final : public LoadTraffic {
 public:
  // `scene` and `popularity` must outlive this. Each traffic of a run needs a `lane` of its own, 0
  // .. 254; it has 2^32 keys. `batch` is the number of tips in a request.
  TipTraffic(const LoadScene& scene, const Zipf& popularity, LoadMode mode, int batch,
             uint64_t lane, uint64_t seed);

  std::optional<grpc::ByteBuffer> Next() override;
  absl::StatusOr<TipOutcomes> Read(const grpc::ByteBuffer& reply) override;

 private:
  const LoadScene& scene_;
  const LoadMode mode_;
  const int batch_;
  TipDraw draw_;
  TipRequestWriter writer_;
};

}  // namespace tipgate
