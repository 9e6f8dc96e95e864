#pragma once

#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/streamer.pb.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

// An accepted decision of the usual size: every field set that a gate sets for an accepted tip.
const v1::TipDecision& EchoDecision();

// What the echo answers. `response` holds an earlier answer, or nothing.
void FillTip(const v1::AuthorizeTipRequest& request, v1::AuthorizeTipResponse* response);
void FillPayer(const v1::PutPayerRequest& request, v1::PutPayerResponse* response);
void FillStreamer(const v1::PutStreamerRequest& request, v1::PutStreamerResponse* response);
void FillSession(const v1::OpenSessionRequest& request, v1::OpenSessionResponse* response);

// As many results as the request has tips.
template <typename Request, typename Response>
void FillTips(const Request& request, Response* response) {
  auto& results = *response->mutable_results();
  while (results.size() > request.tips_size()) results.RemoveLast();
  while (results.size() < request.tips_size()) *results.Add()->mutable_decision() = EchoDecision();
}

}  // namespace tipgate
