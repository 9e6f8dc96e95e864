#include "bench/peer_naive.h"

#include <grpcpp/grpcpp.h>

#include <csignal>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/gate_process.h"
#include "bench/ready_file.h"
#include "tipgate/v1/payer.grpc.pb.h"
#include "tipgate/v1/session.grpc.pb.h"
#include "tipgate/v1/streamer.grpc.pb.h"
#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {
namespace {

constexpr auto kReadyTimeout = absl::Seconds(30);
constexpr auto kStopTimeout = absl::Seconds(10);
constexpr int64_t kAdult = 1;
constexpr int64_t kMinor = 2;
constexpr int64_t kOtherAdult = 3;
constexpr int64_t kStreamer = 7;

constexpr char kPolicy[] = R"(
time_zone: Asia/Shanghai
gift_price_max_minor: 100
tip_max_minor: 200
day_limit_minor: 300
month_limit_minor: 1000
tiers: [{name: L1, session_received_max_minor: 400}]
)";
constexpr char kGifts[] = R"(
gifts:
  - {gift_id: 1, unit_price_minor: 100}
  - {gift_id: 2, unit_price_minor: 10}
  - {gift_id: 3, unit_price_minor: 101}
)";

absl::Status FromGrpc(const grpc::Status& status) {
  return {static_cast<absl::StatusCode>(status.error_code()), status.error_message()};
}

struct Case {
  const char* claim;
  const char* key;
  int64_t payer_id;
  int64_t gift_id;
  int64_t unit_price_minor;
  int count;
  // What is expected: a rule that refuses, 0 for none, -1 for a key that is used already.
  int code;
  int64_t day_total_minor;
};

const std::vector<Case> kCases = {
    {"a tip is accepted", "a", kAdult, 1, 100, 2, 0, 200},
    {"a repeat gets the first answer", "a", kAdult, 1, 100, 2, 0, 200},
    {"a key is used for one tip", "a", kAdult, 2, 10, 1, -1, 0},
    {"T2: a minor", "b", kMinor, 2, 10, 1, 2, 0},
    {"T4: an unknown payer", "c", 99, 2, 10, 1, 4, 0},
    {"T12: a wrong price", "d", kAdult, 2, 11, 1, 12, 200},
    {"T13: a dear gift", "e", kAdult, 3, 101, 1, 13, 200},
    {"T14: a large tip", "f", kOtherAdult, 2, 10, 21, 14, 0},
    {"T16: above the day limit", "g", kAdult, 2, 10, 11, 16, 200},
    {"the day limit may be reached", "h", kAdult, 1, 100, 1, 0, 300},
    {"the session's cap may be reached", "i", kOtherAdult, 1, 100, 1, 0, 100},
    {"T19: and not passed", "j", kOtherAdult, 2, 10, 1, 19, 100},
};

class NaiveCaller {
 public:
  explicit NaiveCaller(const std::string& target)
      : channel_(grpc::CreateChannel(target, grpc::InsecureChannelCredentials())) {}

  absl::Status SetUp() {
    v1::PutStreamerRequest streamer;
    streamer.set_streamer_id(kStreamer);
    streamer.mutable_facts()->set_tier("L1");
    v1::PutStreamerResponse streamer_put;
    grpc::ClientContext context;
    absl::Status status = FromGrpc(
        v1::StreamerService::NewStub(channel_)->PutStreamer(&context, streamer, &streamer_put));
    if (status.ok()) status = OpenSession();
    if (status.ok()) status = PutPayer(kAdult, v1::AGE_BAND_ADULT);
    if (status.ok()) status = PutPayer(kOtherAdult, v1::AGE_BAND_ADULT);
    if (status.ok()) status = PutPayer(kMinor, v1::AGE_BAND_16_TO_17);
    return status;
  }

