#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/evening_tally.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {

// One claim about the evening, and what disproves it.
struct EveningCheck {
  std::string claim;
  std::string extent;               // what was looked at, such as "1,000 payers"
  std::vector<std::string> faults;  // lines for people, the first few; none if the claim holds
  int64_t faults_count = 0;

  bool holds() const { return faults_count == 0; }
  void Fault(std::string what);
  // A fault if the two differ.
  void Compare(const std::string& what, int64_t expected, int64_t found);
};

// Checks of what the client wrote down itself: every claim about single answers; every total within
// its limit; each reminder exactly once.
std::vector<EveningCheck> CheckAnswers(const EveningTally& tally);
EveningCheck CheckLimits(const EveningTally& tally);
EveningCheck CheckReminders(const EveningTally& tally);
// Nobody passes a gate who has not confirmed, and whoever has confirmed is not asked again.
EveningCheck CheckConfirmations(const EveningTally& tally);

// The gate's totals grew by what the client counted, to the fen, and its money is all somewhere.
// Nobody else may have used the gate in between.
EveningCheck CheckTips(const EveningTally& tally, const v1::Totals& before,
                       const v1::Totals& after);
EveningCheck CheckRecharges(const EveningTally& tally, const v1::Totals& before,
                            const v1::Totals& after);
EveningCheck CheckEntities(const EveningTally& tally, const v1::Totals& before,
                           const v1::Totals& after);

}  // namespace tipgate
