#include "server/prometheus_metrics.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <ctime>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "prometheus/check_names.h"
#include "prometheus/text_serializer.h"
#include "server/open_files.h"
#include "tipgate/v1/decision.pb.h"

namespace tipgate {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// Metrics over statistics and a storage that a test fills.
class PrometheusMetricsTest : public testing::Test {
 protected:
  std::map<std::string, MetricFamily> Collect() const {
    std::map<std::string, MetricFamily> families;
    for (MetricFamily& family : metrics_.Collect()) {
      const std::string name = family.name;
      EXPECT_TRUE(families.emplace(name, std::move(family)).second) << name << " comes twice";
    }
    return families;
  }

  // The value of the one series with exactly these labels.
  double Value(const std::string& name, const std::vector<ClientMetric::Label>& labels = {}) const {
    const ClientMetric metric = Series(name, labels);
    return metric.counter.value + metric.gauge.value;
  }

  ClientMetric Series(const std::string& name,
                      const std::vector<ClientMetric::Label>& labels) const {
    const MetricFamily family = Collect()[name];
    for (const ClientMetric& metric : family.metric) {
      if (metric.label == labels) return metric;
    }
    ADD_FAILURE() << "no such series of " << name;
    return {};
  }

  PipelineStats stats_;
  StorageHealth health_;
  PrometheusMetrics metrics_{stats_, [this] { return health_; }, "1.2.3"};
};

TEST_F(PrometheusMetricsTest, DecisionsAreCountedByKindAndOutcome) {
  stats_.tips_accepted.Add(11);
  stats_.tips_rejected.Add(12);
  stats_.recharges_accepted.Add(13);
  stats_.recharges_rejected.Add(14);
  stats_.sessions_accepted.Add(15);
  stats_.sessions_rejected.Add(16);
  const std::string name = "tipgate_decisions_total";
  EXPECT_EQ(Value(name, {{"kind", "tip"}, {"outcome", "accepted"}}), 11);
  EXPECT_EQ(Value(name, {{"kind", "tip"}, {"outcome", "rejected"}}), 12);
  EXPECT_EQ(Value(name, {{"kind", "recharge"}, {"outcome", "accepted"}}), 13);
  EXPECT_EQ(Value(name, {{"kind", "recharge"}, {"outcome", "rejected"}}), 14);
  EXPECT_EQ(Value(name, {{"kind", "session"}, {"outcome", "accepted"}}), 15);
  EXPECT_EQ(Value(name, {{"kind", "session"}, {"outcome", "rejected"}}), 16);
}

TEST_F(PrometheusMetricsTest, EveryKnownReasonIsThereFromTheStart) {
  const MetricFamily family = Collect()["tipgate_rejections_total"];
  const int codes_count = v1::RejectionCode_descriptor()->value_count() - 1;  // less UNSPECIFIED
  EXPECT_EQ(family.metric.size(), 3 * codes_count);
  for (const ClientMetric& metric : family.metric) EXPECT_EQ(metric.counter.value, 0);
}

TEST_F(PrometheusMetricsTest, EveryReasonHasTheCountOfItsCode) {
  for (int code = 0; code < kRejectionCodesEnd; ++code) {
    stats_.tip_rejections[code].Add(1000 + code);
    stats_.recharge_rejections[code].Add(2000 + code);
    stats_.session_rejections[code].Add(3000 + code);
  }
  const std::map<std::string, RejectionCode> reasons = {
      {"emergency_stop", RejectionCode::kEmergencyStop},
      {"minor_blocked", RejectionCode::kMinorBlocked},
      {"youth_mode", RejectionCode::kYouthMode},
      {"real_name_required", RejectionCode::kRealNameRequired},
      {"payer_frozen", RejectionCode::kPayerFrozen},
      {"payer_paused", RejectionCode::kPayerPaused},
      {"streamer_unavailable", RejectionCode::kStreamerUnavailable},
      {"streamer_suspended", RejectionCode::kStreamerSuspended},
      {"session_not_open", RejectionCode::kSessionNotOpen},
      {"session_overtime", RejectionCode::kSessionOvertime},
      {"self_tip", RejectionCode::kSelfTip},
      {"gift_unknown", RejectionCode::kGiftUnknown},
      {"gift_price_cap", RejectionCode::kGiftPriceCap},
      {"tip_cap", RejectionCode::kTipCap},
      {"cooling_off", RejectionCode::kCoolingOff},
      {"day_limit", RejectionCode::kDayLimit},
      {"month_limit", RejectionCode::kMonthLimit},
      {"confirmation_required", RejectionCode::kConfirmationRequired},
      {"session_cap", RejectionCode::kSessionCap},
      {"insufficient_balance", RejectionCode::kInsufficientBalance},
      {"recharge_cap", RejectionCode::kRechargeCap},
      {"recharge_day_limit", RejectionCode::kRechargeDayLimit},
      {"recharge_month_limit", RejectionCode::kRechargeMonthLimit},
      {"session_already_open", RejectionCode::kSessionAlreadyOpen},
      {"session_count_limit", RejectionCode::kSessionCountLimit},
      {"session_interval", RejectionCode::kSessionInterval},
  };
  EXPECT_EQ(reasons.size(), v1::RejectionCode_descriptor()->value_count() - 1);
  const std::string name = "tipgate_rejections_total";
  for (const auto& [reason, code] : reasons) {
    const int number = static_cast<int>(code);
    EXPECT_EQ(Value(name, {{"kind", "tip"}, {"reason", reason}}), 1000 + number) << reason;
    EXPECT_EQ(Value(name, {{"kind", "recharge"}, {"reason", reason}}), 2000 + number) << reason;
    EXPECT_EQ(Value(name, {{"kind", "session"}, {"reason", reason}}), 3000 + number) << reason;
  }
}

TEST_F(PrometheusMetricsTest, RequestsAndMoneyAreAsCounted) {
  stats_.replays.Add(1);
  stats_.key_conflicts.Add(2);
  stats_.invalid_calls.Add(3);
  stats_.unauthenticated_calls.Add(18);
  stats_.overloads.Add(4);
  stats_.deadline_drops.Add(5);
  stats_.damaged_reads.Add(14);
  stats_.connections_refused.Add(15);
  stats_.calls_in_ring = 6;
  stats_.requests_in_flight = 7;
  stats_.unsent_reply_bytes = 18;
  stats_.tip_streams = 17;
  stats_.watchers = 8;
  stats_.pending_minor = 9;
  stats_.settled_minor = 10;
  stats_.held_minor = 19;
  stats_.frozen_minor = 20;
  stats_.voided_minor = 21;
  stats_.refunded_minor = 22;
  stats_.income_jobs_open = 23;
  stats_.recharge_held_minor = 11;
  stats_.balances_minor = 24;
  stats_.settled_tips.Add(12);
  stats_.reminders.Add(13);
  EXPECT_EQ(Value("tipgate_replays_total"), 1);
  EXPECT_EQ(Value("tipgate_key_conflicts_total"), 2);
  EXPECT_EQ(Value("tipgate_invalid_calls_total"), 3);
  EXPECT_EQ(Value("tipgate_unauthenticated_calls_total"), 18);
  EXPECT_EQ(Value("tipgate_overloads_total"), 4);
  EXPECT_EQ(Value("tipgate_deadline_drops_total"), 5);
  EXPECT_EQ(Value("tipgate_damaged_reads_total"), 14);
  EXPECT_EQ(Value("tipgate_connections_refused_total"), 15);
  EXPECT_EQ(Value("tipgate_ring_calls"), 6);
  EXPECT_EQ(Value("tipgate_requests_in_flight"), 7);
  EXPECT_EQ(Value("tipgate_unsent_reply_bytes"), 18);
  EXPECT_EQ(Value("tipgate_tip_streams"), 17);
  EXPECT_EQ(Value("tipgate_watchers"), 8);
  EXPECT_EQ(Value("tipgate_pending_minor"), 9);
  EXPECT_EQ(Value("tipgate_settled_minor"), 10);
  EXPECT_EQ(Value("tipgate_held_minor"), 19);
  EXPECT_EQ(Value("tipgate_frozen_minor"), 20);
  EXPECT_EQ(Value("tipgate_voided_minor"), 21);
  EXPECT_EQ(Value("tipgate_refunded_minor"), 22);
  EXPECT_EQ(Value("tipgate_income_jobs_open"), 23);
  EXPECT_EQ(Value("tipgate_recharge_held_minor"), 11);
  EXPECT_EQ(Value("tipgate_balances_minor"), 24);
  EXPECT_EQ(Value("tipgate_settled_tips_total"), 12);
  EXPECT_EQ(Value("tipgate_reminders_total"), 13);
}

TEST_F(PrometheusMetricsTest, JournalClockAndCheckpointsAreAsCounted) {
  stats_.journal_sequence = 100;
  stats_.journal_time_ms = 1'700'000'000'250;
  stats_.clock_backward_steps.Add(1);
  stats_.clock_refused_jumps.Add(2);
  stats_.is_clock_refused = true;
  stats_.checkpoints.Add(3);
  stats_.checkpoint_entities.Add(4);
  stats_.checkpoint_sequence = 58;
  EXPECT_EQ(Value("tipgate_journal_sequence"), 100);
  EXPECT_DOUBLE_EQ(Value("tipgate_journal_timestamp_seconds"), 1'700'000'000.25);
  EXPECT_EQ(Value("tipgate_clock_steps_total", {{"direction", "backward"}}), 1);
  EXPECT_EQ(Value("tipgate_clock_steps_total", {{"direction", "forward_refused"}}), 2);
  EXPECT_EQ(Value("tipgate_clock_refused"), 1);
  EXPECT_EQ(Value("tipgate_checkpoints_total"), 3);
  EXPECT_EQ(Value("tipgate_checkpoint_entities_total"), 4);
  EXPECT_EQ(Value("tipgate_checkpoint_sequence"), 58);
  EXPECT_EQ(Value("tipgate_checkpoint_lag_entries"), 42);
}

TEST_F(PrometheusMetricsTest, TheDiskIsAsMeasured) {
  stats_.disk_spare_bytes = 123;
  stats_.disk_refusals.Add(4);
  stats_.is_disk_low = true;
  EXPECT_EQ(Value("tipgate_disk_spare_bytes"), 123);
  EXPECT_EQ(Value("tipgate_disk_refusals_total"), 4);
  EXPECT_EQ(Value("tipgate_disk_low"), 1);
  EXPECT_EQ(Value("tipgate_disk_refused"), 0);
  stats_.is_disk_full = true;
  EXPECT_EQ(Value("tipgate_disk_refused"), 1);
}

TEST_F(PrometheusMetricsTest, CheckpointLagIsNeverNegative) {
  stats_.journal_sequence = 5;
  stats_.checkpoint_sequence = 6;
  EXPECT_EQ(Value("tipgate_checkpoint_lag_entries"), 0);
}

TEST_F(PrometheusMetricsTest, StorageHealthIsThatOfTheScrape) {
  EXPECT_EQ(Value("tipgate_rocksdb_stalled"), 0);
  health_ = {.wal_bytes = 1,
             .sst_bytes = 2,
             .memtable_bytes = 3,
             .block_cache_bytes = 4,
             .pending_compaction_bytes = 5,
             .running_compactions_count = 6,
             .background_errors_count = 7,
             .is_stalled = true};
  EXPECT_EQ(Value("tipgate_rocksdb_wal_bytes"), 1);
  EXPECT_EQ(Value("tipgate_rocksdb_sst_bytes"), 2);
  EXPECT_EQ(Value("tipgate_rocksdb_memtable_bytes"), 3);
  EXPECT_EQ(Value("tipgate_rocksdb_block_cache_bytes"), 4);
  EXPECT_EQ(Value("tipgate_rocksdb_pending_compaction_bytes"), 5);
  EXPECT_EQ(Value("tipgate_rocksdb_running_compactions"), 6);
  EXPECT_EQ(Value("tipgate_rocksdb_background_errors_total"), 7);
  EXPECT_EQ(Value("tipgate_rocksdb_stalled"), 1);
}

TEST_F(PrometheusMetricsTest, StageBucketsAreCumulativeAndInSeconds) {
  stats_.journal_ns.Observe(1);
  stats_.journal_ns.Observe(16'384);            // the first bound is inclusive
  stats_.journal_ns.Observe(16'385);            // the second bucket
  stats_.journal_ns.Observe(int64_t{1} << 62);  // beyond the last bound
  const ClientMetric::Histogram histogram =
      Series("tipgate_stage_seconds", {{"stage", "journal"}}).histogram;
  ASSERT_EQ(histogram.bucket.size(), LatencyHistogram::kBucketsCount);
  EXPECT_DOUBLE_EQ(histogram.bucket[0].upper_bound, 16'384e-9);
  EXPECT_DOUBLE_EQ(histogram.bucket[1].upper_bound, 32'768e-9);
  EXPECT_EQ(histogram.bucket[0].cumulative_count, 2);
  EXPECT_EQ(histogram.bucket[1].cumulative_count, 3);
  const size_t last = histogram.bucket.size() - 1;
  EXPECT_EQ(histogram.bucket[last - 1].cumulative_count, 3);
  EXPECT_EQ(histogram.bucket[last].cumulative_count, 4);
  EXPECT_TRUE(std::isinf(histogram.bucket[last].upper_bound));
  EXPECT_EQ(histogram.sample_count, 4);
  EXPECT_DOUBLE_EQ(histogram.sample_sum, static_cast<double>((int64_t{1} << 62) + 32'770) * 1e-9);
}

TEST_F(PrometheusMetricsTest, EachStageHasItsOwnHistogram) {
  stats_.queue_ns.Observe(100);
  for (int i = 0; i < 2; ++i) stats_.decide_ns.Observe(100);
  for (int i = 0; i < 3; ++i) stats_.journal_ns.Observe(100);
  for (int i = 0; i < 4; ++i) stats_.reply_ns.Observe(100);
  const std::string name = "tipgate_stage_seconds";
  EXPECT_EQ(Series(name, {{"stage", "queue"}}).histogram.sample_count, 1);
  EXPECT_EQ(Series(name, {{"stage", "decide"}}).histogram.sample_count, 2);
  EXPECT_EQ(Series(name, {{"stage", "journal"}}).histogram.sample_count, 3);
  EXPECT_EQ(Series(name, {{"stage", "reply"}}).histogram.sample_count, 4);
}

TEST_F(PrometheusMetricsTest, BatchSizesAreInRecords) {
  stats_.batch_records.Observe(1);
  stats_.batch_records.Observe(8192);
  const ClientMetric::Histogram histogram = Series("tipgate_batch_records", {}).histogram;
  EXPECT_EQ(histogram.bucket[0].upper_bound, 1);
  EXPECT_EQ(histogram.bucket[0].cumulative_count, 1);
  EXPECT_EQ(histogram.bucket[13].upper_bound, 8192);
  EXPECT_EQ(histogram.bucket[13].cumulative_count, 2);
  EXPECT_EQ(histogram.sample_sum, 8193);
}

TEST_F(PrometheusMetricsTest, ProcessMetricsAreThoseOfThisProcess) {
  const double now = static_cast<double>(std::time(nullptr));
  EXPECT_GT(Value("process_start_time_seconds"), now - 86'400);
  EXPECT_LE(Value("process_start_time_seconds"), now + 2);  // boot time is in whole seconds
  EXPECT_GE(Value("process_cpu_seconds_total"), 0);
  EXPECT_GT(Value("process_resident_memory_bytes"), 1 << 20);
  EXPECT_EQ(Value("tipgate_build_info", {{"version", "1.2.3"}}), 1);
}

TEST_F(PrometheusMetricsTest, OpenFilesAreThoseOfThisProcess) {
  const double before = Value("process_open_fds");
  EXPECT_GE(before, 3);
  const int fd = dup(STDERR_FILENO);
  EXPECT_EQ(Value("process_open_fds"), before + 1);
  close(fd);
  EXPECT_EQ(Value("process_max_fds"), OpenFilesMax());
}

TEST_F(PrometheusMetricsTest, LargeAmountsAreWrittenExactly) {
  stats_.settled_minor = 9'007'199'254'740'991;  // 2^53 - 1
  EXPECT_NE(prometheus::TextSerializer()
                .Serialize(metrics_.Collect())
                .find("tipgate_settled_minor 9007199254740991\n"),
            std::string::npos);
}

TEST_F(PrometheusMetricsTest, NamesKeepToTheConventions) {
  for (const auto& [name, family] : Collect()) {
    EXPECT_TRUE(prometheus::CheckMetricName(name)) << name;
    EXPECT_FALSE(family.help.empty()) << name;
    EXPECT_EQ(name.ends_with("_total"), family.type == MetricType::Counter) << name;
    for (const ClientMetric& metric : family.metric) {
      for (const ClientMetric::Label& label : metric.label) {
        EXPECT_TRUE(prometheus::CheckLabelName(label.name)) << name;
      }
    }
  }
}

// "name | type | labels" as a row of the document has it.
std::string RowOf(const MetricFamily& family) {
  std::string labels;
  for (const ClientMetric::Label& label : family.metric.front().label) {
    labels += (labels.empty() ? "" : ", ") + label.name;
  }
  const char* type = family.type == MetricType::Counter ? "counter"
                     : family.type == MetricType::Gauge ? "gauge"
                                                        : "histogram";
  return "| `" + family.name + "` | " + type + " |" + (labels.empty() ? "" : " " + labels) + " |";
}

TEST_F(PrometheusMetricsTest, TheDocumentHasOneRowForEachMetricAndNoOther) {
  std::ifstream document(TIPGATE_SOURCE_DIR "/docs/metrics.md");
  std::map<std::string, int> rows;  // cut after the third column
  for (std::string line; std::getline(document, line);) {
    if (!line.starts_with("| `")) continue;
    size_t end = 0;
    for (int column = 0; column < 3; ++column) end = line.find('|', end + 1);
    ++rows[line.substr(0, end + 1)];
  }
  std::map<std::string, int> expected;
  for (const auto& [name, family] : Collect()) expected[RowOf(family)] = 1;
  EXPECT_EQ(rows, expected);
}

}  // namespace
}  // namespace tipgate
