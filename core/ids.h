#pragma once

#include <compare>
#include <cstdint>
#include <utility>

namespace tipgate {

// A number that names one kind of thing; two kinds do not mix. 0 is "none"; ids in use are
// positive.
template <typename Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(int64_t value) : value_(value) {}

  constexpr int64_t value() const { return value_; }
  constexpr bool is_set() const { return value_ != 0; }

  constexpr auto operator<=>(const Id&) const = default;

  template <typename H>
  friend H AbslHashValue(H h, Id id) {
    return H::combine(std::move(h), id.value_);
  }

 private:
  int64_t value_ = 0;
};

// The natural person who pays, however many accounts they have.
using PayerId = Id<struct PayerTag>;
using StreamerId = Id<struct StreamerTag>;
using SessionId = Id<struct SessionTag>;
using GiftId = Id<struct GiftTag>;
using AgencyId = Id<struct AgencyTag>;

// Where a record stands in the journal: its entry and its position there. The id of a tip or a
// recharge *is* its RecordId, so finding one needs no index.
class RecordId {
 public:
  // Bits for the position, and so the most records that one entry can hold.
  static constexpr int kPositionBits = 16;
  static constexpr int64_t kPositionMax = (int64_t{1} << kPositionBits) - 1;
  static constexpr int64_t kSequenceMax = (int64_t{1} << (62 - kPositionBits)) - 1;

  constexpr RecordId() = default;
  constexpr explicit RecordId(int64_t value) : value_(value) {}
  constexpr RecordId(int64_t sequence, int64_t position)
      : value_((sequence << kPositionBits) | position) {}

  constexpr int64_t value() const { return value_; }
  constexpr bool is_set() const { return value_ != 0; }
  constexpr int64_t sequence() const { return value_ >> kPositionBits; }
  constexpr int64_t position() const { return value_ & kPositionMax; }

  constexpr auto operator<=>(const RecordId&) const = default;

  template <typename H>
  friend H AbslHashValue(H h, RecordId id) {
    return H::combine(std::move(h), id.value_);
  }

 private:
  int64_t value_ = 0;
};

}  // namespace tipgate
