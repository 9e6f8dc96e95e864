#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/load_options.h"
#include "bench/load_servers.h"
#include "bench/load_worker.h"
#include "bench/server_watch.h"
#include "tipgate/v1/income.pb.h"

namespace tipgate {

// What one server did in all rounds.
struct ServerLoad {
  LoadResult result;
  absl::Duration measured;  // Sum of the rounds.
  absl::Duration cpu_time;  // Of the server, from each round's start to its last answer.
  std::vector<int64_t> tips_per_second_by_round;

  int64_t TipsPerSecond() const;
  // Zero if the CPU time is not known.
  double CpuMicrosecondsPerTip() const;
  // By how much the data directory grew; zero without an accepted tip.
  double DiskBytesPerTip(int64_t data_directory_bytes) const;
};

// What the load met while an order about many tips was carried out.
struct IncomeLoad {
  v1::IncomeJob job;  // As it is when it is done.
  absl::Duration duration;
  ServerLoad load;
};

// What a run found out.
struct LoadReport {
  ServerLoad gate;
  ServerFootprint footprint;  // Of the gate, while it was measured.
  // Tips that the gate decided and whose callers were not told in time; only with deadlines.
  std::optional<int64_t> unheard_count;
  std::optional<ServerLoad> echo;
  std::vector<IncomeLoad> incomes;  // A freeze and a refund, if orders were asked for.
  int64_t setup_calls = 0;
  absl::Duration setup_time;
};

// Puts payers, streamers and sessions, warms up, then measures gate and echo in turns.
absl::StatusOr<LoadReport> RunBench(const LoadOptions& options, const LoadServers& servers);

}  // namespace tipgate
