#pragma once

#include <cstdint>

namespace tipgate {

// Where the money of a tip is. Stored; never renumber.
enum class TipState : uint8_t {
  kRejected = 1,
  kPending = 2,   // waits for its settle time
  kSettled = 3,   // is the streamer's, less the shares of agency and platform
  kHeld = 4,      // waits for its capture
  kFrozen = 5,    // a case holds it back
  kVoided = 6,    // given back before it was income: by void, or because nobody captured it
  kRefunded = 7,  // given back afterwards, all of it
};

}  // namespace tipgate
