#include "bench/peer_check.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/load_scene.h"
#include "bench/peer_loop.h"

namespace tipgate {
namespace {

// The small world. Ids are as large as those of a run can be.
constexpr int64_t kBase = LoadScene::kIdBaseMax;
constexpr int64_t kAdult = kBase + 1;
constexpr int64_t kOtherAdult = kBase + 2;
constexpr int64_t kThirdAdult = kBase + 3;
constexpr int64_t kMinor = kBase + 11;
constexpr int64_t kYouth = kBase + 12;
constexpr int64_t kUnverified = kBase + 13;
constexpr int64_t kFrozen = kBase + 14;
constexpr int64_t kPaused = kBase + 15;
constexpr int64_t kUnknown = kBase + 99;
constexpr int64_t kOpenSession = kBase + 1;
constexpr int64_t kGoneSession = kBase + 2;       // Its streamer is not available.
constexpr int64_t kSuspendedSession = kBase + 3;  // Its streamer is suspended.
constexpr int64_t kClosedSession = kBase + 4;
constexpr int64_t kLateSession = kBase + 5;   // Past its end.
constexpr int64_t kOwnSession = kBase + 6;    // Of kAdult.
constexpr int64_t kSmallSession = kBase + 7;  // Receives 100 at most.
constexpr int64_t kHundred = 101;             // Gifts, by what they cost.
constexpr int64_t kTen = 102;
constexpr int64_t kDear = 103;
constexpr int64_t kFarFuture = 4'000'000'000;
constexpr int64_t kLongAgo = 1'000'000'000;
constexpr int64_t kGiftPriceMax = 100;
constexpr int64_t kTipMax = 200;
constexpr int64_t kLimit = 300;

PeerSession Session(int64_t id, int flags) {
  PeerSession session;
  session.session_id = id;
  session.streamer_id = id + 1'000;
  session.flags = flags;
  session.end_unix_seconds = kFarFuture;
  session.cap_minor = kOutOfReachMinor;
  return session;
}

PeerWorld World(const PeerRules& rules) {
  constexpr int kOpen = kPeerStreamerAvailable | kPeerSessionOpen;
  PeerWorld world;
  world.rules = rules;
  world.rules.gift_price_max_minor = kGiftPriceMax;
  world.rules.tip_max_minor = kTipMax;
  world.rules.day_limit_minor = kOutOfReachMinor;
  world.rules.month_limit_minor = kOutOfReachMinor;
  world.rules.gift_prices_minor = {{kHundred, 100}, {kTen, 10}, {kDear, kGiftPriceMax + 1}};
  world.payers = {{kAdult, 3, kPeerVerified | kPeerAdult},
                  {kMinor, 1, kPeerVerified},
                  {kYouth, 1, kPeerVerified | kPeerAdult | kPeerYouthMode},
                  {kUnverified, 1, kPeerAdult},
                  {kFrozen, 1, kPeerVerified | kPeerAdult | kPeerFrozen},
                  {kPaused, 1, kPeerVerified | kPeerAdult | kPeerPaused}};
  world.sessions = {Session(kOpenSession, kOpen),
                    Session(kGoneSession, kPeerSessionOpen),
                    Session(kSuspendedSession, kOpen | kPeerStreamerSuspended),
                    Session(kClosedSession, kPeerStreamerAvailable),
                    Session(kLateSession, kOpen),
                    Session(kOwnSession, kOpen),
                    Session(kSmallSession, kOpen)};
  world.sessions[4].end_unix_seconds = kLongAgo;
  world.sessions[5].streamer_payer_id = kAdult;
  world.sessions[6].cap_minor = 100;
  return world;
}

PeerTip Tip(const std::string& key, int64_t payer_id, int64_t session_id, int64_t gift_id,
            int64_t price, int64_t count = 1) {
  return {key, payer_id, session_id + 1'000, session_id, gift_id, price, count};
}

PeerTip Hundred(const std::string& key, int64_t payer_id, int64_t session_id = kOpenSession) {
  return Tip(key, payer_id, session_id, kHundred, 100);
}

PeerCase Refused(int64_t rule, const std::string& claim, PeerTip tip) {
  tip.key = absl::StrCat("refused-", rule, "-", claim);
  for (char& c : tip.key) c = c == ' ' ? '-' : c;
  return {absl::StrCat("T", rule, ": ", claim), {std::move(tip)}, {{rule, 0, 0}}};
}

PeerCheck SingleTips(const PeerRules& rules) {
  PeerTip wrong_streamer = Hundred("", kOtherAdult);
  wrong_streamer.streamer_id = kBase;
  PeerCheck check{World(rules), {}};
  check.cases = {
      {"a tip is accepted", {Hundred("a", kAdult)}, {{0, 100, 100}}},
      {"a second one adds up", {Tip("b", kAdult, kOpenSession, kTen, 10, 3)}, {{0, 130, 130}}},
      {"a repeat gets the first answer", {Hundred("a", kAdult)}, {{0, 100, 100}}},
      {"a key is used for one tip",
       {Tip("a", kAdult, kOpenSession, kTen, 10)},
       {{kPeerKeyReused, 0, 0}}},
      Refused(2, "a minor", Hundred("", kMinor)),
      Refused(3, "the youth mode", Hundred("", kYouth)),
      Refused(4, "not verified", Hundred("", kUnverified)),
      Refused(4, "unknown", Hundred("", kUnknown)),
      Refused(5, "frozen", Hundred("", kFrozen)),
      Refused(6, "paused", Hundred("", kPaused)),
      Refused(7, "no such streamer", Hundred("", kOtherAdult, kGoneSession)),
      Refused(8, "a suspended streamer", Hundred("", kOtherAdult, kSuspendedSession)),
      Refused(9, "a closed session", Hundred("", kOtherAdult, kClosedSession)),
      Refused(9, "an unknown session", Hundred("", kOtherAdult, kBase + 99)),
      Refused(9, "a session of another", wrong_streamer),
      Refused(10, "after the end", Hundred("", kOtherAdult, kLateSession)),
      Refused(12, "an unknown gift", Tip("", kOtherAdult, kOpenSession, 999, 10)),
      Refused(12, "a wrong price", Tip("", kOtherAdult, kOpenSession, kTen, 9)),
      Refused(13, "a dear gift", Tip("", kOtherAdult, kOpenSession, kDear, kGiftPriceMax + 1)),
      Refused(14, "a large tip", Tip("", kOtherAdult, kOpenSession, kTen, 10, 21)),
      {"the largest tip passes",
       {Tip("c", kOtherAdult, kOpenSession, kTen, 10, 20)},
       {{0, 200, 200}}},
      {"T11: oneself", {Hundred("d", kAdult, kOwnSession)}, {{11, 130, 130}}},
      {"a session's cap may be reached", {Hundred("e", kAdult, kSmallSession)}, {{0, 230, 230}}},
      {"T19: and not passed", {Tip("f", kAdult, kSmallSession, kTen, 10)}, {{19, 230, 230}}},
  };
  return check;
}

// One limit, reached in one tip after another, then in one call.
PeerCheck Limit(const PeerRules& rules, int64_t rule) {
  PeerCheck check{World(rules), {}};
  (rule == 16 ? check.world.rules.day_limit_minor : check.world.rules.month_limit_minor) = kLimit;
  const std::string name = absl::StrCat("T", rule, ": ");
  check.cases = {
      {name + "below", {Tip("a", kAdult, kOpenSession, kHundred, 100, 2)}, {{0, 200, 200}}},
      {name + "a refusal", {Tip("b", kAdult, kOpenSession, kTen, 10, 11)}, {{rule, 200, 200}}},
      {name + "counts nothing, and the limit may be reached",
       {Hundred("c", kAdult)},
       {{0, 300, 300}}},
      {name + "and not passed", {Tip("d", kAdult, kOpenSession, kTen, 10)}, {{rule, 300, 300}}},
      {name + "the repeat of a refusal",
       {Tip("b", kAdult, kOpenSession, kTen, 10, 11)},
       {{rule, 200, 200}}},
      {name + "not within a call either",
       {Tip("i", kThirdAdult, kOpenSession, kHundred, 100, 2),
        Tip("j", kThirdAdult, kOpenSession, kTen, 10, 11)},
       {{0, 200, 200}, {rule, 200, 200}}},
      {name + "each tip of a call by itself, in order, a repeat among them",
       {Tip("e", kOtherAdult, kOpenSession, kHundred, 100, 2),
        Tip("f", kOtherAdult, kOpenSession, kTen, 10, 11),
        Tip("e", kOtherAdult, kOpenSession, kHundred, 100, 2), Hundred("g", kOtherAdult),
        Hundred("h", kMinor)},
       {{0, 200, 200}, {rule, 200, 200}, {0, 200, 200}, {0, 300, 300}, {2, 0, 0}}},
  };
  return check;
}

PeerCheck ManyTips(const PeerRules& rules) {
  PeerCheck check{World(rules), {}};
  check.cases = {
      {"a call with tips that all pass",
       {Hundred("a", kAdult), Hundred("b", kOtherAdult), Hundred("c", kAdult)},
       {{0, 100, 100}, {0, 100, 100}, {0, 200, 200}}},
      {"the same call again gets the same answers",
       {Hundred("a", kAdult), Hundred("b", kOtherAdult), Hundred("c", kAdult)},
       {{0, 100, 100}, {0, 100, 100}, {0, 200, 200}}},
      {"T19: a cap within a call",
       {Tip("d", kAdult, kSmallSession, kTen, 10, 9),
        Tip("e", kOtherAdult, kSmallSession, kTen, 10), Tip("f", kAdult, kSmallSession, kTen, 10)},
       {{0, 290, 290}, {0, 110, 110}, {19, 290, 290}}},
      {"and after it", {Hundred("g", kAdult)}, {{0, 390, 390}}},
  };
  return check;
}

PeerCheck Stop(const PeerRules& rules) {
  PeerCheck check{World(rules), {}};
  check.world.rules.is_stopped = true;
  check.cases = {Refused(1, "a stop", Hundred("", kAdult))};
  return check;
}

std::string Text(const std::vector<PeerAnswer>& answers) {
  return absl::StrJoin(answers, ", ", [](std::string* out, const PeerAnswer& answer) {
    absl::StrAppend(out, "{", answer.code, " ", answer.day_total_minor, " ",
                    answer.month_total_minor, "}");
  });
}

}  // namespace

std::vector<PeerCheck> PeerChecks(const PeerRules& rules) {
  return {SingleTips(rules), Limit(rules, 16), Limit(rules, 17), ManyTips(rules), Stop(rules)};
}

absl::Status RunPeerChecks(Peer& peer, const std::vector<PeerCheck>& checks) {
  for (const PeerCheck& check : checks) {
    absl::Status status = peer.SetUp(check.world);
    if (!status.ok()) return status;
    const auto connection = peer.Connect();
    if (!connection.ok()) return connection.status();
    for (const PeerCase& one : check.cases) {
      const auto answers = AskPeer(**connection, one.tips);
      if (!answers.ok()) return answers.status();
      if (*answers != one.expected) {
        return absl::FailedPreconditionError(
            absl::StrCat(peer.version(), " does not apply the rules: ", one.claim, ": expected ",
                         Text(one.expected), ", got ", Text(*answers)));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace tipgate
