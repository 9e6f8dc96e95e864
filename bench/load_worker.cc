#include "bench/load_worker.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/load_interrupt.h"

namespace tipgate {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
// How often the end of the time is looked for while nothing is answered.
constexpr auto kLookEvery = std::chrono::milliseconds(50);
constexpr int64_t kSleepMaxNs = kSecondNs / 10;
// A server that says nothing for so long never will.
constexpr int64_t kSilenceMaxNs = 30 * kSecondNs;
// How long after the end the open loop still sends what it meant to send before.
constexpr int64_t kLateMaxNs = 10 * kSecondNs;
// More failures than this without a success between them end the run: nobody is there.
constexpr int64_t kFailuresInARowMax = 10'000;

std::string Describe(const grpc::Status& status) {
  if (status.ok()) return "the server ended the stream";
  return absl::StrCat("gRPC status ", static_cast<int>(status.error_code()), ": ",
                      status.error_message());
}

}  // namespace

int64_t SteadyNow() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

void LoadResult::Merge(const LoadResult& other) {
  accepted_count += other.accepted_count;
  rejected_count += other.rejected_count;
  error_count += other.error_count;
  expired_count += other.expired_count;
  overloaded_count += other.overloaded_count;
  decided_in_time_count += other.decided_in_time_count;
  stall_count += other.stall_count;
  longest_gap_ns = std::max(longest_gap_ns, other.longest_gap_ns);
  unsent_count += other.unsent_count;
  if (first_error.empty()) first_error = other.first_error;
  if (first_rejection.empty()) first_rejection = other.first_rejection;
  latencies.Merge(other.latencies);
}

LoadWorker::LoadWorker(LoadShare share, LoadTraffic& traffic, AnswerGaps& gaps)
    : share_(std::move(share)), gaps_(gaps), traffic_(traffic) {
  for (const auto& channel : share_.channels) {
    stubs_.push_back(std::make_unique<grpc::GenericStub>(channel));
  }
}

LoadResult LoadWorker::Run() {
  {
    absl::MutexLock lock(&mutex_);
    MakeLanes();
    if (!is_open_loop()) SendFirst();
  }
  std::thread sender;
  if (is_open_loop()) sender = std::thread(&LoadWorker::SendOnTime, this);
  HandleEvents();
  if (sender.joinable()) sender.join();
  queue_.Shutdown();
  absl::MutexLock lock(&mutex_);
  return result_;
}

void LoadWorker::MakeLanes() {
  const size_t lane_count = share_.is_stream ? stubs_.size() : size_t(share_.in_flight_max);
  LoadLaneOwner& self = *this;
  for (size_t i = 0; i < lane_count; ++i) {
    grpc::GenericStub& stub = *stubs_[i % stubs_.size()];
    if (share_.is_stream) {
      lanes_.push_back(std::make_unique<StreamLane>(self, stub, queue_, share_.method));
    } else {
      lanes_.push_back(std::make_unique<UnaryLane>(self, stub, queue_, share_.method));
    }
  }
  for (size_t i = 0; i < size_t(share_.in_flight_max); ++i) {
    free_.push_back(lanes_[i % lane_count].get());
  }
}

void LoadWorker::SendFirst() {
  while (!free_.empty() && !is_over_) SendNext(SteadyNow());
}

std::optional<grpc::ByteBuffer> LoadWorker::NextRequest() {
  if (!refused_.empty()) {
    grpc::ByteBuffer request = refused_.back();
    refused_.pop_back();
    return request;
  }
  if (share_.repeat_permille == 0) return traffic_.Next();
  repeat_credit_ += share_.repeat_permille;
  if (repeat_credit_ >= 1'000 && last_.Valid()) {
    repeat_credit_ -= 1'000;
    return last_;
  }
  std::optional<grpc::ByteBuffer> request = traffic_.Next();
  if (request) last_ = *request;
  return request;
}

void LoadWorker::SendNext(int64_t intended_ns) {
  std::optional<grpc::ByteBuffer> request = NextRequest();
  if (!request) {
    is_over_ = true;
    return;
  }
  LoadLane* const lane = free_.back();
  free_.pop_back();
  ++under_way_count_;
  lane->Send({.intended_ns = intended_ns,
              .deadline_ns = share_.deadline_ns == 0 ? 0 : intended_ns + share_.deadline_ns,
              .request = *std::move(request)});
}

void LoadWorker::OnReply(LoadLane* lane, int64_t intended_ns, const grpc::ByteBuffer& reply) {
  const int64_t now_ns = SteadyNow();
  --under_way_count_;
  gaps_.NoteAnswer(intended_ns, now_ns);
  auto outcomes = traffic_.Read(reply);
  if (!outcomes.ok()) {
    CountFailure(std::string(outcomes.status().message()));
  } else {
    failures_in_a_row_ = 0;
    CountReply(intended_ns, now_ns, *outcomes);
  }
  Free(lane);
}

void LoadWorker::CountReply(int64_t intended_ns, int64_t now_ns, const TipOutcomes& outcomes) {
  if (share_.deadline_ns > 0 && now_ns - intended_ns > share_.deadline_ns) {
    result_.expired_count += share_.items_per_message;
    return;
  }
  result_.latencies.Record(now_ns - intended_ns);
  result_.accepted_count += outcomes.accepted_count;
  result_.rejected_count += outcomes.rejected_count;
  result_.error_count += outcomes.error_count;
  if (result_.first_error.empty()) result_.first_error = outcomes.first_error;
  if (result_.first_rejection.empty()) result_.first_rejection = outcomes.first_rejection;
  if (now_ns <= share_.end_ns) {
    result_.decided_in_time_count += outcomes.accepted_count + outcomes.rejected_count;
  }
}

