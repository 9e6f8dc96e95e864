#include "core/resident_filter.h"

#include <bit>

namespace tipgate {
namespace {

constexpr int kLanes = 4;
constexpr int kLaneBits = 16;
constexpr uint64_t kLaneMask = (uint64_t{1} << kLaneBits) - 1;
constexpr int kTagShift = 64 - kLaneBits;
// Full buckets are rare (three in a thousand payers have no place) with so many lanes a payer.
constexpr int64_t kLanesPerPayer = 2;

uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;
  x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;
  return x ^ (x >> 32);
}

uint64_t LaneOf(uint64_t bucket, int lane) { return (bucket >> (lane * kLaneBits)) & kLaneMask; }

// The bucket with another tag in that lane.
uint64_t WithLane(uint64_t bucket, int lane, uint64_t tag) {
  const int shift = lane * kLaneBits;
  return (bucket & ~(kLaneMask << shift)) | (tag << shift);
}

// The lane with this tag, or kLanes.
int FindLane(uint64_t bucket, uint64_t tag) {
  int lane = 0;
  while (lane < kLanes && LaneOf(bucket, lane) != tag) ++lane;
  return lane;
}

}  // namespace

ResidentFilter::ResidentFilter(int64_t payers_max) {
  const auto lanes = static_cast<uint64_t>(payers_max * kLanesPerPayer);
  const size_t buckets_count = std::bit_ceil(lanes / kLanes + 1);
  mask_ = buckets_count - 1;
  buckets_ = std::make_unique<std::atomic<uint64_t>[]>(buckets_count);
}

ResidentFilter::Place ResidentFilter::PlaceOf(PayerId id) const {
  const uint64_t hash = Mix(static_cast<uint64_t>(id.value()));
  const uint64_t tag = hash >> kTagShift;
  return {.bucket = hash & mask_, .tag = tag == 0 ? 1 : tag};
}

void ResidentFilter::Insert(PayerId id) {
  const Place place = PlaceOf(id);
  std::atomic<uint64_t>& bucket = buckets_[place.bucket];
  const uint64_t before = bucket.load(std::memory_order_relaxed);
  // Twice would be once too often: only one is erased.
  if (FindLane(before, place.tag) != kLanes) return;
  int lane = FindLane(before, 0);
  if (lane == kLanes) lane = static_cast<int>(place.tag % kLanes);
  bucket.store(WithLane(before, lane, place.tag), std::memory_order_relaxed);
}

void ResidentFilter::Erase(PayerId id) {
  const Place place = PlaceOf(id);
  std::atomic<uint64_t>& bucket = buckets_[place.bucket];
  const uint64_t before = bucket.load(std::memory_order_relaxed);
  const int lane = FindLane(before, place.tag);
  if (lane == kLanes) return;
  bucket.store(WithLane(before, lane, 0), std::memory_order_relaxed);
}

bool ResidentFilter::MayContain(PayerId id) const {
  const Place place = PlaceOf(id);
  return FindLane(buckets_[place.bucket].load(std::memory_order_relaxed), place.tag) != kLanes;
}

}  // namespace tipgate
