#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/verifier.h"
#include "tests/crash/client.h"
#include "tests/crash/history.h"
#include "tests/crash/limit_sums.h"
#include "tests/support/memory_journal.h"

namespace tipgate::crash {

// What went wrong. Each must be 0.
struct Losses {
  int64_t lost = 0;        // acknowledged, and not in the journal
  int64_t doubled = 0;     // keys with more than one effect
  int64_t over_limit = 0;  // records that passed a limit
};

// Holds the journal that is on disk, the books of the clients and the oracle against each other,
// after each death. For one data directory. One thread.
class Audit {
 public:
  explicit Audit(const std::string& time_zone);

  // What a client has sent since it was looked at last. Before Read.
  void Expect(const Client& client);
  // Reads the journal as it is now: what was there before must be there as it was; all that is new
  // is asked of the oracle, decided again, and added up.
  void Read(const std::string& data_dir);
  // All that the client was told must be in the journal, as it was told; what it was refused must
  // not be.
  void Check(const Client& client);
  // At the end: the sums of money by state are those of the oracle.
  void CheckTotals();

  int64_t entries_count() const { return history_.entries_count(); }
  int64_t records_count() const { return verifier_.records_count(); }
  const Losses& losses() const { return losses_; }
  // The first promise that was broken; empty: none.
  const std::string& fault() const { return fault_; }

 private:
  bool Take(const Entry& entry, const ChainHash& hash);
  void CheckLine(const Line& line);
  void Fail(const std::string& fault) {
    if (fault_.empty()) fault_ = fault;
  }

  History history_;
  std::map<const Client*, size_t> expected_;  // deeds that History knows
  MemoryJournal journal_;
  Verifier verifier_;
  LimitSums sums_;
  Losses losses_;
  std::string fault_;
};

}  // namespace tipgate::crash
