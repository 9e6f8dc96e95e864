#include "bench/load_setup_traffic.h"

#include <grpcpp/support/slice.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/streamer.pb.h"

namespace tipgate {
namespace {

constexpr int64_t kProgressEvery = 1'000;

std::string Key(const LoadScene& scene, absl::string_view what, int64_t index) {
  return absl::StrCat(what, "-", scene.run_number, "-", index);
}

bool IsSessionOpen(const std::string& reply) {
  v1::OpenSessionResponse response;
  return response.ParseFromString(reply) && response.outcome() == v1::OUTCOME_ACCEPTED;
}

}  // namespace

SetupTraffic::SetupTraffic(Kind kind, Progress progress)
    : kind_(std::move(kind)), progress_(std::move(progress)) {}

std::optional<grpc::ByteBuffer> SetupTraffic::Next() {
  if (sent_count_ == kind_.count) return std::nullopt;
  const grpc::Slice slice(kind_.request(sent_count_++));
  return grpc::ByteBuffer(&slice, 1);
}

absl::StatusOr<TipOutcomes> SetupTraffic::Read(const grpc::ByteBuffer& reply) {
  if (++answered_count_ % kProgressEvery == 0) progress_(answered_count_);
  if (!kind_.is_accepted(Flattened(reply))) {
    return absl::FailedPreconditionError(absl::StrCat(kind_.method, " was refused"));
  }
  TipOutcomes outcomes;
  outcomes.accepted_count = 1;
  return outcomes;
}

SetupTraffic::Kind PutStreamers(const LoadScene& scene) {
  const auto request = [&scene](int64_t index) {
    v1::PutStreamerRequest put;
    put.set_idempotency_key(Key(scene, "streamer", index));
    put.set_streamer_id(scene.StreamerId(index));
    put.mutable_facts()->set_real_name_verified(true);
    put.mutable_facts()->set_age_band(v1::AGE_BAND_ADULT);
    put.mutable_facts()->set_tier(scene.tier);
    return put.SerializeAsString();
  };
  return {"/tipgate.v1.StreamerService/PutStreamer", scene.session_count, request,
          [](const std::string&) { return true; }};
}

SetupTraffic::Kind OpenSessions(const LoadScene& scene) {
  const auto request = [&scene](int64_t index) {
    v1::OpenSessionRequest open;
    open.set_idempotency_key(Key(scene, "session", index));
    open.set_session_id(scene.SessionId(index));
    open.set_streamer_id(scene.StreamerId(index));
    return open.SerializeAsString();
  };
  return {"/tipgate.v1.SessionService/OpenSession", scene.session_count, request, IsSessionOpen};
}

SetupTraffic::Kind PutPayers(const LoadScene& scene) {
  const auto request = [&scene](int64_t index) {
    v1::PutPayerRequest put;
    put.set_idempotency_key(Key(scene, "payer", index));
    put.set_payer_id(scene.PayerId(index));
    put.mutable_facts()->set_real_name_verified(true);
    put.mutable_facts()->set_age_band(v1::AGE_BAND_ADULT);
    return put.SerializeAsString();
  };
  return {"/tipgate.v1.PayerService/PutPayer", scene.payer_count, request,
          [](const std::string&) { return true; }};
}

}  // namespace tipgate
