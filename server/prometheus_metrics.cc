#include "server/prometheus_metrics.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "server/metric_families.h"
#include "server/process_metrics.h"
#include "tipgate/v1/decision.pb.h"

namespace tipgate {
namespace {

using prometheus::MetricType;

constexpr double kSecondsPerNanosecond = 1e-9;
constexpr double kSecondsPerMillisecond = 1e-3;

// What is decided on, and where its decisions are counted.
struct DecisionKind {
  const char* name;
  const Counter& accepted;
  const Counter& rejected;
  const std::array<Counter, kRejectionCodesEnd>& rejections;
};

std::array<DecisionKind, 3> DecisionKinds(const PipelineStats& stats) {
  return {{
      {"tip", stats.tips_accepted, stats.tips_rejected, stats.tip_rejections},
      {"recharge", stats.recharges_accepted, stats.recharges_rejected, stats.recharge_rejections},
      {"session", stats.sessions_accepted, stats.sessions_rejected, stats.session_rejections},
  }};
}

void AddOutcomes(const PipelineStats& stats, MetricFamilies& families) {
  families.Begin(MetricType::Counter, "tipgate_decisions_total", "Decisions, replays not counted.");
  for (const DecisionKind& kind : DecisionKinds(stats)) {
    families.Sample(kind.accepted.value(), {{"kind", kind.name}, {"outcome", "accepted"}});
    families.Sample(kind.rejected.value(), {{"kind", kind.name}, {"outcome", "rejected"}});
  }
}

void AddRequests(const PipelineStats& stats, MetricFamilies& families) {
  families.Counter("tipgate_replays_total", "Requests that got their first answer again.",
                   stats.replays.value());
  families.Counter("tipgate_key_conflicts_total", "Keys that came again with another payload.",
                   stats.key_conflicts.value());
  families.Counter("tipgate_invalid_calls_total", "Calls refused as malformed.",
                   stats.invalid_calls.value());
  families.Counter("tipgate_unauthenticated_calls_total",
                   "Calls refused because the gate did not know who made them.",
                   stats.unauthenticated_calls.value());
  families.Counter("tipgate_overloads_total", "Calls refused because too much waited.",
                   stats.overloads.value());
  families.Counter("tipgate_deadline_drops_total",
                   "Calls whose deadline passed before they were decided or read.",
                   stats.deadline_drops.value());
  families.Counter("tipgate_connections_refused_total",
                   "Connections closed at once because too many files were open.",
                   stats.connections_refused.value());
  families.Counter("tipgate_damaged_reads_total", "Reads and verifications that met damaged bytes.",
                   stats.damaged_reads.value());
  families.Gauge("tipgate_ring_calls", "Calls that wait for the sequencer.",
                 stats.calls_in_ring.load(std::memory_order_relaxed));
  families.Gauge("tipgate_requests_in_flight", "Requests that wait or are in work.",
                 stats.requests_in_flight.load(std::memory_order_relaxed));
  families.Gauge("tipgate_unsent_reply_bytes", "Replies that callers have not taken yet.",
                 stats.unsent_reply_bytes.load(std::memory_order_relaxed));
  families.Gauge("tipgate_tip_streams", "StreamTips calls open.",
                 stats.tip_streams.load(std::memory_order_relaxed));
  families.Gauge("tipgate_watchers", "Event watchers connected.",
                 stats.watchers.load(std::memory_order_relaxed));
}

void AddStages(const PipelineStats& stats, MetricFamilies& families) {
  families.Begin(
      MetricType::Histogram, "tipgate_stage_seconds",
      "Time that clients wait in each stage: queue once a call, the others once a batch.");
  families.Sample(stats.queue_ns, kSecondsPerNanosecond, {{"stage", "queue"}});
  families.Sample(stats.decide_ns, kSecondsPerNanosecond, {{"stage", "decide"}});
  families.Sample(stats.journal_ns, kSecondsPerNanosecond, {{"stage", "journal"}});
  families.Sample(stats.reply_ns, kSecondsPerNanosecond, {{"stage", "reply"}});
  families.Gauge("tipgate_payers_resident", "Payers in memory.",
                 stats.payers_resident.load(std::memory_order_relaxed));
  families.Counter("tipgate_payer_reads_total", "Payers who were looked up in the store.",
                   stats.payer_reads.value());
  families.Begin(MetricType::Histogram, "tipgate_batch_records", "Records of each batch.");
  families.Sample(stats.batch_records, 1);
}

// Where the money of accepted tips is: their sum is all that was ever accepted.
void AddMoney(const PipelineStats& stats, MetricFamilies& families) {
  families.Gauge("tipgate_held_minor", "Tips that wait for capture, in minor units.",
                 stats.held_minor.load(std::memory_order_relaxed));
  families.Gauge("tipgate_pending_minor", "Tips that wait for their settle time, in minor units.",
                 stats.pending_minor.load(std::memory_order_relaxed));
  families.Gauge("tipgate_frozen_minor", "Income that cases hold back, in minor units.",
                 stats.frozen_minor.load(std::memory_order_relaxed));
  families.Gauge("tipgate_settled_minor",
                 "Tips that have settled, less what was refunded of them, in minor units.",
                 stats.settled_minor.load(std::memory_order_relaxed));
  families.Gauge("tipgate_voided_minor", "Tips released before they were paid, in minor units.",
                 stats.voided_minor.load(std::memory_order_relaxed));
  families.Gauge("tipgate_refunded_minor", "Tips refunded, in minor units.",
                 stats.refunded_minor.load(std::memory_order_relaxed));
  families.Gauge("tipgate_recharge_held_minor", "Recharges that wait for capture, in minor units.",
                 stats.recharge_held_minor.load(std::memory_order_relaxed));
  families.Gauge("tipgate_balances_minor",
                 "Balances of all payers, where the gate keeps them, in minor units.",
                 stats.balances_minor.load(std::memory_order_relaxed));
  families.Counter("tipgate_settled_tips_total", "Tips settled.", stats.settled_tips.value());
  families.Counter("tipgate_reminders_total", "Reminders sent.", stats.reminders.value());
}

void AddTipChanges(const PipelineStats& stats, MetricFamilies& families) {
  static constexpr std::pair<TipAction, const char*> kActions[] = {
      {TipAction::kCapture, "capture"}, {TipAction::kVoid, "void"},
      {TipAction::kExpire, "expire"},   {TipAction::kFreeze, "freeze"},
      {TipAction::kRelease, "release"}, {TipAction::kRefund, "refund"}};
  families.Begin(MetricType::Counter, "tipgate_tip_changes_total",
                 "What has happened to accepted tips, those of income jobs included.");
  for (const auto& [action, name] : kActions) {
    families.Sample(stats.tip_changes[static_cast<size_t>(action)].value(), {{"action", name}});
  }
  families.Gauge("tipgate_income_jobs_open", "Income jobs that are not done yet.",
                 stats.income_jobs_open.load(std::memory_order_relaxed));
}

void AddJournal(const PipelineStats& stats, MetricFamilies& families) {
  const int64_t checkpoint = stats.checkpoint_sequence.load(std::memory_order_relaxed);
  const int64_t journal = stats.journal_sequence.load(std::memory_order_relaxed);
  const int64_t time_ms = stats.journal_time_ms.load(std::memory_order_relaxed);
  families.Gauge("tipgate_journal_sequence", "Number of the last durable journal entry.", journal);
  families.Gauge("tipgate_journal_timestamp_seconds",
                 "Time of the last durable journal entry, in seconds since 1970.",
                 static_cast<double>(time_ms) * kSecondsPerMillisecond);
  families.Begin(MetricType::Counter, "tipgate_clock_steps_total",
                 "Steps of the wall clock that journal time did not follow.");
  families.Sample(stats.clock_backward_steps.value(), {{"direction", "backward"}});
  families.Sample(stats.clock_refused_jumps.value(), {{"direction", "forward_refused"}});
  families.Gauge("tipgate_clock_refused", "1 while calls are refused because of the clock, else 0.",
                 int64_t{stats.is_clock_refused.load(std::memory_order_relaxed)});
  families.Counter("tipgate_checkpoints_total", "Checkpoints written.", stats.checkpoints.value());
  families.Counter("tipgate_checkpoint_entities_total", "Entities that checkpoints have written.",
                   stats.checkpoint_entities.value());
  families.Gauge("tipgate_checkpoint_sequence", "Journal entry that the last checkpoint reached.",
                 checkpoint);
  // The two are counted by two threads: for a moment the checkpoint may seem ahead.
  families.Gauge("tipgate_checkpoint_lag_entries", "Journal entries that a restart would fold.",
                 std::max<int64_t>(journal - checkpoint, 0));
}

void AddDisk(const PipelineStats& stats, MetricFamilies& families) {
  families.Gauge("tipgate_disk_spare_bytes",
                 "Free bytes of the data directory's volume, less those of the write-ahead logs.",
                 stats.disk_spare_bytes.load(std::memory_order_relaxed));
  families.Gauge("tipgate_disk_low", "1 while less is to spare than disk_warn_bytes, else 0.",
                 int64_t{stats.is_disk_low.load(std::memory_order_relaxed)});
  families.Gauge("tipgate_disk_refused",
                 "1 while changes are refused because the disk is nearly full, else 0.",
                 int64_t{stats.is_disk_full.load(std::memory_order_relaxed)});
  families.Counter("tipgate_disk_refusals_total",
                   "Changes refused because the disk was nearly full.",
                   stats.disk_refusals.value());
}

void AddStorage(const StorageHealth& health, MetricFamilies& families) {
  families.Gauge("tipgate_rocksdb_wal_bytes", "Write-ahead logs on disk.", health.wal_bytes);
  families.Gauge("tipgate_rocksdb_sst_bytes", "Table files on disk.", health.sst_bytes);
  families.Gauge("tipgate_rocksdb_memtable_bytes", "Memory tables.", health.memtable_bytes);
  families.Gauge("tipgate_rocksdb_block_cache_bytes", "Block cache in use.",
                 health.block_cache_bytes);
  families.Gauge("tipgate_rocksdb_pending_compaction_bytes", "Estimated bytes left to compact.",
                 health.pending_compaction_bytes);
  families.Gauge("tipgate_rocksdb_running_compactions", "Compactions that run now.",
                 health.running_compactions_count);
  families.Gauge("tipgate_rocksdb_stalled", "1 while RocksDB slows or stops writes, else 0.",
                 int64_t{health.is_stalled});
  families.Counter("tipgate_rocksdb_background_errors_total", "Errors of RocksDB's own threads.",
                   health.background_errors_count);
}

}  // namespace

PrometheusMetrics::PrometheusMetrics(const PipelineStats& stats,
                                     std::function<StorageHealth()> storage_health,
                                     std::string version)
    : stats_(stats),
      storage_health_(std::move(storage_health)),
      version_(std::move(version)),
      reasons_(AllReasons()) {}

// The contract is the one list of all codes: a new one is exported without a change here.
std::vector<PrometheusMetrics::Reason> PrometheusMetrics::AllReasons() {
  static_assert(v1::RejectionCode_MAX + 1 == kRejectionCodesEnd);
  const auto* codes = v1::RejectionCode_descriptor();
  std::vector<Reason> reasons;
  for (int i = 0; i < codes->value_count(); ++i) {
    const int code = codes->value(i)->number();
    if (code == v1::REJECTION_CODE_UNSPECIFIED) continue;
    absl::string_view name = codes->value(i)->name();
    absl::ConsumePrefix(&name, "REJECTION_CODE_");
    reasons.push_back({.code = static_cast<size_t>(code), .name = absl::AsciiStrToLower(name)});
  }
  return reasons;
}

std::vector<prometheus::MetricFamily> PrometheusMetrics::Collect() const {
  MetricFamilies families;
  AddOutcomes(stats_, families);
  families.Begin(MetricType::Counter, "tipgate_rejections_total",
                 "Rejected decisions by the binding rule, the first one that refused.");
  for (const DecisionKind& kind : DecisionKinds(stats_)) {
    for (const Reason& reason : reasons_) {
      families.Sample(kind.rejections[reason.code].value(),
                      {{"kind", kind.name}, {"reason", reason.name}});
    }
  }
  AddRequests(stats_, families);
  AddStages(stats_, families);
  AddMoney(stats_, families);
  AddTipChanges(stats_, families);
  AddJournal(stats_, families);
  AddDisk(stats_, families);
  AddStorage(storage_health_(), families);
  families.Begin(MetricType::Gauge, "tipgate_build_info", "Always 1; says what runs.");
  families.Sample(int64_t{1}, {{"version", version_}});
  AddProcessMetrics(families);
  return families.Take();
}

}  // namespace tipgate
