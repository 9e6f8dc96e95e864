#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/time/civil_time.h"
#include "tipgate/v1/decision.pb.h"

namespace tipgate {

// So many decisions, and their money.
struct CountAndMoney {
  int64_t count = 0;
  int64_t minor = 0;

  void Add(int64_t amount_minor) {
    ++count;
    minor += amount_minor;
  }
};

// A payer and the first day of a period.
using PayerPeriod = std::pair<int64_t, absl::CivilDay>;

// The tips of days, or of months.
struct PeriodTally {
  absl::flat_hash_map<PayerPeriod, int64_t> accepted_minor;
  absl::flat_hash_map<PayerPeriod, std::vector<int32_t>> told;  // thresholds of reminders
  std::map<int32_t, int64_t> reminders;                         // how many, by threshold
  std::set<int64_t> limits_minor;  // as the decisions tell it: the total and what is left

  // Of the gates where a payer must confirm: where they stand as refusals tell it, whether the tip
  // that would reach one is refused already, when each payer was refused there last, and when they
  // confirmed; Unix milliseconds.
  std::set<int64_t> gates_minor;
  bool is_strict = false;
  absl::flat_hash_map<PayerPeriod, int64_t> asked_ms;
  absl::flat_hash_map<PayerPeriod, int64_t> confirmed_ms;
};

// When a payer's tips are refused because of an earlier one.
struct CoolingOffTally {
  int64_t count = 0;
  struct Tip {
    int64_t tip_id = 0;
    int64_t time_ms = 0;  // of its decision; for one that begins a cooling-off: its end
  };
  absl::flat_hash_map<int64_t, std::vector<Tip>> begun;  // by payer
  absl::flat_hash_map<int64_t, Tip> last_accepted;       // by payer
};

struct RechargeTally {
  CountAndMoney authorized;
  CountAndMoney captured;
  CountAndMoney voided;
  CountAndMoney returned;  // its capture came too late and was refused
  std::map<v1::RejectionCode, CountAndMoney> rejected_by;
  absl::flat_hash_map<PayerPeriod, int64_t> day_minor;  // held and captured
  absl::flat_hash_set<int64_t> may_expire;              // payers whose hold nobody ends in time
};

// What must hold for single answers; a fault disproves one of them.
enum class EveningClaim {
  kAnswered,
  kWellFormed,
  kRepeats,
  kKeyReuse,
  kMalformed,
  kMinors,
  kReminders,
  kCoolingOff,
  kConfirmed,
};

// What the answers of the gate add up to, kept by a client that trusts nothing.
struct EveningTally {
  CountAndMoney accepted;
  CountAndMoney rejected;
  std::map<v1::RejectionCode, CountAndMoney> rejected_by;  // by the first violation
  absl::flat_hash_map<int64_t, int64_t> session_minor;
  absl::flat_hash_map<int64_t, int64_t> streamer_minor;
  PeriodTally day;
  PeriodTally month;
  RechargeTally recharge;
  CoolingOffTally cooling_off;

  int64_t payers_put_count = 0;
  int64_t streamers_put_count = 0;
  std::set<int64_t> sessions_opened;
  std::set<int64_t> sessions_open;
  std::map<v1::RejectionCode, int64_t> sessions_rejected_by;

  int64_t answers_count = 0;  // to tips, of every kind
  int64_t repeats_count = 0;  // the same answer again
  int64_t key_reuse_refused_count = 0;
  int64_t malformed_refused_count = 0;
  int64_t minors_rejected_count = 0;

  // A line for people each, the first few of each claim; and how many there were.
  std::map<EveningClaim, std::vector<std::string>> faults;
  std::map<EveningClaim, int64_t> faults_count;
};

}  // namespace tipgate