void LoadWorker::OnFailure(LoadLane* lane, int64_t, const grpc::Status& status) {
  --under_way_count_;
  if (!CountMissed(lane, status)) CountFailure(Describe(status));
  Free(lane);
}

bool LoadWorker::CountMissed(LoadLane* lane, const grpc::Status& status) {
  if (share_.deadline_ns == 0) return false;
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    result_.expired_count += share_.items_per_message;
    return true;
  }
  if (status.error_code() != grpc::StatusCode::RESOURCE_EXHAUSTED) return false;
  result_.overloaded_count += share_.items_per_message;
  if (std::optional<grpc::ByteBuffer> request = lane->TakeFailed()) {
    refused_.push_back(*std::move(request));
  }
  return true;
}

void LoadWorker::CountFailure(const std::string& message) {
  result_.error_count += share_.items_per_message;
  if (result_.first_error.empty()) result_.first_error = message;
  if (++failures_in_a_row_ > kFailuresInARowMax) is_over_ = true;
}

// Takes the place back; in the closed loop it is used again at once.
void LoadWorker::Free(LoadLane* lane) {
  if (lane->can_send()) free_.push_back(lane);
  const bool is_lost = free_.empty() && under_way_count_ == 0;  // The last stream broke.
  const int64_t now_ns = SteadyNow();
  if (is_lost || IsInterrupted() || (!is_open_loop() && now_ns >= share_.end_ns)) is_over_ = true;
  if (!is_open_loop() && !is_over_ && !free_.empty()) SendNext(now_ns);
}

bool LoadWorker::IsFinished() {
  if (!is_over_ || under_way_count_ > 0) return false;
  if (!is_closed_) {
    for (auto& lane : lanes_) lane->Close();
  }
  is_closed_ = true;
  return std::none_of(lanes_.begin(), lanes_.end(),
                      [](const auto& lane) { return lane->is_event_coming(); });
}

void LoadWorker::OnSilence(int64_t silent_ns) {
  if (IsInterrupted() || (!is_open_loop() && SteadyNow() >= share_.end_ns)) is_over_ = true;
  if (silent_ns < kSilenceMaxNs || lanes_.empty()) return;
  is_over_ = true;
  if (result_.first_error.empty()) result_.first_error = "the server did not answer for 30 s";
  for (auto& lane : lanes_) lane->Cancel();
}

void LoadWorker::HandleEvents() {
  int64_t last_event_ns = SteadyNow();
  for (;;) {
    void* tag = nullptr;
    bool is_ok = false;
    const auto deadline = std::chrono::system_clock::now() + kLookEvery;
    const bool is_event =
        queue_.AsyncNext(&tag, &is_ok, deadline) == grpc::CompletionQueue::GOT_EVENT;
    absl::MutexLock lock(&mutex_);
    if (is_event) {
      const auto* const event = static_cast<LoadTag*>(tag);
      event->lane->OnEvent(event->event, is_ok);
      last_event_ns = SteadyNow();
    } else {
      OnSilence(SteadyNow() - last_event_ns);
    }
    if (IsFinished()) return;
  }
}

void LoadWorker::SendOnTime() {
  const int64_t interval_ns = share_.interval_ns;
  int64_t intended_ns = share_.start_ns;
  for (; intended_ns < share_.end_ns; intended_ns += interval_ns) {
    for (int64_t left_ns; (left_ns = intended_ns - SteadyNow()) > 0 && !IsInterrupted();) {
      std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(left_ns, kSleepMaxNs)));
    }
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &LoadWorker::CanSend));
    if (is_over_ || IsInterrupted() || SteadyNow() > share_.end_ns + kLateMaxNs) break;
    if (share_.deadline_ns > 0 && SteadyNow() > intended_ns + share_.deadline_ns) {
      result_.unsent_count += share_.items_per_message;
      continue;
    }
    SendNext(intended_ns);
  }
  absl::MutexLock lock(&mutex_);
  is_over_ = true;
  if (intended_ns >= share_.end_ns) return;
  const int64_t message_count = (share_.end_ns - intended_ns + interval_ns - 1) / interval_ns;
  result_.unsent_count += message_count * share_.items_per_message;
}

LoadResult RunLoad(const std::vector<LoadShare>& shares,
                   const std::vector<std::unique_ptr<LoadTraffic>>& traffics) {
  std::vector<LoadResult> results(shares.size());
  std::vector<std::thread> threads;
  AnswerGaps gaps(SteadyNow());
  for (size_t i = 0; i < shares.size(); ++i) {
    threads.emplace_back([&, i] { results[i] = LoadWorker(shares[i], *traffics[i], gaps).Run(); });
  }
  for (std::thread& thread : threads) thread.join();
  LoadResult total;
  for (const LoadResult& result : results) total.Merge(result);
  total.stall_count = gaps.stall_count();
  total.longest_gap_ns = gaps.longest_ns();
  return total;
}

}  // namespace tipgate
