#include "server/reader_pool.h"

#include <utility>

#include "server/thread.h"

namespace tipgate {

absl::StatusOr<const Entry*> EntryReader::Read(int64_t sequence) {
  if (sequence == sequence_) return &entry_;
  sequence_ = -1;
  if (absl::Status status = journal_.Read(sequence, &entry_); !status.ok()) return status;
  sequence_ = sequence;
  return &entry_;
}

ReaderPool::ReaderPool(const Journal* journal, const Clock* clock, int threads_count)
    : journal_(journal), clock_(*clock) {
  for (int i = 0; i < threads_count; ++i) threads_.emplace_back([this] { Run(); });
}

ReaderPool::~ReaderPool() {
  {
    const absl::MutexLock lock(&mutex_);
    is_stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

void ReaderPool::Submit(std::unique_ptr<ReaderTask> task) {
  {
    const absl::MutexLock lock(&mutex_);
    auto& tasks = task->is_short() ? short_tasks_ : walks_;
    if (tasks.size() < kTasksMax) {
      tasks.push_back(std::move(task));
      return;
    }
  }
  task->Refuse(ReaderRefusal::kBusy);
}

void ReaderPool::Run() {
  NameThread("reader");
  EntryReader reader(journal_);
  while (std::unique_ptr<ReaderTask> task = Await()) Do(std::move(task), &reader);
}

bool ReaderPool::Step() {
  std::unique_ptr<ReaderTask> task;
  {
    const absl::MutexLock lock(&mutex_);
    task = Pop();
  }
  if (task == nullptr) return false;
  EntryReader reader(journal_);
  Do(std::move(task), &reader);
  return true;
}

void ReaderPool::Do(std::unique_ptr<ReaderTask> task, EntryReader* reader) {
  if (task->reader_deadline_ns() <= clock_.WallNs()) {
    task->Refuse(ReaderRefusal::kDeadlinePassed);
  } else {
    task->Read(reader);
  }
}

std::unique_ptr<ReaderTask> ReaderPool::Await() {
  const absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &ReaderPool::HasNews));
  return Pop();
}

// Null if none waits.
std::unique_ptr<ReaderTask> ReaderPool::Pop() {
  auto& tasks = short_tasks_.empty() ? walks_ : short_tasks_;
  if (tasks.empty()) return nullptr;
  std::unique_ptr<ReaderTask> task = std::move(tasks.front());
  tasks.pop_front();
  return task;
}

}  // namespace tipgate
