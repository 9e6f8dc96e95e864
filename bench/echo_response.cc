#include "bench/echo_response.h"

#include <google/protobuf/util/time_util.h>

namespace tipgate {
namespace {

v1::TipDecision MakeDecision() {
  const auto now = google::protobuf::util::TimeUtil::GetCurrentTime();
  v1::TipDecision decision;
  decision.set_tip_id(int64_t{1} << 44);
  decision.set_outcome(v1::OUTCOME_ACCEPTED);
  decision.set_amount_minor(100);
  decision.set_amount_max_minor(500'000);
  decision.set_count_max(5'000);
  decision.set_day_total_minor(12'300);
  decision.set_day_left_minor(1'987'700);
  decision.set_month_total_minor(123'400);
  decision.set_month_left_minor(9'876'600);
  *decision.mutable_settle_time() =
      now + google::protobuf::util::TimeUtil::SecondsToDuration(24 * 60 * 60);
  *decision.mutable_decide_time() = now;
  decision.set_policy_version(1);
  return decision;
}

}  // namespace

const v1::TipDecision& EchoDecision() {
  static const auto* const kDecision = new v1::TipDecision(MakeDecision());
  return *kDecision;
}

void FillTip(const v1::AuthorizeTipRequest&, v1::AuthorizeTipResponse* response) {
  if (!response->has_decision()) *response->mutable_decision() = EchoDecision();
}

void FillPayer(const v1::PutPayerRequest& request, v1::PutPayerResponse* response) {
  response->set_payer_id(request.payer_id());
}

void FillStreamer(const v1::PutStreamerRequest& request, v1::PutStreamerResponse* response) {
  response->set_streamer_id(request.streamer_id());
}

void FillSession(const v1::OpenSessionRequest&, v1::OpenSessionResponse* response) {
  response->set_outcome(v1::OUTCOME_ACCEPTED);
}

}  // namespace tipgate
