#include "tests/crash/crowd.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace tipgate::crash {
namespace {

constexpr absl::Duration kThinkTime = absl::Milliseconds(2);
constexpr absl::Duration kPatience = absl::Minutes(1);

}  // namespace

Crowd::Crowd(uint64_t seed) {
  for (uint64_t i = 0; i < kClients; ++i) {
    clients_.push_back(std::make_unique<Client>(absl::StrCat("c", i), seed * kClients + i));
  }
  resting_count_ = kClients;
  for (const auto& client : clients_) {
    threads_.emplace_back([this, client = client.get()] { Run(client); });
  }
}

Crowd::~Crowd() {
  Tell(Task::kEnd, "");
  for (std::thread& thread : threads_) thread.join();
}

void Crowd::Tell(Task task, const std::string& target) {
  const absl::MutexLock lock(&mutex_);
  task_ = task;
  target_ = target;
  ++tasks_count_;
  resting_count_ = 0;
}

bool Crowd::Rest() {
  const absl::MutexLock lock(&mutex_);
  // Loaders see that the task has changed; the others have taken theirs already.
  if (task_ == Task::kLoad) task_ = Task::kNone;
  const auto is_resting = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return resting_count_ == kClients;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&is_resting), kPatience);
}

void Crowd::Run(Client* client) {
  for (int64_t done_count = 0;;) {
    Task task = Task::kNone;
    std::string target;
    {
      const absl::MutexLock lock(&mutex_);
      const auto has_task = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
        return tasks_count_ != done_count;
      };
      mutex_.Await(absl::Condition(&has_task));
      done_count = tasks_count_;
      task = task_;
      target = target_;
    }
    if (task == Task::kEnd) return;
    if (task != Task::kNone) client->Connect(target);
    Do(task, client, done_count);
    const absl::MutexLock lock(&mutex_);
    ++resting_count_;
  }
}

void Crowd::Do(Task task, Client* client, int64_t number) {
  switch (task) {
    case Task::kLoad:
      while (client->fault().empty() && client->SendOpen() && Think(number)) client->AddNew();
      return;
    case Task::kFinish:
      client->SendOpen();
      return;
    case Task::kReplay:
      client->Replay();
      return;
    case Task::kNone:
    case Task::kEnd:
      return;
  }
}

bool Crowd::Think(int64_t number) {
  const absl::MutexLock lock(&mutex_);
  const auto is_over = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return task_ != Task::kLoad || tasks_count_ != number;
  };
  return !mutex_.AwaitWithTimeout(absl::Condition(&is_over), kThinkTime);
}

}  // namespace tipgate::crash
