#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include "bench/load_scene.h"
#include "bench/load_zipf.h"

namespace tipgate {

// One tip of the load, before anybody's encoding.
struct DrawnTip {
  uint64_t key = 0;
  int64_t payer_id = 0;
  uint32_t session_index = 0;
  size_t gift_index = 0;
};

// Draws tips without end: payers all alike, sessions by their popularity, cheap gifts. The same
// seed and lane give the same tips, but for what the run number is part of. Not thread-safe.
class TipDraw {
 public:
  // `scene` and `popularity` must outlive this. A `lane`, 0 .. 254, has 2^32 keys of its own.
  TipDraw(const LoadScene& scene, const Zipf& popularity, uint64_t lane, uint64_t seed)
      : scene_(scene), popularity_(popularity), next_sequence_(lane << 32), random_(seed + lane) {}

  DrawnTip Next() {
    DrawnTip tip;
    const auto payers = static_cast<uint64_t>(scene_.active_payer_count);
    tip.payer_id = scene_.ActivePayerId(static_cast<int64_t>(DrawUniform(random_, payers)));
    tip.session_index = popularity_.Draw(random_);
    tip.gift_index = DrawUniform(random_, scene_.gift_fields.size());
    tip.key = scene_.Key(next_sequence_++);
    return tip;
  }

 private:
  const LoadScene& scene_;
  const Zipf& popularity_;
  uint64_t next_sequence_;
  std::mt19937_64 random_;
};

}  // namespace tipgate
