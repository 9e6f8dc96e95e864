#include "bench/peer_bench.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/load_scene.h"
#include "bench/load_tip_draw.h"
#include "bench/load_worker.h"
#include "bench/load_zipf.h"
#include "bench/peer_loop.h"
#include "bench/peer_process.h"

namespace tipgate {
namespace {

constexpr absl::Duration kSessionDuration = absl::Hours(8);

PeerWorld WorldOf(const LoadScene& scene, const PeerRules& rules) {
  PeerWorld world;
  world.rules = rules;
  world.rules.day_limit_minor = kOutOfReachMinor;
  world.rules.month_limit_minor = kOutOfReachMinor;
  world.payers = {{scene.PayerId(0), scene.payer_count, kPeerVerified | kPeerAdult}};
  const int64_t end = absl::ToUnixSeconds(absl::Now() + kSessionDuration);
  for (int64_t i = 0; i < scene.session_count; ++i) {
    PeerSession session;
    session.session_id = scene.SessionId(i);
    session.streamer_id = scene.StreamerId(i);
    session.end_unix_seconds = end;
    session.cap_minor = kOutOfReachMinor;
    world.sessions.push_back(session);
  }
  return world;
}

PeerTip TipOf(const LoadScene& scene, const DrawnTip& drawn) {
  const LoadGift& gift = scene.gifts[drawn.gift_index];
  PeerTip tip;
  tip.key = absl::StrCat(absl::Hex(drawn.key, absl::kZeroPad16));
  tip.payer_id = drawn.payer_id;
  tip.streamer_id = scene.StreamerId(drawn.session_index);
  tip.session_id = scene.SessionId(drawn.session_index);
  tip.gift_id = gift.gift_id;
  tip.unit_price_minor = gift.unit_price_minor;
  return tip;
}

}  // namespace

absl::StatusOr<LoadReport> RunPeerBench(const LoadOptions& options, const PeerRules& rules,
                                        Peer& peer) {
  const auto scene = MakeScene(options);
  if (!scene.ok()) return scene.status();
  LoadReport report;
  const int64_t setup_start_ns = SteadyNow();
  absl::Status status = peer.SetUp(WorldOf(*scene, rules));
  if (!status.ok()) return status;
  report.setup_calls = scene->session_count + scene->payer_count;
  report.setup_time = absl::Nanoseconds(SteadyNow() - setup_start_ns);
  PeerConnections connections;
  for (int i = 0; i < options.connections; ++i) {
    auto connection = peer.Connect();
    if (!connection.ok()) return connection.status();
    connections.push_back(*std::move(connection));
  }
  const Zipf popularity(static_cast<uint32_t>(options.sessions), options.zipf);
  TipDraw draw(*scene, popularity, 0, options.seed);
  const auto next_tips = [&](std::vector<PeerTip>& tips) {
    tips.clear();
    for (int i = 0; i < options.batch; ++i) tips.push_back(TipOf(*scene, draw.Next()));
  };
  if (options.warmup_seconds > 0) {
    auto warmed = RunPeerLoop(connections, next_tips, absl::Seconds(options.warmup_seconds));
    if (!warmed.ok()) return warmed.status();
    status = CheckNothingIsRefused(peer.version(), *warmed);
    if (!status.ok()) return status;
  }
  const absl::Duration cpu_before = FamilyCpuTime(peer.pid());
  auto result = RunPeerLoop(connections, next_tips, absl::Seconds(options.seconds));
  if (!result.ok()) return result.status();
  status = CheckNothingIsRefused(peer.version(), *result);
  if (!status.ok()) return status;
  report.gate.result = *std::move(result);
  report.gate.cpu_time = FamilyCpuTime(peer.pid()) - cpu_before;
  report.gate.measured = absl::Seconds(options.seconds);
  report.gate.tips_per_second_by_round = {report.gate.TipsPerSecond()};
  return report;
}

absl::Status CheckNothingIsRefused(const std::string& peer, const LoadResult& result) {
  if (result.rejected_count == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(peer, " refuses ", result.rejected_count, " of ",
                   result.accepted_count + result.rejected_count, " tips, the first by ",
                   result.first_rejection));
}

}  // namespace tipgate
