#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/damage/damaged_copy.h"
#include "tests/damage/history.h"
#include "tests/damage/inspection.h"
#include "tests/differ/random.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate::damage {

// What became of damage to one kind of file.
struct Tally {
  int64_t cases_count = 0;
  int64_t recovered_count = 0;
  int64_t refused_count = 0;        // at the start
  int64_t found_by_read_count = 0;  // by a read after it
  int64_t rebuilt_count = 0;        // of those: --rebuild-keys was the advice, and worked
  // What docs/disk-format.md says cannot be told from a crash: the last write of a log was taken
  // for torn, and HEAD did not mark it.
  int64_t torn_count = 0;
  int64_t lost_count = 0;  // anything else
};

// One bit that is another one.
struct Flip {
  std::string kind;
  std::string name;
  size_t byte = 0;
  int bit = 0;
  bool is_marked = false;  // HEAD and TAILS tell of the last entry, not of an earlier one
};

// Flips bits of a data directory with logs, tables of every family and files that were taken in
// whole, one bit a copy, and looks at what a gate makes of each. One thread.
class Flipper {
 public:
  explicit Flipper(uint64_t seed);

  // The next one that the seed draws.
  Flip Draw();
  // Tries it, and counts it by kind. What is wrong, or nothing.
  std::string Try(const Flip& flip);

  const std::map<std::string, Tally>& tallies() const { return tallies_; }
  // Which exit codes refusals had.
  const std::map<int, int64_t>& exit_codes() const { return exit_codes_; }

 private:
  const DataFile& FileOf(const std::string& name) const;
  size_t DrawByte(const DataFile& file);
  // True if a start may take the flip for a torn end, and has lost the last write of the log alone.
  bool IsTornTail(const Flip& flip, const Finding& finding) const;

  differ::Random random_;
  const TemporaryDirectory temporary_;
  Author author_;
  std::map<std::string, std::vector<DataFile>> files_;  // by kind
  std::map<std::string, std::string> early_marks_;      // HEAD and TAILS before the last entries
  std::map<std::string, Tally> tallies_;
  std::map<int, int64_t> exit_codes_;
};

std::string Text(const Flip& flip);

}  // namespace tipgate::damage
