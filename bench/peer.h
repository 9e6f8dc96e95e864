#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "bench/peer_rules.h"

namespace tipgate {

// What others than the gate are asked, and what they answer: the comparison of `./dev bench
// --peers`.

// A tip, as each peer's driver encodes it.
struct PeerTip {
  std::string key;
  int64_t payer_id = 0;
  int64_t streamer_id = 0;
  int64_t session_id = 0;
  int64_t gift_id = 0;
  int64_t unit_price_minor = 0;
  int64_t count = 1;
};

// The key was used for another tip.
inline constexpr int64_t kPeerKeyReused = -1;

struct PeerAnswer {
  int64_t code = 0;  // 0: accepted; the number of the first rule that refuses, or kPeerKeyReused.
  int64_t day_total_minor = 0;
  int64_t month_total_minor = 0;
  bool operator==(const PeerAnswer&) const = default;
};

// Facts about payers. One who is in no range is unknown.
enum PeerPayerFlags : int {
  kPeerVerified = 1,
  kPeerAdult = 2,
  kPeerYouthMode = 4,
  kPeerFrozen = 8,
  kPeerPaused = 16,
};

// Facts about sessions and their streamers.
enum PeerSessionFlags : int {
  kPeerStreamerAvailable = 1,
  kPeerStreamerSuspended = 2,
  kPeerSessionOpen = 4,
};

struct PeerPayers {
  int64_t first_id = 0;
  int64_t count = 0;
  int flags = kPeerVerified | kPeerAdult;
};

struct PeerSession {
  int64_t session_id = 0;
  int64_t streamer_id = 0;
  int64_t streamer_payer_id = 0;  // The streamer's own person; 0: unknown.
  int flags = kPeerStreamerAvailable | kPeerSessionOpen;
  int64_t end_unix_seconds = 0;
  int64_t cap_minor = 0;
};

// All that a peer must know before the first tip.
struct PeerWorld {
  PeerRules rules;
  std::vector<PeerPayers> payers;
  std::vector<PeerSession> sessions;
};

// One connection with one call under way at most. Never blocks, but for Open. Not thread-safe.
class PeerConnection {
 public:
  virtual ~PeerConnection() = default;

  // For poll(2).
  virtual int descriptor() const = 0;
  // True while some of the call is still to be sent.
  virtual bool wants_write() const = 0;

  // Begins a call with these tips. The call before must be answered.
  virtual absl::Status Send(absl::Span<const PeerTip> tips) = 0;
  // Sends and receives what can be without waiting; true once the call is answered.
  virtual absl::StatusOr<bool> Advance() = 0;
  // One for each tip of the call that was answered last.
  virtual const std::vector<PeerAnswer>& answers() const = 0;
};

// A server that keeps tips and limits in another way. Not thread-safe.
class Peer {
 public:
  virtual ~Peer() = default;

  // Such as "Redis 7.0.15".
  virtual const std::string& version() const = 0;
  virtual pid_t pid() const = 0;

  // Forgets everything, and knows this world. CANCELLED after an interrupt.
  virtual absl::Status SetUp(const PeerWorld& world) = 0;
  virtual absl::StatusOr<std::unique_ptr<PeerConnection>> Connect() = 0;

  // Asks it to end, and waits. Fails if it does not end well.
  virtual absl::Status Stop() = 0;
};

}  // namespace tipgate
