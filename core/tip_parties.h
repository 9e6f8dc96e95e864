#pragma once

#include "core/records/tip_record.h"
#include "core/state.h"

namespace tipgate {

// Whom and what a tip is about, as it stands in the tables; null for what is not there. Found once,
// for the decision and for the fold after it: neither moves them.
struct TipParties {
  Payer* payer;
  Streamer* streamer;
  Session* session;
};
inline TipParties FindParties(const TipRequest& request, State* state) {
  return {.payer = state->FindPayer(request.payer),
          .streamer = state->streamers.Find(request.streamer),
          .session = state->sessions.Find(request.session)};
}

// The same for who may look at them only.
struct KnownTipParties {
  const Payer* payer;
  const Streamer* streamer;
  const Session* session;
};
inline KnownTipParties Known(const TipParties& parties) {
  return {.payer = parties.payer, .streamer = parties.streamer, .session = parties.session};
}
inline KnownTipParties FindParties(const TipRequest& request, const State& state) {
  return {.payer = state.FindPayer(request.payer),
          .streamer = state.streamers.Find(request.streamer),
          .session = state.sessions.Find(request.session)};
}

}  // namespace tipgate
