#include "bench/load_tip_traffic.h"

namespace tipgate {

TipTraffic::TipTraffic(const LoadScene& scene, const Zipf& popularity, LoadMode mode, int batch,
                       uint64_t lane, uint64_t seed)
    : scene_(scene), mode_(mode), batch_(batch), draw_(scene, popularity, lane, seed) {}

std::optional<grpc::ByteBuffer> TipTraffic::Next() {
  for (int i = 0; i < batch_; ++i) {
    const DrawnTip tip = draw_.Next();
    writer_.Add(tip.key, tip.payer_id, scene_.session_fields[tip.session_index],
                scene_.gift_fields[tip.gift_index]);
  }
  return writer_.Take();
}

absl::StatusOr<TipOutcomes> TipTraffic::Read(const grpc::ByteBuffer& reply) {
  const std::string bytes = Flattened(reply);
  return mode_ == LoadMode::kUnary ? ReadTipResponse(bytes) : ReadTipsResponse(bytes, batch_);
}

}  // namespace tipgate
