#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "core/entry.h"
#include "core/journal.h"

namespace tipgate {

// Reads single entries and keeps the last one: requests that are close together in the journal
// decode it once. One thread.
class EntryReader {
 public:
  explicit EntryReader(const Journal* journal) : journal_(*journal) {}

  // The entry, valid until the next Read. Errors as Journal::Read.
  absl::StatusOr<const Entry*> Read(int64_t sequence);

  const Journal& journal() const { return journal_; }

 private:
  const Journal& journal_;
  Entry entry_;
  int64_t sequence_ = -1;  // -1: nothing was read
};

// Why a task is not done.
enum class ReaderRefusal {
  kBusy,            // too much is waiting
  kDeadlinePassed,  // nobody waits for it any more
};

// Work that reads history. Made by a service, handed to ReaderPool::Submit, which calls exactly one
// of Read and Refuse.
class ReaderTask {
 public:
  virtual ~ReaderTask() = default;

  virtual void Read(EntryReader* reader) = 0;
  virtual void Refuse(ReaderRefusal why) = 0;

  // Unix time in nanoseconds after which nobody waits for it.
  virtual int64_t reader_deadline_ns() const = 0;

  // True if it reads one entry or a few, as the replay of a first answer does: such tasks go before
  // those that walk through history.
  virtual bool is_short() const = 0;
};

// Threads that read history, so that neither the gRPC threads nor those of the pipeline wait for
// the disk. Short tasks first, otherwise in order. Any thread.
//
// With 0 threads nothing is read but by the steps that the owner takes, for a simulation.
class ReaderPool {
 public:
  // Tasks of either kind that may wait.
  static constexpr size_t kTasksMax = 4'096;

  // `journal` and `clock` outlive this.
  ReaderPool(const Journal* journal, const Clock* clock, int threads_count);

  // Ends the threads once everything that was submitted is done.
  ~ReaderPool();

  ReaderPool(const ReaderPool&) = delete;
  ReaderPool& operator=(const ReaderPool&) = delete;

  void Submit(std::unique_ptr<ReaderTask> task);

  // Does the next task on this thread; false if none waits.
  bool Step();

 private:
  void Run();
  void Do(std::unique_ptr<ReaderTask> task, EntryReader* reader);
  // The next task, or null once the pool ends.
  std::unique_ptr<ReaderTask> Await();
  std::unique_ptr<ReaderTask> Pop() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasNews() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return is_stopping_ || !short_tasks_.empty() || !walks_.empty();
  }

  const Journal* const journal_;
  const Clock& clock_;
  std::vector<std::thread> threads_;
  absl::Mutex mutex_;
  std::deque<std::unique_ptr<ReaderTask>> short_tasks_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::unique_ptr<ReaderTask>> walks_ ABSL_GUARDED_BY(mutex_);
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tipgate
