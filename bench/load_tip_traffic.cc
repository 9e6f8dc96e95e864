#include "bench/load_tip_traffic.h"

namespace tipgate {

TipTraffic::TipTraffic(const LoadScene& scene, const Zipf& popularity, LoadMode mode, int batch,
                       uint64_t lane, uint64_t seed)
    : scene_(scene),
      popularity_(popularity),
      mode_(mode),
      batch_(batch),
      next_sequence_(lane << 32),
      random_(seed + lane) {}

std::optional<grpc::ByteBuffer> TipTraffic::Next() {
  for (int i = 0; i < batch_; ++i) {
    const auto payers = static_cast<uint64_t>(scene_.payer_count);
    const auto payer_id = scene_.PayerId(static_cast<int64_t>(DrawUniform(random_, payers)));
    const uint32_t session = popularity_.Draw(random_);
    const uint64_t gift = DrawUniform(random_, scene_.gift_fields.size());
    writer_.Add(scene_.Key(next_sequence_++), payer_id, scene_.session_fields[session],
                scene_.gift_fields[gift]);
  }
  return writer_.Take();
}

absl::StatusOr<TipOutcomes> TipTraffic::Read(const grpc::ByteBuffer& reply) {
  const std::string bytes = Flattened(reply);
  return mode_ == LoadMode::kUnary ? ReadTipResponse(bytes) : ReadTipsResponse(bytes, batch_);
}

}  // namespace tipgate
