#include "server/reader_pool.h"

#include <utility>

namespace tipgate {

absl::StatusOr<const Entry*> EntryReader::Read(int64_t sequence) {
  if (sequence == sequence_) return &entry_;
  sequence_ = -1;
  if (absl::Status status = journal_.Read(sequence, &entry_); !status.ok()) return status;
  sequence_ = sequence;
  return &entry_;
}

ReaderPool::ReaderPool(const Journal* journal, int threads_count) : journal_(journal) {
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
    if (tasks_.size() < kTasksMax) {
      tasks_.push_back(std::move(task));
      return;
    }
  }
  task->Refuse();
}

void ReaderPool::Run() {
  EntryReader reader(journal_);
  while (std::unique_ptr<ReaderTask> task = Take()) task->Read(&reader);
}

std::unique_ptr<ReaderTask> ReaderPool::Take() {
  const absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &ReaderPool::HasNews));
  if (tasks_.empty()) return nullptr;
  std::unique_ptr<ReaderTask> task = std::move(tasks_.front());
  tasks_.pop_front();
  return task;
}

}  // namespace tipgate
