#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/time/civil_time.h"
#include "bench/evening_random.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/streamer.pb.h"

namespace tipgate {

// What makes one evening. The same options give the same evening, field by field.
struct EveningOptions {
  uint64_t seed = 1;
  // Tells the evenings on one gate apart: it is in every id and key. 1 .. 900,000,000,000.
  int64_t run_id = 1;
  int tips = 200'000;    // new tips; retries come on top. 1 .. 100,000,000
  int payers = 60'000;   // 1,000 .. 5,000,000
  int sessions = 300;    // 20 .. 100,000
  absl::CivilDay today;  // the ages are made around this day
};

// How much a viewer spends, and on what.
enum class Purse {
  kCasual,
  kRegular,
  kRich,
  kWhale,
  kDevotee,  // gives one gift of ¥1,000 again and again, up to a cooling-off or the day limit
             // exactly
};
constexpr size_t kPurseCount = 5;

struct EveningPayer {
  int64_t payer_id = 0;
  v1::PayerFacts facts;
};

// A streamer and the session that they open, or try to.
struct EveningStreamer {
  int64_t streamer_id = 0;
  int64_t session_id = 0;
  v1::StreamerFacts facts;
};

// True if the facts say that the person is under 18 on that day; the 18th birthday itself is not.
// False if they say nothing.
bool IsMinor(const v1::PayerFacts& facts, absl::CivilDay day);

// Who takes part in the evening: viewers (of 1,000: 800 casual, 170 regular, 27 rich, 2 whales,
// 1 devotee), 2 % of them minors and 5 % not verified; and the streamers, in tiers L1, L2 and L3.
class EveningCast {
 public:
  explicit EveningCast(const EveningOptions& options);

  const std::vector<EveningPayer>& payers() const { return payers_; }
  // Those with a session, the most popular one first. Every twelfth is an L1 newcomer whatever the
  // popularity, so that the small session cap is reached too.
  const std::vector<EveningStreamer>& streamers() const { return streamers_; }
  // Too young, too young without a guardian's consent, not verified: their sessions are refused.
  const std::vector<EveningStreamer>& ineligible() const { return ineligible_; }
  // The payers of a purse, as places in payers().
  const std::vector<size_t>& OfPurse(Purse purse) const {
    return of_purse_[static_cast<size_t>(purse)];
  }
  // An id that nobody has.
  int64_t unknown_id() const { return id_base_; }

 private:
  void MakePayers(const EveningOptions& options);
  void MakeStreamers(const EveningOptions& options);
  EveningStreamer MakeStreamer(int number, const char* tier) const;

  EveningRandom random_;
  int64_t id_base_;
  std::vector<EveningPayer> payers_;
  std::vector<EveningStreamer> streamers_;
  std::vector<EveningStreamer> ineligible_;
  std::vector<size_t> of_purse_[kPurseCount];
};

}  // namespace tipgate
