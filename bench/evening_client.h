#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "bench/evening.h"
#include "bench/evening_books.h"
#include "bench/latency_histogram.h"
#include "tipgate/v1/payer.grpc.pb.h"
#include "tipgate/v1/recharge.grpc.pb.h"
#include "tipgate/v1/session.grpc.pb.h"
#include "tipgate/v1/streamer.grpc.pb.h"
#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {

// Latencies by the name of the call.
using EveningLatencies = std::map<std::string, LatencyHistogram>;

// A recharge whose capture comes after the evening.
struct LateCapture {
  int64_t recharge_id = 0;
  std::string key;
};

// An app server that sends one request at a time and writes each answer into the books. What may be
// retried is retried with the same key and a growing pause, a bounded number of times. One thread.
class EveningClient {
 public:
  EveningClient(const std::shared_ptr<grpc::Channel>& channel, EveningBooks* books);
  ~EveningClient();

  void PutPayer(const v1::PutPayerRequest& request);
  void PutStreamer(const v1::PutStreamerRequest& request);
  void OpenSession(const v1::OpenSessionRequest& request);
  void CloseSession(const v1::CloseSessionRequest& request);

  // One call for each tip, one for all of them, one message of a stream that stays open.
  void AuthorizeTip(const EveningTip& tip);
  void AuthorizeTips(const std::vector<EveningTip>& tips);
  void StreamTips(const std::vector<EveningTip>& tips);

  // Authorizes and, if accepted, ends it; what is to be captured late is left to the caller.
  std::optional<LateCapture> Recharge(const EveningRecharge& recharge);
  void Capture(const LateCapture& late);

  const EveningLatencies& latencies() const { return latencies_; }
  // Attempts after the first.
  int64_t retries_count() const { return retries_count_; }

 private:
  using Attempt = absl::FunctionRef<grpc::Status(grpc::ClientContext*)>;
  using Exchange = absl::FunctionRef<grpc::Status(const std::vector<EveningTip>& tips,
                                                  std::vector<v1::TipResult>* results)>;
  using TipStream = grpc::ClientReaderWriter<v1::StreamTipsRequest, v1::StreamTipsResponse>;

  // Writes a decision down, and lets a payer who is asked to confirm do so.
  void TakeDecision(const EveningTip& tip, const v1::TipDecision& decision);
  void Confirm(int64_t payer_id, v1::Period period, const v1::TipDecision& decision);
  void Void(const EveningRecharge& recharge, const v1::RechargeDecision& authorized);
  // Until the gate has given a final answer.
  grpc::Status Call(const std::string& name, Attempt attempt);
  void SendBatch(const std::vector<EveningTip>& tips, Exchange exchange);
  // Writes down what is final; gives back the tips to be sent again.
  std::vector<EveningTip> RecordResults(const std::vector<EveningTip>& tips,
                                        const std::vector<v1::TipResult>& results);
  grpc::Status ExchangeOnStream(const std::vector<EveningTip>& tips,
                                std::vector<v1::TipResult>* results);
  grpc::Status EndStream();

  EveningBooks* const books_;
  const std::unique_ptr<v1::TipService::Stub> tips_;
  const std::unique_ptr<v1::PayerService::Stub> payers_;
  const std::unique_ptr<v1::StreamerService::Stub> streamers_;
  const std::unique_ptr<v1::SessionService::Stub> sessions_;
  const std::unique_ptr<v1::RechargeService::Stub> recharges_;
  std::unique_ptr<grpc::ClientContext> stream_context_;
  std::unique_ptr<TipStream> stream_;  // after its context: goes first
  EveningLatencies latencies_;
  int64_t retries_count_ = 0;
};

}  // namespace tipgate
