#include "server/metric_families.h"

#include <limits>
#include <utility>

namespace tipgate {

void MetricFamilies::Begin(prometheus::MetricType type, const char* name, const char* help) {
  prometheus::MetricFamily& family = families_.emplace_back();
  family.name = name;
  family.help = help;
  family.type = type;
}

void MetricFamilies::Sample(double value, const MetricLabels& labels) {
  prometheus::ClientMetric& metric = families_.back().metric.emplace_back();
  metric.label = labels;
  if (families_.back().type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
}

void MetricFamilies::Sample(int64_t value, const MetricLabels& labels) {
  Sample(static_cast<double>(value), labels);
}

void MetricFamilies::SampleBuckets(const std::vector<Bucket>& buckets, int64_t sum, double unit,
                                   const MetricLabels& labels) {
  prometheus::ClientMetric& metric = families_.back().metric.emplace_back();
  metric.label = labels;
  int64_t cumulative = 0;
  for (const Bucket& bucket : buckets) {
    cumulative += bucket.count;
    metric.histogram.bucket.push_back({.cumulative_count = static_cast<uint64_t>(cumulative),
                                       .upper_bound = static_cast<double>(bucket.bound) * unit});
  }
  metric.histogram.bucket.back().upper_bound = std::numeric_limits<double>::infinity();
  metric.histogram.sample_count = static_cast<uint64_t>(cumulative);
  metric.histogram.sample_sum = static_cast<double>(sum) * unit;
}

std::vector<prometheus::MetricFamily> MetricFamilies::Take() {
  return std::exchange(families_, {});
}

}  // namespace tipgate
