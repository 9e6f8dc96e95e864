#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/decision.h"
#include "core/records/tip_change_record.h"

namespace tipgate {

// Counts events on one thread without a lock or an atomic read-modify-write; any thread may read.
class Counter {
 public:
  void Add(int64_t count) {
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

// The same for events on many threads; for rare ones.
class SharedCounter {
 public:
  void Add(int64_t count) { value_.fetch_add(count, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

// Counts values by size on one thread; any thread may read. Bucket i holds values up to
// kFirstBound * 2^i, the last one all others. The unit is the owner's.
template <int64_t kFirstBound, size_t kBuckets>
class Histogram {
 public:
  static constexpr size_t kBucketsCount = kBuckets;
  // Upper bound of a bucket, inclusive; the last has none.
  static constexpr int64_t BoundOf(size_t bucket) { return kFirstBound << bucket; }

  void Observe(int64_t value) {
    size_t bucket = 0;
    while (bucket + 1 < kBuckets && value > BoundOf(bucket)) ++bucket;
    buckets_[bucket].Add(1);
    sum_.Add(value);
  }

  int64_t CountOf(size_t bucket) const { return buckets_[bucket].value(); }
  int64_t sum() const { return sum_.value(); }

 private:
  std::array<Counter, kBuckets> buckets_;
  Counter sum_;
};

// 16 us .. 4.3 s, in nanoseconds.
using LatencyHistogram = Histogram<16'384, 20>;
// 1 .. 8,192.
using SizeHistogram = Histogram<1, 15>;

// One above the last TipAction.
inline constexpr size_t kTipActionsEnd = static_cast<size_t>(TipAction::kRefund) + 1;

// What the pipeline counts. Each group is written by one thread.
struct PipelineStats {
  // The sequencer's thread.
  LatencyHistogram
      queue_ns;  // from the ring's entrance until the batch begins, one a client's call
  LatencyHistogram decide_ns;  // one a batch with calls of clients
  SizeHistogram batch_records;
  Counter clock_backward_steps;
  Counter clock_refused_jumps;
  std::atomic<int64_t> payers_resident{0};
  std::atomic<bool> is_clock_refused{false};  // nothing is decided until the clock comes back

  // The journal's thread.
  LatencyHistogram journal_ns;  // append and fsync, one a batch with records

  // The replies' thread.
  LatencyHistogram reply_ns;  // one a batch with calls of clients
  Counter tips_accepted;
  Counter tips_rejected;
  Counter recharges_accepted;
  Counter recharges_rejected;
  Counter sessions_accepted;
  Counter sessions_rejected;
  std::array<Counter, kRejectionCodesEnd> tip_rejections;  // by the binding (first) rule
  std::array<Counter, kRejectionCodesEnd> recharge_rejections;
  std::array<Counter, kRejectionCodesEnd> session_rejections;
  Counter reminders;
  Counter settled_tips;
  std::array<Counter, kTipActionsEnd> tip_changes;  // by TipAction
  std::atomic<int64_t> held_minor{0};
  std::atomic<int64_t> pending_minor{0};
  std::atomic<int64_t> frozen_minor{0};
  std::atomic<int64_t> settled_minor{0};
  std::atomic<int64_t> voided_minor{0};
  std::atomic<int64_t> refunded_minor{0};
  std::atomic<int64_t> income_jobs_open{0};
  std::atomic<int64_t> recharge_held_minor{0};
  std::atomic<int64_t> balances_minor{0};
  std::atomic<int64_t> journal_sequence{0};
  std::atomic<int64_t> journal_time_ms{0};

  // Any thread.
  SharedCounter deadline_drops;         // calls whose deadline passed in the ring or before a read
  SharedCounter overloads;              // calls refused because too much waits
  SharedCounter disk_refusals;          // changes refused because the disk is nearly full
  SharedCounter payer_reads;            // payers who were looked up in the store
  SharedCounter replays;                // requests that got their first answer again
  SharedCounter key_conflicts;          // keys that came again with another payload
  SharedCounter invalid_calls;          // malformed
  SharedCounter unauthenticated_calls;  // of people whom the gate does not know
  SharedCounter connections_refused;    // because too many files are open
  SharedCounter damaged_reads;          // reads and verifications that met damaged bytes
  std::atomic<int64_t> requests_in_flight{0};
  std::atomic<int64_t> calls_in_ring{0};
  std::atomic<int64_t> unsent_reply_bytes{0};  // of unary calls
  std::atomic<int64_t> tip_streams{0};
  std::atomic<int64_t> watchers{0};

  // The disk watch's thread.
  std::atomic<int64_t> disk_spare_bytes{0};
  std::atomic<bool> is_disk_low{false};   // below disk_warn_bytes
  std::atomic<bool> is_disk_full{false};  // below disk_stop_bytes: callers' changes are refused

  // The checkpoint's thread.
  Counter checkpoints;
  Counter checkpoint_entities;
  std::atomic<int64_t> checkpoint_sequence{0};
};

}  // namespace tipgate
