#include "server/tip_handlers.h"

#include <google/protobuf/arena.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/call_error.h"
#include "server/error_status.h"
#include "server/request_conversion.h"
#include "server/tips_job.h"

namespace tipgate {
namespace {

// A batch of 1,000 tips fits a dozen of the large blocks.
google::protobuf::ArenaOptions BatchArena() {
  google::protobuf::ArenaOptions options;
  options.start_block_size = 4 << 10;
  options.max_block_size = 64 << 10;
  return options;
}

// A call about one tip. The tip's error is that of the call.
template <typename MessageType, typename ResponseType, KeyUse kKeyUse>
class SingleTipJob final : public TipsJob {
 public:
  using TipsJob::TipsJob;

  static void Start(ServiceContext* context, std::unique_ptr<Rpc> rpc) {
    MessageType message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    if (!message.has_tip()) {
      return RefuseMalformed(context, rpc.get(), InvalidField("tip", "must be set"));
    }
    TipRequest request;
    request.app = CallerOf(*rpc);
    if (const std::optional<CallError> fault = Convert(message.tip(), kKeyUse, &request)) {
      return RefuseMalformed(context, rpc.get(), Within("tip", *fault));
    }
    auto job = std::make_unique<SingleTipJob>(context, std::move(rpc));
    job->command = TipsCommand();
    job->tips().is_dry_run = kKeyUse == KeyUse::kIgnored;
    job->Add(request);
    context->pipeline->Submit(std::move(job));
  }

 protected:
  v1::TipDecision* DecisionOf(size_t) override { return response_.mutable_decision(); }
  void RefuseTip(size_t, const CallError& error) override { error_ = Within("tip", error); }
  void Finish() override {
    if (error_.has_value()) return rpc().Fail(*error_);
    rpc().Reply(response_);
  }

 private:
  ResponseType response_;
  std::optional<CallError> error_;
};

// A call about many tips, each by itself.
template <typename MessageType, typename ResponseType>
class TipBatchJob final : public TipsJob {
 public:
  using TipsJob::TipsJob;

  static void Start(ServiceContext* context, std::unique_ptr<Rpc> rpc) {
    google::protobuf::Arena arena(BatchArena());
    auto* const message = google::protobuf::Arena::CreateMessage<MessageType>(&arena);
    if (!ParseRequest(context, rpc.get(), message)) return;
    if (message->tips_size() < 1 || message->tips_size() > kTipsMax) {
      return RefuseMalformed(
          context, rpc.get(),
          InvalidField("tips", absl::StrCat("must be 1 .. ", kTipsMax, " tips, was ",
                                            message->tips_size())));
    }
    auto job = std::make_unique<TipBatchJob>(context, std::move(rpc));
    job->Take(*message);
    if (job->tips().requests.empty()) return job->Finish();
    context->pipeline->Submit(std::move(job));
  }

 protected:
  v1::TipDecision* DecisionOf(size_t index) override {
    return response_->mutable_results(places_[index])->mutable_decision();
  }
  void RefuseTip(size_t index, const CallError& error) override { SetError(places_[index], error); }
  void Finish() override { rpc().Reply(*response_); }

 private:
  // Valid tips become requests, the others have their results at once.
  void Take(const MessageType& message) {
    command = TipsCommand();
    const ActorName app = CallerOf(rpc());
    const auto tips_count = static_cast<size_t>(message.tips_size());
    tips().requests.reserve(tips_count);
    tips().keys.reserve(tips_count);
    places_.reserve(tips_count);
    response_->mutable_results()->Reserve(message.tips_size());
    for (int i = 0; i < message.tips_size(); ++i) {
      response_->add_results();
      TipRequest request;
      request.app = app;
      if (const auto fault = Convert(message.tips(i), KeyUse::kRequired, &request)) {
        SetError(i, *fault);
      } else {
        Add(request);
        places_.push_back(i);
      }
    }
    requests_count = static_cast<int64_t>(places_.size());
    if (places_.size() < tips_count) context().stats->invalid_calls.Add(1);
  }

  // `place` is that in the call.
  void SetError(int place, const CallError& error) {
    const CallError located = Within(absl::StrCat("tips[", place, "]"), error);
    v1::TipError& result = *response_->mutable_results(place)->mutable_error();
    result.set_code(StatusCodeOf(located.reason));
    result.set_reason(static_cast<v1::ErrorReason>(located.reason));
    result.set_field(located.field);
    result.set_message(located.message);
  }

  google::protobuf::Arena arena_{BatchArena()};
  ResponseType* const response_ = google::protobuf::Arena::CreateMessage<ResponseType>(&arena_);
  std::vector<int> places_;  // of each request, in the call
};

template <typename JobType>
RpcHandler HandlerOf(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) { JobType::Start(context, std::move(rpc)); };
}

}  // namespace

RpcHandler AuthorizeTipHandler(ServiceContext* context) {
  return HandlerOf<
      SingleTipJob<v1::AuthorizeTipRequest, v1::AuthorizeTipResponse, KeyUse::kRequired>>(context);
}

RpcHandler AuthorizeTipsHandler(ServiceContext* context) {
  return HandlerOf<TipBatchJob<v1::AuthorizeTipsRequest, v1::AuthorizeTipsResponse>>(context);
}

RpcHandler StreamTipsHandler(ServiceContext* context) {
  return HandlerOf<TipBatchJob<v1::StreamTipsRequest, v1::StreamTipsResponse>>(context);
}

RpcHandler CheckTipHandler(ServiceContext* context) {
  return HandlerOf<SingleTipJob<v1::CheckTipRequest, v1::CheckTipResponse, KeyUse::kIgnored>>(
      context);
}

}  // namespace tipgate