  absl::Status Ask(const Case& one) {
    v1::AuthorizeTipRequest request;
    v1::TipIntent& tip = *request.mutable_tip();
    tip.set_idempotency_key(one.key);
    tip.set_payer_id(one.payer_id);
    tip.set_streamer_id(kStreamer);
    tip.set_session_id(kStreamer);
    tip.set_gift_id(one.gift_id);
    tip.set_unit_price_minor(one.unit_price_minor);
    tip.set_count(one.count);
    v1::AuthorizeTipResponse response;
    grpc::ClientContext context;
    const absl::Status status =
        FromGrpc(v1::TipService::NewStub(channel_)->AuthorizeTip(&context, request, &response));
    if (absl::IsAlreadyExists(status) && one.code == -1) return absl::OkStatus();
    if (!status.ok()) return status;
    const v1::TipDecision& decision = response.decision();
    const int code = decision.violations().empty() ? 0 : decision.violations(0).code();
    if (code == one.code && decision.day_total_minor() == one.day_total_minor) {
      return absl::OkStatus();
    }
    return absl::FailedPreconditionError(
        absl::StrCat("tipnaive does not apply the rules: ", one.claim, ": expected ", one.code, " ",
                     one.day_total_minor, ", got ", decision.ShortDebugString()));
  }

 private:
  absl::Status OpenSession() {
    v1::OpenSessionRequest session;
    session.set_session_id(kStreamer);
    session.set_streamer_id(kStreamer);
    v1::OpenSessionResponse opened;
    grpc::ClientContext context;
    return FromGrpc(v1::SessionService::NewStub(channel_)->OpenSession(&context, session, &opened));
  }

  absl::Status PutPayer(int64_t payer_id, v1::AgeBand age_band) {
    v1::PutPayerRequest payer;
    payer.set_payer_id(payer_id);
    payer.mutable_facts()->set_real_name_verified(true);
    payer.mutable_facts()->set_age_band(age_band);
    v1::PutPayerResponse put;
    grpc::ClientContext context;
    return FromGrpc(v1::PayerService::NewStub(channel_)->PutPayer(&context, payer, &put));
  }

  const std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<NaivePeer>> NaivePeer::Start(const std::string& data_dir,
                                                            const std::string& policy_file,
                                                            const std::string& gifts_file) {
  std::unique_ptr<NaivePeer> peer(new NaivePeer());
  const std::string ready_file = absl::StrCat(data_dir, ".ready.json");
  std::remove(ready_file.c_str());
  auto child = ChildProcess::Start({ProgramNextToUs("tipnaive"),
                                    {"--data-dir", data_dir, "--ready-file", ready_file, "--policy",
                                     policy_file, "--gifts", gifts_file},
                                    {},
                                    absl::StrCat(data_dir, ".log")});
  if (!child.ok()) return child.status();
  peer->child_ = std::make_unique<ChildProcess>(*std::move(child));
  auto addresses = WaitForReadyFile(*peer->child_, ready_file, kReadyTimeout);
  if (!addresses.ok()) return addresses.status();
  peer->target_ = std::move(addresses->listen);
  return peer;
}

void NaivePeer::Stop() {
  child_->Signal(SIGTERM);
  child_->WaitExit(kStopTimeout).IgnoreError();
}

absl::Status CheckNaive(const std::string& folder) {
  const std::string policy_file = absl::StrCat(folder, "/tight-policy.yaml");
  const std::string gifts_file = absl::StrCat(folder, "/few-gifts.yaml");
  std::ofstream(policy_file) << kPolicy;
  std::ofstream(gifts_file) << kGifts;
  const std::string data_dir = absl::StrCat(folder, "/checked");
  auto peer = NaivePeer::Start(data_dir, policy_file, gifts_file);
  if (!peer.ok()) return peer.status();
  NaiveCaller caller((*peer)->target());
  absl::Status status = caller.SetUp();
  for (const Case& one : kCases) {
    if (status.ok()) status = caller.Ask(one);
  }
  (*peer)->Stop();
  if (!status.ok()) return status;
  peer = NaivePeer::Start(data_dir, policy_file, gifts_file);
  if (!peer.ok()) return peer.status();
  NaiveCaller again((*peer)->target());
  for (const Case& one : kCases) {
    if (status.ok()) status = again.Ask(one);
  }
  (*peer)->Stop();
  return status;
}

}  // namespace tipgate
