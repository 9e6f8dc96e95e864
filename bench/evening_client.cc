#include "bench/evening_client.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/evening_habits.h"

namespace tipgate {
namespace {

// Together 15 s of patience: a gate that restarts is back by then.
constexpr int kAttemptsMax = 16;
constexpr absl::Duration kFirstPause = absl::Milliseconds(5);  // doubles up to
constexpr absl::Duration kPauseMax = absl::Seconds(2);
constexpr std::chrono::seconds kCallDeadline{20};
constexpr std::chrono::minutes kStreamDeadline{30};  // the stream lives as long as the evening

// With the same key: none of these proves that nothing was decided.
bool IsRetryable(int code) {
  return code == grpc::StatusCode::RESOURCE_EXHAUSTED || code == grpc::StatusCode::UNAVAILABLE ||
         code == grpc::StatusCode::DEADLINE_EXCEEDED;
}

EveningError ErrorOf(const grpc::Status& status) {
  return {status.error_code(), status.error_message()};
}

void PauseBefore(int attempt) {
  absl::SleepFor(std::min(kPauseMax, kFirstPause * (1 << (attempt - 1))));
}

// Measures from its birth.
class Stopwatch {
 public:
  int64_t ElapsedNs() const {
    return std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace

EveningClient::EveningClient(const std::shared_ptr<grpc::Channel>& channel, EveningBooks* books)
    : books_(books),
      tips_(v1::TipService::NewStub(channel)),
      payers_(v1::PayerService::NewStub(channel)),
      streamers_(v1::StreamerService::NewStub(channel)),
      sessions_(v1::SessionService::NewStub(channel)),
      recharges_(v1::RechargeService::NewStub(channel)) {}

EveningClient::~EveningClient() { EndStream(); }

grpc::Status EveningClient::Call(const std::string& name, Attempt attempt) {
  grpc::Status status;
  for (int i = 0; i < kAttemptsMax; ++i) {
    if (i > 0) {
      ++retries_count_;
      PauseBefore(i);
    }
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallDeadline);
    const Stopwatch watch;
    status = attempt(&context);
    latencies_[name].Record(watch.ElapsedNs());
    if (!IsRetryable(status.error_code())) break;
  }
  return status;
}

void EveningClient::PutPayer(const v1::PutPayerRequest& request) {
  v1::PutPayerResponse response;
  const grpc::Status status = Call("PutPayer", [&](grpc::ClientContext* context) {
    return payers_->PutPayer(context, request, &response);
  });
  if (!status.ok()) return books_->RecordFailure("PutPayer", ErrorOf(status));
  books_->RecordPayerPut();
}

void EveningClient::PutStreamer(const v1::PutStreamerRequest& request) {
  v1::PutStreamerResponse response;
  const grpc::Status status = Call("PutStreamer", [&](grpc::ClientContext* context) {
    return streamers_->PutStreamer(context, request, &response);
  });
  if (!status.ok()) return books_->RecordFailure("PutStreamer", ErrorOf(status));
  books_->RecordStreamerPut();
}

void EveningClient::OpenSession(const v1::OpenSessionRequest& request) {
  v1::OpenSessionResponse response;
  const grpc::Status status = Call("OpenSession", [&](grpc::ClientContext* context) {
    return sessions_->OpenSession(context, request, &response);
  });
  if (!status.ok()) return books_->RecordFailure("OpenSession", ErrorOf(status));
  books_->RecordOpened(request, response);
}

void EveningClient::CloseSession(const v1::CloseSessionRequest& request) {
  v1::CloseSessionResponse response;
  const grpc::Status status = Call("CloseSession", [&](grpc::ClientContext* context) {
    return sessions_->CloseSession(context, request, &response);
  });
  if (!status.ok()) return books_->RecordFailure("CloseSession", ErrorOf(status));
  books_->RecordClosed(request.session_id());
}

void EveningClient::AuthorizeTip(const EveningTip& tip) {
  v1::AuthorizeTipRequest request;
  *request.mutable_tip() = tip.intent;
  v1::AuthorizeTipResponse response;
  const grpc::Status status = Call("AuthorizeTip", [&](grpc::ClientContext* context) {
    return tips_->AuthorizeTip(context, request, &response);
  });
  if (!status.ok()) return books_->RecordError(tip, ErrorOf(status));
  TakeDecision(tip, response.decision());
}

void EveningClient::TakeDecision(const EveningTip& tip, const v1::TipDecision& decision) {
  books_->RecordDecision(tip, decision);
  const int64_t payer_id = tip.intent.payer_id();
  // Where another rule refuses as well, nobody is asked in vain.
  for (const v1::Violation& violation : decision.violations()) {
    if (violation.code() != v1::REJECTION_CODE_CONFIRMATION_REQUIRED) return;
    if (!Confirms(payer_id)) return;
    if (books_->BeginConfirmation(payer_id, violation.period(), decision)) {
      Confirm(payer_id, violation.period(), decision);
    }
  }
}

void EveningClient::Confirm(int64_t payer_id, v1::Period period, const v1::TipDecision& decision) {
  const std::string key = absl::StrCat("confirm ", decision.tip_id(), " ", period);
  v1::StartConfirmationRequest start;
  start.set_idempotency_key(key);
  start.set_payer_id(payer_id);
  start.set_scope(period == v1::PERIOD_DAY ? v1::CONFIRMATION_SCOPE_DAY_GATE
                                           : v1::CONFIRMATION_SCOPE_MONTH_GATE);
  v1::StartConfirmationResponse started;
  grpc::Status status = Call("StartConfirmation", [&](grpc::ClientContext* context) {
    return payers_->StartConfirmation(context, start, &started);
  });
  if (!status.ok()) return books_->RecordFailure("StartConfirmation", ErrorOf(status));
  v1::CompleteConfirmationRequest complete;
  complete.set_idempotency_key(key + " done");
  complete.set_payer_id(payer_id);
  complete.set_scope(start.scope());
  complete.set_token(started.token());
  complete.set_proof_reference("evening");
  v1::CompleteConfirmationResponse completed;
  status = Call("CompleteConfirmation", [&](grpc::ClientContext* context) {
    return payers_->CompleteConfirmation(context, complete, &completed);
  });
  if (!status.ok()) return books_->RecordFailure("CompleteConfirmation", ErrorOf(status));
  books_->RecordConfirmed(period, completed);
}

void EveningClient::AuthorizeTips(const std::vector<EveningTip>& tips) {
  const auto exchange = [this](const std::vector<EveningTip>& sent,
                               std::vector<v1::TipResult>* results) {
    v1::AuthorizeTipsRequest request;
    for (const EveningTip& tip : sent) *request.add_tips() = tip.intent;
    v1::AuthorizeTipsResponse response;
    const grpc::Status status = Call("AuthorizeTips", [&](grpc::ClientContext* context) {
      return tips_->AuthorizeTips(context, request, &response);
    });
    results->assign(response.results().begin(), response.results().end());
    return status;
  };
  SendBatch(tips, exchange);
}

void EveningClient::StreamTips(const std::vector<EveningTip>& tips) {
  SendBatch(tips, [this](const std::vector<EveningTip>& sent, std::vector<v1::TipResult>* results) {
    const Stopwatch watch;
    const grpc::Status status = ExchangeOnStream(sent, results);
    latencies_["StreamTips"].Record(watch.ElapsedNs());
    return status;
  });
}

grpc::Status EveningClient::ExchangeOnStream(const std::vector<EveningTip>& tips,
                                             std::vector<v1::TipResult>* results) {
  if (stream_ == nullptr) {
    stream_context_ = std::make_unique<grpc::ClientContext>();
    stream_context_->set_deadline(std::chrono::system_clock::now() + kStreamDeadline);
    stream_ = tips_->StreamTips(stream_context_.get());
  }
  v1::StreamTipsRequest request;
  for (const EveningTip& tip : tips) *request.add_tips() = tip.intent;
  v1::StreamTipsResponse response;
  if (!stream_->Write(request) || !stream_->Read(&response)) {
    const grpc::Status status = EndStream();
    if (!status.ok()) return status;
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "the gate ended the stream");
  }
  results->assign(response.results().begin(), response.results().end());
  return grpc::Status::OK;
}

grpc::Status EveningClient::EndStream() {
  if (stream_ == nullptr) return grpc::Status::OK;
  stream_->WritesDone();
  const grpc::Status status = stream_->Finish();
  stream_.reset();
  stream_context_.reset();
  return status;
}

void EveningClient::SendBatch(const std::vector<EveningTip>& tips, Exchange exchange) {
  std::vector<EveningTip> waiting = tips;
  EveningError error;
  for (int i = 0; i < kAttemptsMax && !waiting.empty(); ++i) {
    if (i > 0) {
      ++retries_count_;
      PauseBefore(i);
    }
    std::vector<v1::TipResult> results;
    const grpc::Status status = exchange(waiting, &results);
    error = ErrorOf(status);
    if (!status.ok() && !IsRetryable(error.code)) break;
    if (!status.ok()) continue;
    if (results.size() != waiting.size()) {
      error = {grpc::StatusCode::INTERNAL, "not one result for each tip"};
      break;
    }
    waiting = RecordResults(waiting, results);
    error = {grpc::StatusCode::UNAVAILABLE, "refused again and again"};
  }
  for (const EveningTip& tip : waiting) books_->RecordError(tip, error);
}

std::vector<EveningTip> EveningClient::RecordResults(const std::vector<EveningTip>& tips,
                                                     const std::vector<v1::TipResult>& results) {
  std::vector<EveningTip> again;
  for (size_t i = 0; i < tips.size(); ++i) {
    const v1::TipResult& result = results[i];
    if (result.has_decision()) {
      TakeDecision(tips[i], result.decision());
    } else if (IsRetryable(result.error().code())) {
      again.push_back(tips[i]);
    } else {
      books_->RecordError(tips[i], {result.error().code(), result.error().message()});
    }
  }
  return again;
}

std::optional<LateCapture> EveningClient::Recharge(const EveningRecharge& recharge) {
  v1::AuthorizeRechargeResponse response;
  const grpc::Status status = Call("AuthorizeRecharge", [&](grpc::ClientContext* context) {
    return recharges_->AuthorizeRecharge(context, recharge.request, &response);
  });
  if (!status.ok()) {
    books_->RecordFailure("AuthorizeRecharge", ErrorOf(status));
    return std::nullopt;
  }
  const v1::RechargeDecision& decision = response.decision();
  books_->RecordAuthorized(recharge, decision);
  if (decision.outcome() != v1::OUTCOME_ACCEPTED) return std::nullopt;
  LateCapture capture = {decision.recharge_id(), recharge.end_key};
  if (recharge.end == EveningRechargeEnd::kCaptureLate) return capture;
  if (recharge.end == EveningRechargeEnd::kCapture) Capture(capture);
  if (recharge.end == EveningRechargeEnd::kVoid) Void(recharge, decision);
  return std::nullopt;
}

void EveningClient::Capture(const LateCapture& late) {
  v1::CaptureRechargeRequest request;
  request.set_idempotency_key(late.key);
  request.set_recharge_id(late.recharge_id);
  v1::CaptureRechargeResponse response;
  const grpc::Status status = Call("CaptureRecharge", [&](grpc::ClientContext* context) {
    return recharges_->CaptureRecharge(context, request, &response);
  });
  if (!status.ok()) return books_->RecordFailure("CaptureRecharge", ErrorOf(status));
  books_->RecordCaptured(response);
}

void EveningClient::Void(const EveningRecharge& recharge, const v1::RechargeDecision& authorized) {
  v1::VoidRechargeRequest request;
  request.set_idempotency_key(recharge.end_key);
  request.set_recharge_id(authorized.recharge_id());
  v1::VoidRechargeResponse response;
  const grpc::Status status = Call("VoidRecharge", [&](grpc::ClientContext* context) {
    return recharges_->VoidRecharge(context, request, &response);
  });
  if (!status.ok()) return books_->RecordFailure("VoidRecharge", ErrorOf(status));
  books_->RecordVoided(recharge, authorized);
}

}  // namespace tipgate
