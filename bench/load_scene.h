#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/load_options.h"

namespace tipgate {

// A gift as it is sent, one piece at a time.
struct LoadGift {
  int64_t unit_price_minor = 0;
  int64_t gift_id = 0;
  auto operator<=>(const LoadGift&) const = default;
};

// Who and what a run is about: payers, sessions with a streamer each, and gifts. Immutable, so
// thread-safe.
struct LoadScene {
  static constexpr int kRunNumberBits = 24;
  static constexpr int kIndexBits = 32;  // More than there are payers or sessions.
  // What the ids of the last run begin after: beyond what a double holds exactly.
  static constexpr int64_t kIdBaseMax = ((int64_t{1} << kRunNumberBits) - 1) << kIndexBits;

  // 24 bits that differ from run to run. They begin each idempotency key and each payer's and
  // session's id, so that a run against a gate that has seen others neither repeats a key, nor
  // changes what is known of somebody, nor finds a session closed.
  uint64_t run_number = 0;
  bool are_payers_there = false;  // As 1, 2, 3 and so on, before the run.
  int64_t payer_count = 0;
  int64_t active_payer_count = 0;  // Who tip, spread evenly over all.
  int64_t session_count = 0;
  std::string tier;  // Of all streamers.
  std::vector<LoadGift> gifts;
  // Encoded, see load_wire.h; one for each session, and one for each gift.
  std::vector<std::string> session_fields;
  std::vector<std::string> gift_fields;

  int64_t PayerId(int64_t index) const { return are_payers_there ? index + 1 : Id(index); }
  int64_t ActivePayerId(int64_t index) const {
    return PayerId(index * (payer_count / active_payer_count));
  }
  int64_t SessionId(int64_t index) const { return Id(index); }
  // Each session has a streamer of its own, of the same number.
  int64_t StreamerId(int64_t index) const { return Id(index); }
  int64_t Id(int64_t index) const;
  // The sequence number must be below 2^40, and used once in a run.
  uint64_t Key(uint64_t sequence) const { return run_number << 40 | sequence; }
};

// Reads the gifts and the tiers that `options` names.
absl::StatusOr<LoadScene> MakeScene(const LoadOptions& options);

// More than a run can tip.
inline constexpr int64_t kOutOfReachMinor = 1'000'000'000'000'000;

// Writes a copy of the policy `from` in which the amounts that a long run would use up are out of
// reach: day and month limit and what a session may receive; and without cooling-off, for no payer
// tips as fast as a benchmark. All other rules are still evaluated.
absl::Status WriteRoomyPolicy(const std::string& from, const std::string& to);

// Writes a copy of the config `from` in which callers may say who they are.
absl::Status WriteConfigWithIdentities(const std::string& from, const std::string& to);

}  // namespace tipgate
