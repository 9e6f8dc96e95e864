#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "server/stats.h"

namespace tipgate {

// How the storage is, at one moment. Bytes, unless the name says otherwise.
struct StorageHealth {
  int64_t wal_bytes = 0;
  int64_t sst_bytes = 0;
  int64_t memtable_bytes = 0;
  int64_t block_cache_bytes = 0;
  int64_t pending_compaction_bytes = 0;
  int64_t running_compactions_count = 0;
  int64_t background_errors_count = 0;
  bool is_stalled = false;
};

// Everything that the gate tells Prometheus; docs/metrics.md explains each metric. Nothing is
// counted here: a scrape reads what the pipeline's threads have counted, and never makes them wait.
// Any thread.
class PrometheusMetrics final : public prometheus::Collectable {
 public:
  // `stats` and what `storage_health` uses outlive this; any thread may call `storage_health`.
  PrometheusMetrics(const PipelineStats& stats, std::function<StorageHealth()> storage_health,
                    std::string version);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  // A rejection code, and its name in the label "reason".
  struct Reason {
    size_t code = 0;
    std::string name;
  };

  static std::vector<Reason> AllReasons();

  const PipelineStats& stats_;
  const std::function<StorageHealth()> storage_health_;
  const std::string version_;
  const std::vector<Reason> reasons_;
};

}  // namespace tipgate
