#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "tests/crash/client.h"

namespace tipgate::crash {

// Eight clients, a thread each, that all do the same until they are told something else. One thread
// tells them; between Rest and the next order their books are that thread's to read.
class Crowd {
 public:
  static constexpr int kClients = 8;

  explicit Crowd(uint64_t seed);
  ~Crowd();

  // New calls without end, each after the one before, those that are open first.
  void Load(const std::string& target) { Tell(Task::kLoad, target); }
  // What is open, until it is answered.
  void Finish(const std::string& target) { Tell(Task::kFinish, target); }
  // All that was answered, once more.
  void Replay(const std::string& target) { Tell(Task::kReplay, target); }
  // Waits until everybody has come to an end with what they were told, but loaders, who have none
  // while the gate lives, are told to stop. False if that takes longer than a minute.
  bool Rest();

  std::vector<std::unique_ptr<Client>>& clients() { return clients_; }

 private:
  enum class Task { kNone, kLoad, kFinish, kReplay, kEnd };

  void Tell(Task task, const std::string& target);
  void Run(Client* client);
  void Do(Task task, Client* client, int64_t number);
  // Between two calls: who taps a gift does not tap the next at once. False if there is a new task.
  bool Think(int64_t number);

  std::vector<std::unique_ptr<Client>> clients_;
  absl::Mutex mutex_;
  Task task_ ABSL_GUARDED_BY(mutex_) = Task::kNone;
  std::string target_ ABSL_GUARDED_BY(mutex_);
  int64_t tasks_count_ ABSL_GUARDED_BY(mutex_) = 0;
  int resting_count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::thread> threads_;
};

}  // namespace tipgate::crash
