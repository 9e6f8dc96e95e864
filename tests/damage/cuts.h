#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/damage/history.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate::damage {

// What became of logs that were cut short.
struct CutTally {
  int64_t cases_count = 0;
  int64_t whole_count = 0;    // nothing was lost but what the gate had not promised yet
  int64_t shorter_count = 0;  // the entries before the cut, all of them and no others
  int64_t refused_count = 0;  // HEAD marked an entry behind the cut
  int64_t lost_count = 0;     // anything else
};

// Cuts the newest log of a data directory, one length a copy, and looks at what a gate makes of it,
// without HEAD, or with one that marks an entry in the middle of the last 64 KiB. One thread.
class Cutter {
 public:
  static constexpr int64_t kTailBytes = 64 * 1024;

  explicit Cutter(uint64_t seed);

  // Tries one that takes so many bytes away, 1 .. kTailBytes. What is wrong, or nothing.
  std::string Try(int64_t cut_bytes, bool has_mark);

  // How many bytes to take away to cut right behind, within or right before a write.
  std::vector<int64_t> CutsAtBounds() const;

  const CutTally& tally() const { return tally_; }

 private:
  const TemporaryDirectory temporary_;
  Author author_;
  std::string log_name_;
  std::string log_;
  std::string head_;
  int64_t marked_sequence_ = 0;
  std::vector<int64_t> log_bytes_;  // of the log when an entry was durable, by sequence; 0: before
  CutTally tally_;
};

}  // namespace tipgate::damage
