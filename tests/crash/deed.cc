#include "tests/crash/deed.h"

#include <algorithm>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "tests/crash/platform.h"

namespace tipgate::crash {
namespace {

bool IsForLater(grpc::StatusCode code) {
  return code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::RESOURCE_EXHAUSTED;
}

// Nothing was done: who is asked for is unknown, or no longer in the state for it.
bool IsRefusal(grpc::StatusCode code) {
  return code == grpc::StatusCode::NOT_FOUND || code == grpc::StatusCode::FAILED_PRECONDITION;
}

class TipsDeed final : public Deed {
 public:
  TipsDeed(TipCall call, std::vector<Line> lines, v1::AuthorizeTipsRequest request)
      : Deed(std::move(lines)), call_(call), request_(std::move(request)) {}

 private:
  grpc::Status Call(GateClient* client) override {
    switch (call_) {
      case TipCall::kUnary:
        return CallUnary(client);
      case TipCall::kBatch:
        return CallBatch(client);
      case TipCall::kStream:
        return CallStream(client);
    }
    return grpc::Status::OK;
  }

  grpc::Status CallUnary(GateClient* client) {
    v1::AuthorizeTipRequest request;
    *request.mutable_tip() = request_.tips(0);
    v1::AuthorizeTipResponse response;
    const grpc::Status status = client->Call(request, &response);
    if (status.ok()) NoteDecision(0, response.decision());
    return status;
  }

  grpc::Status CallBatch(GateClient* client) {
    v1::AuthorizeTipsResponse response;
    const grpc::Status status = client->Call(request_, &response);
    for (int i = 0; i < response.results_size(); ++i) NoteResult(i, response.results(i));
    return status;
  }

  // Two messages, both on the way at once.
  grpc::Status CallStream(GateClient* client) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
    client->Identify(&context);
    const auto stream = client->tips().StreamTips(&context);
    const int half = (request_.tips_size() + 1) / 2;
    v1::StreamTipsRequest requests[2];
    for (int i = 0; i < request_.tips_size(); ++i) {
      *requests[i / half].add_tips() = request_.tips(i);
    }
    for (const v1::StreamTipsRequest& request : requests) {
      if (request.tips_size() > 0) stream->Write(request);
    }
    stream->WritesDone();
    v1::StreamTipsResponse response;
    for (int next = 0; next < request_.tips_size() && stream->Read(&response);) {
      for (const v1::TipResult& result : response.results()) NoteResult(next++, result);
    }
    return stream->Finish();
  }

  void NoteResult(int index, const v1::TipResult& result) {
    if (result.has_decision()) NoteDecision(index, result.decision());
  }

  void NoteDecision(int index, const v1::TipDecision& decision) {
    const auto at = static_cast<size_t>(index);
    Note(at, decision.SerializeAsString());
    line(at).record_id = decision.tip_id();
    line(at).is_accepted = decision.outcome() == v1::OUTCOME_ACCEPTED;
    line(at).is_held = request_.tips(index).hold();
    line(at).settles_soon = IsFastSession(request_.tips(index).session_id());
  }

  const TipCall call_;
  const v1::AuthorizeTipsRequest request_;
};

}  // namespace

Sent Deed::Send(GateClient* client) {
  ++attempts_count_;
  const grpc::Status status = Call(client);
  if (!fault_.empty()) return Sent::kFault;
  if (status.ok()) return IsAnswered() ? Sent::kAnswered : Sent::kLater;
  if (IsForLater(status.error_code())) return Sent::kLater;
  if (IsRefusal(status.error_code()) && lines_.size() == 1 && lines_[0].answer.empty()) {
    lines_[0].is_refused = true;
    return Sent::kAnswered;
  }
  fault_ = absl::StrCat(lines_[0].wish->key(), " failed: ", status.error_code(), " ",
                        status.error_message());
  return Sent::kFault;
}

void Deed::Note(size_t index, const std::string& answer) {
  Line& line = lines_[index];
  if (line.answer.empty() && !line.is_refused) {
    line.answer = answer;
  } else if (line.answer != answer) {
    fault_ = absl::StrCat(line.wish->key(), " was answered in two ways");
  }
}

bool Deed::IsAnswered() const {
  return std::all_of(lines_.begin(), lines_.end(),
                     [](const Line& line) { return !line.answer.empty() || line.is_refused; });
}

std::unique_ptr<Deed> MakeTips(TipCall call, const std::vector<oracle::TipRequest>& tips) {
  std::vector<Line> lines(tips.size());
  v1::AuthorizeTipsRequest request;
  for (size_t i = 0; i < tips.size(); ++i) {
    lines[i].wish = MakeWish<oracle::TipResult>(tips[i]);
    *request.add_tips() = ToProto(tips[i]);
  }
  return std::make_unique<TipsDeed>(call, std::move(lines), std::move(request));
}

}  // namespace tipgate::crash
