#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/crash/proto_requests.h"
#include "tests/crash/wish.h"
#include "tests/integration/gate_client.h"

namespace tipgate::crash {

// What a client's books say of one key.
struct Line {
  std::unique_ptr<const Wish> wish;
  std::string answer;       // the first one, serialized; empty: none yet
  bool is_refused = false;  // an error said that nothing was done, and nothing may have been
  int64_t record_id = 0;    // that the answer names: of a tip or a recharge; 0: none
  bool is_accepted = false;
  bool is_held = false;
  bool settles_soon = false;
};

// What became of sending something.
enum class Sent {
  kAnswered,  // all of it
  kLater,     // no answer, or not to all: send it again
  kFault,     // an answer that no honest gate gives
};

// One call of a client: as many keys as it has lines. Sent again until it is answered, and later
// once more, to get the same answers again. One thread at a time.
class Deed {
 public:
  virtual ~Deed() = default;

  Sent Send(GateClient* client);

  const std::vector<Line>& lines() const { return lines_; }
  int64_t attempts_count() const { return attempts_count_; }
  // After kFault.
  const std::string& fault() const { return fault_; }

 protected:
  explicit Deed(std::vector<Line> lines) : lines_(std::move(lines)) {}

  // Makes the call, and notes what was answered.
  virtual grpc::Status Call(GateClient* client) = 0;
  // Notes an answer; one that came before must be the same.
  void Note(size_t index, const std::string& answer);
  Line& line(size_t index) { return lines_[index]; }

 private:
  bool IsAnswered() const;

  std::vector<Line> lines_;
  int64_t attempts_count_ = 0;
  std::string fault_;
};

// How tips are sent.
enum class TipCall { kUnary, kBatch, kStream };

// kUnary: exactly one tip.
std::unique_ptr<Deed> MakeTips(TipCall call, const std::vector<oracle::TipRequest>& tips);

// Any other request of the contract, under one key.
template <typename Request>
class UnaryDeed final : public Deed {
 public:
  UnaryDeed(Request request, std::unique_ptr<const Wish> wish)
      : Deed(OneLine(std::move(wish))), request_(std::move(request)) {}

 private:
  static std::vector<Line> OneLine(std::unique_ptr<const Wish> wish) {
    std::vector<Line> lines(1);
    lines[0].wish = std::move(wish);
    return lines;
  }

  grpc::Status Call(GateClient* client) override {
    ResponseTo<Request> response;
    const grpc::Status status = client->Call(request_, &response);
    if (!status.ok()) return status;
    Note(0, response.SerializeAsString());
    if constexpr (std::is_same_v<Request, v1::AuthorizeRechargeRequest>) {
      line(0).record_id = response.decision().recharge_id();
      line(0).is_accepted = response.decision().outcome() == v1::OUTCOME_ACCEPTED;
    }
    if constexpr (requires { response.job(); }) line(0).record_id = response.job().job_id();
    return status;
  }

  const Request request_;
};

// A request that the oracle knows.
template <typename Result, typename Request>
std::unique_ptr<Deed> MakeDeed(const Request& request) {
  auto proto = ToProto(request);
  return std::make_unique<UnaryDeed<decltype(proto)>>(std::move(proto), MakeWish<Result>(request));
}

// An order about many tips: the oracle is asked at each of its steps (History).
template <typename Request>
std::unique_ptr<Deed> MakeOrder(const Request& request) {
  class OrderWish final : public Wish {
   public:
    using Wish::Wish;
    std::string CompareWithOracle(oracle::Oracle*, const differ::RecordPlace&) const override {
      return "";
    }
  };
  return std::make_unique<UnaryDeed<Request>>(
      request, std::make_unique<const OrderWish>(request.idempotency_key()));
}

}  // namespace tipgate::crash
