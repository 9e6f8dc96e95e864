// Who tips whom while the gate is killed, and under which rules: small enough that limits are
// reached and that every rule's numbers change all the time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/integration/gate_files.h"
#include "tests/oracle/policy.h"

namespace tipgate::crash {

// Payers 1 .. kPayers tip by themselves; every tenth is not known.
inline constexpr int64_t kPayers = 40;
// These are there for calls that bring many tips.
inline constexpr int64_t kBurstPayersBegin = 101;
inline constexpr int64_t kBurstPayers = 50;

// Of 1 .. kPayers and the burst payers.
constexpr bool IsKnownPayer(int64_t payer) { return payer > kPayers || payer % 10 != 0; }

// Every streamer has the session of its own number. The first are tipped, and what was tipped is
// captured, voided and refunded; what the second get settles soon, and nothing else happens to it.
inline constexpr int64_t kSessions = 4;
inline constexpr int64_t kFastSessionsBegin = 5;
inline constexpr int64_t kFastSessions = 2;
constexpr bool IsFastSession(int64_t session) {
  return session >= kFastSessionsBegin && session < kFastSessionsBegin + kFastSessions;
}
// For holds by the thousand, and for orders about many tips: one a round.
inline constexpr int64_t kBurstSessionsBegin = 11;
inline constexpr int64_t kBurstSessions = 10;
inline constexpr int64_t kOrderSessionsBegin = 31;
inline constexpr int64_t kOrderSessions = 12;

// Gifts that are tipped: their ids are their prices.
inline constexpr int64_t kTippedGifts[] = {1, 1, 1, 1, 1, 1, 10, 10, 100, 300'001, kGiftOffSale};

// The same policy in the words of the gate's file and in those of the oracle.
TestPolicy PolicyOfGate();
oracle::Policy PolicyOfOracle(const std::string& time_zone);
std::vector<oracle::Gift> GiftsOfOracle();

// The gate remembers keys so long; the default of its configuration.
inline constexpr int64_t kKeyRetentionMs = 7 * oracle::kDayMs;

}  // namespace tipgate::crash
