#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "core/calendar.h"
#include "core/ids.h"
#include "core/record.h"

namespace tipgate {

// The most records in one entry.
inline constexpr int32_t kEntryRecordsMax = 16'384;
static_assert(kEntryRecordsMax <= RecordId::kPositionMax + 1);

// One batch of decisions: the unit of the journal. Reused: Clear keeps the memory.
//
// Invariants: sequences count from 1 without a gap; time never decreases from entry to entry; all
// records share the entry's moment.
class Entry {
 public:
  int64_t term = 0;  // which ownership of the journal wrote it; rises with every claim
  int64_t sequence = 0;
  Moment moment;
  std::vector<Record> records;

  RecordId IdAt(size_t position) const {
    return RecordId(sequence, static_cast<int64_t>(position));
  }

  // The pool that holds the elements of slices of T, in the order in which they were added.
  template <typename T>
  std::vector<T>& Pool();
  template <typename T>
  const std::vector<T>& Pool() const {
    return const_cast<Entry*>(this)->Pool<T>();
  }

  template <typename T>
  absl::Span<const T> View(Slice<T> slice) const {
    return absl::MakeConstSpan(Pool<T>()).subspan(slice.begin, slice.count);
  }

  // Starts a slice at the end of its pool; elements added now belong to it until the next Open.
  template <typename T>
  Slice<T> Open() {
    return {.begin = static_cast<uint32_t>(Pool<T>().size()), .count = 0};
  }
  template <typename T>
  void Add(Slice<T>& slice, const T& element) {
    TIPGATE_CHECK(slice.begin + slice.count == Pool<T>().size());
    Pool<T>().push_back(element);
    ++slice.count;
  }

  // A slice of just one.
  template <typename T>
  Slice<T> AddOne(const T& element) {
    Slice<T> slice = Open<T>();
    Add(slice, element);
    return slice;
  }

  void Clear();

 private:
  std::vector<Violation> violations_;
  std::vector<Reminder> reminders_;
  std::vector<SettlementShare> shares_;
  std::vector<SettlementException> exceptions_;
  std::vector<Tip> tips_;
  std::vector<RecordId> ids_;
  std::vector<CaseNote> notes_;
  std::vector<Recharge> recharges_;
};

template <>
inline std::vector<Violation>& Entry::Pool<Violation>() {
  return violations_;
}
template <>
inline std::vector<Reminder>& Entry::Pool<Reminder>() {
  return reminders_;
}
template <>
inline std::vector<SettlementShare>& Entry::Pool<SettlementShare>() {
  return shares_;
}
template <>
inline std::vector<SettlementException>& Entry::Pool<SettlementException>() {
  return exceptions_;
}
template <>
inline std::vector<Tip>& Entry::Pool<Tip>() {
  return tips_;
}
template <>
inline std::vector<RecordId>& Entry::Pool<RecordId>() {
  return ids_;
}
template <>
inline std::vector<CaseNote>& Entry::Pool<CaseNote>() {
  return notes_;
}
template <>
inline std::vector<Recharge>& Entry::Pool<Recharge>() {
  return recharges_;
}

}  // namespace tipgate
