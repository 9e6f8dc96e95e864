// The oracle's words in those of the contract.
#pragma once

#include "tests/oracle/income_requests.h"
#include "tests/oracle/requests.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/recharge.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/streamer.pb.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate::crash {

v1::TipIntent ToProto(const oracle::TipRequest& request);
v1::CaptureTipRequest ToProto(const oracle::CaptureTipRequest& request);
v1::VoidTipRequest ToProto(const oracle::VoidTipRequest& request);
v1::RefundTipRequest ToProto(const oracle::RefundTipRequest& request);
v1::AuthorizeRechargeRequest ToProto(const oracle::AuthorizeRechargeRequest& request);
v1::CaptureRechargeRequest ToProto(const oracle::CaptureRechargeRequest& request);
v1::VoidRechargeRequest ToProto(const oracle::VoidRechargeRequest& request);
v1::PutPayerRequest ToProto(const oracle::PutPayerRequest& request);
v1::PutStreamerRequest ToProto(const oracle::PutStreamerRequest& request);
v1::OpenSessionRequest ToProto(const oracle::OpenSessionRequest& request);

}  // namespace tipgate::crash
