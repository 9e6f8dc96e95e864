#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "prometheus/metric_family.h"
#include "server/stats.h"

namespace tipgate {

using MetricLabels = std::vector<prometheus::ClientMetric::Label>;

// Collects what one scrape answers, family by family. One thread.
class MetricFamilies {
 public:
  // Begins a family; the samples that follow belong to it. Prometheus's rules for names apply.
  void Begin(prometheus::MetricType type, const char* name, const char* help);

  // One sample of a counter or gauge.
  void Sample(double value, const MetricLabels& labels = {});
  void Sample(int64_t value, const MetricLabels& labels = {});

  // One sample of a histogram, its values multiplied by `unit`. Each bucket is read once, so that
  // the sample agrees with itself while others count; its sum may be some events ahead or behind.
  template <int64_t kFirstBound, size_t kBuckets>
  void Sample(const Histogram<kFirstBound, kBuckets>& histogram, double unit,
              const MetricLabels& labels = {});

  // A whole family of one sample.
  template <class Number>
  void Counter(const char* name, const char* help, Number value) {
    Begin(prometheus::MetricType::Counter, name, help);
    Sample(value);
  }
  template <class Number>
  void Gauge(const char* name, const char* help, Number value) {
    Begin(prometheus::MetricType::Gauge, name, help);
    Sample(value);
  }

  // All families, in the order of Begin; nothing is left.
  std::vector<prometheus::MetricFamily> Take();

 private:
  // A bucket of a histogram: how many values, and the largest that it holds.
  struct Bucket {
    int64_t count = 0;
    int64_t bound = 0;
  };

  // The last bucket has no bound.
  void SampleBuckets(const std::vector<Bucket>& buckets, int64_t sum, double unit,
                     const MetricLabels& labels);

  std::vector<prometheus::MetricFamily> families_;
};

template <int64_t kFirstBound, size_t kBuckets>
void MetricFamilies::Sample(const Histogram<kFirstBound, kBuckets>& histogram, double unit,
                            const MetricLabels& labels) {
  std::vector<Bucket> buckets(kBuckets);
  for (size_t i = 0; i < kBuckets; ++i) {
    buckets[i] = {.count = histogram.CountOf(i), .bound = histogram.BoundOf(i)};
  }
  SampleBuckets(buckets, histogram.sum(), unit, labels);
}

}  // namespace tipgate
