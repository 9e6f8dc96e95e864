// The connection to one gate. Every failure comes back as the line to show.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/call_error.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"

namespace tipgate {

// Not thread-safe. Connects with the first call.
class Client {
 public:
  // `timeout` bounds each unary call; streams run until they end. Calls say that `identity` makes
  // them, unless it is empty.
  Client(std::string target, absl::Duration timeout, std::string identity = "");

  // One unary call: client.Call<v1::TipService>(&v1::TipService::Stub::CheckTip, request).
  template <typename Service, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Service::Stub::*method)(grpc::ClientContext*,
                                                                      const Request&, Response*),
                                const Request& request) const {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + timeout_));
    SayWho(context);
    Response response;
    const grpc::Status status =
        ((*Service::NewStub(channel_)).*method)(&context, request, &response);
    if (!status.ok()) return ToCallError(status, {target_, timeout_});
    return response;
  }

  // One server stream. `on_message(response)` gets each message and returns whether to go on;
  // stopping is OK.
  template <typename Service, typename Request, typename Response, typename Handler>
  absl::Status Read(std::unique_ptr<grpc::ClientReader<Response>> (Service::Stub::*method)(
                        grpc::ClientContext*, const Request&),
                    const Request& request, const Handler& on_message) const {
    const auto stub = Service::NewStub(channel_);
    grpc::ClientContext context;
    SayWho(context);
    const auto reader = ((*stub).*method)(&context, request);
    Response response;
    while (reader->Read(&response)) {
      if (on_message(response)) continue;
      context.TryCancel();
      reader->Finish();
      return absl::OkStatus();
    }
    const grpc::Status status = reader->Finish();
    if (status.ok()) return absl::OkStatus();
    return ToCallError(status, {target_, absl::InfiniteDuration()});
  }

  // One stream of requests, each sent when the one before has its answer. `next_request(&request)`
  // fills one and returns false after the last; `on_response(response)` returns a status, and the
  // stream goes on while that is OK.
  template <typename Service, typename Request, typename Response, typename Source,
            typename Handler>
  absl::Status Exchange(std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> (
                            Service::Stub::*method)(grpc::ClientContext*),
                        const Source& next_request, const Handler& on_response) const {
    const auto stub = Service::NewStub(channel_);
    grpc::ClientContext context;
    SayWho(context);
    const auto stream = ((*stub).*method)(&context);
    Request request;
    Response response;
    while (next_request(&request)) {
      if (!stream->Write(request) || !stream->Read(&response)) return EndEarly(stream->Finish());
      const absl::Status taken = on_response(response);
      if (taken.ok()) continue;
      context.TryCancel();
      stream->Finish();
      return taken;
    }
    stream->WritesDone();
    const grpc::Status status = stream->Finish();
    if (status.ok()) return absl::OkStatus();
    return ToCallError(status, {target_, absl::InfiniteDuration()});
  }

 private:
  void SayWho(grpc::ClientContext& context) const;

  // Why a stream ended, of which an answer was still expected.
  absl::Status EndEarly(const grpc::Status& status) const;

  std::string target_;
  absl::Duration timeout_;
  std::string identity_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace tipgate
