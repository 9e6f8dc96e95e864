#include "bench/load_setup.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/load_interrupt.h"
#include "bench/load_progress.h"
#include "bench/load_setup_traffic.h"

namespace tipgate {
namespace {

constexpr int kInFlightMax = 512;
constexpr int64_t kNoEnd = INT64_MAX;

// Makes all calls of one kind; every one of them must be accepted.
absl::Status Put(const LoadChannels& channels, const std::string& what, SetupTraffic::Kind kind) {
  LoadShare share;
  share.method = kind.method;
  share.channels = channels;
  share.in_flight_max = kInFlightMax;
  share.end_ns = kNoEnd;
  const int64_t count = kind.count;
  LoadProgress progress(what, count);
  std::vector<std::unique_ptr<LoadTraffic>> traffics;
  traffics.push_back(std::make_unique<SetupTraffic>(
      std::move(kind), [&](int64_t answered_count) { progress.Show(answered_count); }));
  const LoadResult result = RunLoad({share}, traffics);
  if (IsInterrupted()) return absl::CancelledError("interrupted");
  if (result.accepted_count == count) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      what, ": ", count - result.accepted_count, " of ", count, " failed: ", result.first_error));
}

}  // namespace

absl::Status SetUpScene(const LoadScene& scene, const LoadChannels& channels) {
  absl::Status status = Put(channels, "streamers", PutStreamers(scene));
  if (status.ok()) status = Put(channels, "sessions ", OpenSessions(scene));
  if (status.ok() && !scene.are_payers_there) {
    status = Put(channels, "payers   ", PutPayers(scene));
  }
  return status;
}

}  // namespace tipgate
