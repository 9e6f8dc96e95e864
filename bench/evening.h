#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "bench/evening_cast.h"
#include "bench/evening_random.h"
#include "tipgate/v1/recharge.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

// What the gate has to answer to a tip, whatever it decides.
enum class EveningExpectation {
  kDecision,    // a decision
  kSameAnswer,  // the answer that the first tip with this key got, byte for byte
  kKeyReused,   // ALREADY_EXISTS: the first tip with this key had another payload
  kMalformed,   // INVALID_ARGUMENT
};

struct EveningTip {
  v1::TipIntent intent;
  EveningExpectation expectation = EveningExpectation::kDecision;
  // True if another tip of the evening has the same key: the first answer must be remembered.
  bool is_repeated = false;
};

enum class EveningRechargeEnd { kCapture, kVoid, kLeave, kCaptureLate };

struct EveningRecharge {
  v1::AuthorizeRechargeRequest request;
  EveningRechargeEnd end = EveningRechargeEnd::kCapture;
  std::string end_key;  // the key of the capture or void
};

enum class EveningActionKind {
  kTip,       // one viewer, one tip
  kCombo,     // one viewer, one gift, many times in quick succession: one batch
  kPkTip,     // a tip into a battle of two streamers: one of a flood that goes through a stream
  kRecharge,  // authorize, then the end
  kClose,     // a streamer ends the session early
  kReopen,    // and tries to go live again at once
};

// One thing that happens; only the member of its kind is set.
struct EveningAction {
  EveningActionKind kind = EveningActionKind::kTip;
  std::vector<EveningTip> tips;
  EveningRecharge recharge;
  v1::CloseSessionRequest close;
  v1::OpenSessionRequest open;
};

// A believable evening on a live-streaming platform as a sequence of actions: Zipf-popular
// sessions, viewers of several purses, combos, battles, recharges, retries, and what goes wrong. It
// knows nothing of the gate's answers. Deterministic: the same options give the same sequence. One
// thread.
//
// Invariants:
// 1. Exactly options.tips tips are new, and each has a key of its own, but for malformed ones.
// 2. A kSameAnswer or kKeyReused tip comes after the tip whose key it has.
// 3. Few tips follow the end of their session, and those on purpose.
class Evening {
 public:
  explicit Evening(const EveningOptions& options);

  const EveningOptions& options() const { return options_; }
  const EveningCast& cast() const { return cast_; }

  // What must be there before the evening begins.
  v1::PutPayerRequest PutPayer(const EveningPayer& payer) const;
  v1::PutStreamerRequest PutStreamer(const EveningStreamer& streamer) const;
  v1::OpenSessionRequest OpenSession(const EveningStreamer& streamer) const;
  // The end of a session that is still open after the last action.
  v1::CloseSessionRequest CloseSession(int64_t session_id) const;

  // The next action; nothing when the evening is over.
  std::optional<EveningAction> Next();

  // New tips in the actions so far.
  int tips_count() const { return tips_count_; }

 private:
  // Two streamers compete for a while, and most viewers take part.
  struct Battle {
    size_t left = 0;
    size_t right = 0;
    int until_tips = 0;
  };

  bool IsBattle() const { return tips_count_ < battle_.until_tips; }
  void AdvanceBattle();
  void CloseEarly();
  EveningAction MakeRecharge();
  EveningAction MakeTips();
  EveningTip MakeTip(Purse purse, size_t streamer);
  EveningTip MakeOddTip();
  void Twist(int64_t how, EveningTip* tip);
  void ScheduleRepeats(EveningTip* tip);
  std::optional<EveningAction> TakeRepeat();
  size_t DrawPayer(Purse purse);
  size_t DrawStreamer();
  std::string Key(absl::string_view what, int64_t number) const;

  const EveningOptions options_;
  const EveningCast cast_;
  EveningRandom random_;
  const WeightedChoice popularity_;
  const std::vector<WeightedChoice> gifts_;  // by purse, over EveningCatalog()
  std::vector<bool> is_closed_;              // by place in cast_.streamers()
  int closed_count_ = 0;
  Battle battle_;
  int battles_count_ = 0;
  std::deque<EveningAction> announced_;         // come next
  std::multimap<int64_t, EveningTip> repeats_;  // by the step at which they are due
  int64_t step_ = 0;
  int64_t recharges_count_ = 0;
  int tips_count_ = 0;
};

}  // namespace tipgate
