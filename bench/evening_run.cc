#include "bench/evening_run.h"

#include <atomic>
#include <optional>
#include <thread>
#include <utility>

#include "absl/time/clock.h"

namespace tipgate {
namespace {

constexpr int kCallersOfAChannel = 16;  // one connection serves that many well
constexpr int kReconnectMs = 200;       // how often a gate that is away is looked for
constexpr size_t kStreamBatchMax = 50;
constexpr size_t kWaitingMax = 256;  // actions made up ahead of those who send them

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMs);
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, kReconnectMs);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

EveningRun::EveningRun(const Options& options, Evening* evening, EveningBooks* books,
                       EveningProgress* progress)
    : options_(options), evening_(evening), books_(books), progress_(progress) {
  std::shared_ptr<grpc::Channel> channel;
  for (int i = 0; i < options.calls_in_flight; ++i) {
    if (i % kCallersOfAChannel == 0) channel = MakeChannel(options.target);
    callers_.push_back(std::make_unique<EveningClient>(channel, books));
  }
  for (int i = 0; i < options.streams; ++i) {
    streamers_.push_back(std::make_unique<EveningClient>(MakeChannel(options.target), books));
  }
}

void EveningRun::WithAll(absl::FunctionRef<void(EveningClient& client)> work) {
  std::vector<std::thread> threads;
  for (const auto& client : callers_) threads.emplace_back([&] { work(*client); });
  for (std::thread& thread : threads) thread.join();
}

void EveningRun::ForEach(size_t count,
                         absl::FunctionRef<void(EveningClient& client, size_t i)> work) {
  std::atomic<size_t> next{0};
  WithAll([&](EveningClient& client) {
    for (size_t i = next++; i < count; i = next++) {
      work(client, i);
      progress_->Add(1);
    }
  });
}

void EveningRun::SetUp() {
  const EveningCast& cast = evening_->cast();
  progress_->Begin("payers", static_cast<int64_t>(cast.payers().size()));
  ForEach(cast.payers().size(), [&](EveningClient& client, size_t i) {
    client.PutPayer(evening_->PutPayer(cast.payers()[i]));
  });
  std::vector<EveningStreamer> streamers = cast.streamers();
  streamers.insert(streamers.end(), cast.ineligible().begin(), cast.ineligible().end());
  progress_->Begin("sessions", static_cast<int64_t>(streamers.size()));
  ForEach(streamers.size(), [&](EveningClient& client, size_t i) {
    client.PutStreamer(evening_->PutStreamer(streamers[i]));
    client.OpenSession(evening_->OpenSession(streamers[i]));
  });
  progress_->End();
}

void EveningRun::Play() {
  EveningQueue<EveningAction> calls(kWaitingMax);
  EveningQueue<EveningTip> streamed(kWaitingMax);
  progress_->Begin("tips", evening_->options().tips);
  const absl::Time begin = absl::Now();
  std::vector<std::thread> threads;
  for (const auto& client : callers_) {
    threads.emplace_back([&, caller = client.get()] { SendCalls(&calls, caller); });
  }
  for (const auto& client : streamers_) {
    threads.emplace_back([&, streamer = client.get()] { SendStream(&streamed, streamer); });
  }
  Dispatch(&calls, &streamed);
  for (std::thread& thread : threads) thread.join();
  play_duration_ = absl::Now() - begin;
  progress_->End();
}

void EveningRun::Dispatch(EveningQueue<EveningAction>* calls, EveningQueue<EveningTip>* streams) {
  int reported = 0;
  while (std::optional<EveningAction> action = evening_->Next()) {
    if (action->kind == EveningActionKind::kPkTip) {
      streams->Push(std::move(action->tips.front()));
    } else {
      calls->Push(*std::move(action));
    }
    progress_->Add(evening_->tips_count() - reported);
    reported = evening_->tips_count();
  }
  calls->Close();
  streams->Close();
}

void EveningRun::SendCalls(EveningQueue<EveningAction>* calls, EveningClient* client) {
  while (true) {
    const std::vector<EveningAction> next = calls->Pop(1);
    if (next.empty()) return;
    Send(next.front(), client);
  }
}

void EveningRun::SendStream(EveningQueue<EveningTip>* tips, EveningClient* client) {
  while (true) {
    const std::vector<EveningTip> next = tips->Pop(kStreamBatchMax);
    if (next.empty()) return;
    std::vector<EveningTip> batch;
    for (const EveningTip& tip : next) {
      if (!SetAside(tip)) batch.push_back(tip);
    }
    client->StreamTips(batch);
  }
}

void EveningRun::Send(const EveningAction& action, EveningClient* client) {
  switch (action.kind) {
    case EveningActionKind::kTip:
    case EveningActionKind::kPkTip:
      if (!SetAside(action.tips.front())) client->AuthorizeTip(action.tips.front());
      return;
    case EveningActionKind::kCombo:
      return client->AuthorizeTips(action.tips);
    case EveningActionKind::kRecharge:
      if (const std::optional<LateCapture> late = client->Recharge(action.recharge)) {
        absl::MutexLock lock(&mutex_);
        late_captures_.push_back(*late);
      }
      return;
    case EveningActionKind::kClose:
      return client->CloseSession(action.close);
    case EveningActionKind::kReopen:
      return client->OpenSession(action.open);
  }
}

bool EveningRun::SetAside(const EveningTip& tip) {
  if (tip.expectation != EveningExpectation::kKeyReused) return false;
  if (books_->HasAnswer(tip.intent.idempotency_key())) return false;
  absl::MutexLock lock(&mutex_);
  set_aside_.push_back(tip);
  return true;
}

void EveningRun::CloseUp() {
  std::vector<EveningTip> tips;
  std::vector<LateCapture> captures;
  {
    absl::MutexLock lock(&mutex_);
    tips.swap(set_aside_);
    captures.swap(late_captures_);
  }
  const std::vector<int64_t> sessions(books_->tally().sessions_open.begin(),
                                      books_->tally().sessions_open.end());
  ForEach(tips.size(), [&](EveningClient& client, size_t i) { client.AuthorizeTip(tips[i]); });
  ForEach(captures.size(), [&](EveningClient& client, size_t i) { client.Capture(captures[i]); });
  ForEach(sessions.size(), [&](EveningClient& client, size_t i) {
    client.CloseSession(evening_->CloseSession(sessions[i]));
  });
}

EveningLatencies EveningRun::Latencies() const {
  EveningLatencies all;
  for (const auto* clients : {&callers_, &streamers_}) {
    for (const auto& client : *clients) {
      for (const auto& [name, latencies] : client->latencies()) all[name].Merge(latencies);
    }
  }
  return all;
}

int64_t EveningRun::RetriesCount() const {
  int64_t retries = 0;
  for (const auto* clients : {&callers_, &streamers_}) {
    for (const auto& client : *clients) retries += client->retries_count();
  }
  return retries;
}

}  // namespace tipgate
