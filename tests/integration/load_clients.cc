#include "tests/integration/load_clients.h"

#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "tests/integration/requests.h"

namespace tipgate {
namespace {

constexpr size_t kReplayBatch = 1'000;
constexpr absl::Duration kPatience = absl::Minutes(1);
// What every third client calls.
constexpr const char* kCalls[] = {"AuthorizeTip", "AuthorizeTips", "StreamTips"};

}  // namespace

void TipBooks::NoteSent(const v1::TipIntent& intent) {
  absl::MutexLock lock(&mutex_);
  lines_[intent.idempotency_key()].intent = intent;
}

void TipBooks::NoteAnswer(const std::string& key, const v1::TipDecision& decision) {
  absl::MutexLock lock(&mutex_);
  lines_[key].answer = decision.SerializeAsString();
  ++answers_count_;
}

bool TipBooks::AwaitAnswers(int64_t more) {
  absl::MutexLock lock(&mutex_);
  const int64_t target = answers_count_ + more;
  const auto is_reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return answers_count_ >= target;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&is_reached), kPatience);
}

void TipBooks::ReplayAll(GateClient& client) {
  absl::MutexLock lock(&mutex_);
  v1::AuthorizeTipsRequest request;
  for (auto line = lines_.begin(); line != lines_.end();) {
    *request.add_tips() = (line++)->second.intent;
    if (request.tips_size() < static_cast<int>(kReplayBatch) && line != lines_.end()) continue;
    const v1::AuthorizeTipsResponse response = client.Must(request);
    ASSERT_EQ(response.results_size(), request.tips_size());
    for (int i = 0; i < response.results_size(); ++i) {
      Line& expected = lines_[request.tips(i).idempotency_key()];
      const v1::TipResult& result = response.results(i);
      ASSERT_TRUE(result.has_decision()) << result.ShortDebugString();
      const std::string answer = result.decision().SerializeAsString();
      if (expected.answer.empty()) expected.answer = answer;
      ASSERT_EQ(answer, expected.answer) << result.ShortDebugString();
    }
    request.Clear();
  }
}

void TipBooks::ExpectTotals(const v1::Totals& totals) {
  absl::MutexLock lock(&mutex_);
  int64_t accepted_count = 0;
  int64_t rejected_count = 0;
  int64_t accepted_minor = 0;
  for (const auto& [key, line] : lines_) {
    v1::TipDecision decision;
    ASSERT_TRUE(decision.ParseFromString(line.answer) && decision.tip_id() > 0) << key;
    const bool is_accepted = decision.outcome() == v1::OUTCOME_ACCEPTED;
    ++(is_accepted ? accepted_count : rejected_count);
    if (is_accepted) accepted_minor += decision.amount_minor();
  }
  EXPECT_EQ(totals.tips_accepted_count(), accepted_count);
  EXPECT_EQ(totals.tips_rejected_count(), rejected_count);
  EXPECT_EQ(totals.accepted_minor(), accepted_minor);
  EXPECT_EQ(totals.held_minor() + totals.pending_minor() + totals.frozen_minor() +
                totals.settled_minor() + totals.voided_minor() + totals.refunded_minor(),
            accepted_minor);
}

void LoadClients::PutPayers(GateClient& client) {
  for (int payer = 1; payer <= kPayers; ++payer) {
    if (payer % 10 != 0) client.PutAdult(payer);
  }
}

LoadClients::LoadClients(const std::string& target, unsigned seed, int round, TipBooks* books)
    : target_(target), seed_(seed), round_(round), books_(*books) {
  for (int i = 0; i < kThreads; ++i) threads_.emplace_back([this, i] { Run(i); });
}

LoadClients::~LoadClients() { Stop(); }

void LoadClients::Stop() {
  is_stopping_ = true;
  AwaitEnd();
}

void LoadClients::AwaitEnd() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::vector<std::string> LoadClients::UnexplainedEnds() {
  absl::MutexLock lock(&mutex_);
  return unexplained_ends_;
}

void LoadClients::Run(int number) {
  GateClient client(target_);
  std::mt19937 random(seed_ + static_cast<unsigned>(round_ * kThreads + number));
  grpc::Status status;
  for (int i = 0; !is_stopping_ && status.ok(); ++i) {
    std::vector<v1::TipIntent> intents(number % 3 == 0 ? 1 : 1 + random() % 20);
    for (size_t k = 0; k < intents.size(); ++k) {
      const std::string key = absl::StrCat(round_, "/", number, "/", i, "/", k);
      intents[k] = TipOf(key, 1 + static_cast<int32_t>(random() % 9));
      intents[k].set_payer_id(1 + static_cast<int64_t>(random() % kPayers));
      books_.NoteSent(intents[k]);
    }
    if (number % 3 == 0) status = TipOne(client, intents[0]);
    if (number % 3 == 1) status = TipMany(client, intents);
    if (number % 3 == 2) status = TipStream(client, intents);
  }
  if (status.ok() || status.error_code() == grpc::StatusCode::UNAVAILABLE) return;
  absl::MutexLock lock(&mutex_);
  unexplained_ends_.push_back(
      absl::StrCat(kCalls[number % 3], ": ", status.error_code(), " ", status.error_message()));
}

grpc::Status LoadClients::TipOne(GateClient& client, const v1::TipIntent& intent) {
  v1::AuthorizeTipResponse response;
  const grpc::Status status = client.Call(AuthorizeOf(intent), &response);
  if (status.ok()) books_.NoteAnswer(intent.idempotency_key(), response.decision());
  return status;
}

grpc::Status LoadClients::TipMany(GateClient& client, const std::vector<v1::TipIntent>& intents) {
  v1::AuthorizeTipsRequest request;
  request.mutable_tips()->Add(intents.begin(), intents.end());
  v1::AuthorizeTipsResponse response;
  const grpc::Status status = client.Call(request, &response);
  for (int i = 0; i < response.results_size(); ++i) {
    books_.NoteAnswer(request.tips(i).idempotency_key(), response.results(i).decision());
  }
  return status;
}

// Two messages on the way at once.
grpc::Status LoadClients::TipStream(GateClient& client, const std::vector<v1::TipIntent>& intents) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  const auto stream = client.tips().StreamTips(&context);
  const size_t half = (intents.size() + 1) / 2;
  std::vector<v1::StreamTipsRequest> requests(2);
  for (size_t i = 0; i < intents.size(); ++i) *requests[i / half].add_tips() = intents[i];
  if (requests[1].tips_size() == 0) requests.pop_back();
  for (const v1::StreamTipsRequest& request : requests) stream->Write(request);
  stream->WritesDone();
  v1::StreamTipsResponse response;
  for (size_t n = 0; n < requests.size() && stream->Read(&response); ++n) {
    for (int i = 0; i < response.results_size(); ++i) {
      books_.NoteAnswer(requests[n].tips(i).idempotency_key(), response.results(i).decision());
    }
  }
  return stream->Finish();
}

}  // namespace tipgate
