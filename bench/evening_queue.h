#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace tipgate {

// A bounded queue between the one who makes up the evening and those who send it. Thread-safe.
template <typename T>
class EveningQueue {
 public:
  explicit EveningQueue(size_t items_max) : items_max_(items_max) {}

  // Waits while it is full. Not after Close.
  void Push(T item) {
    const auto has_room = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return items_.size() < items_max_;
    };
    absl::MutexLock lock(&mutex_, absl::Condition(&has_room));
    items_.push_back(std::move(item));
  }

  // 1 .. count_max items, as many as there are; waits for the first. Empty after the last one.
  std::vector<T> Pop(size_t count_max) {
    const auto has_news = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return !items_.empty() || is_closed_;
    };
    absl::MutexLock lock(&mutex_, absl::Condition(&has_news));
    std::vector<T> taken;
    while (!items_.empty() && taken.size() < count_max) {
      taken.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    return taken;
  }

  // Nothing follows.
  void Close() {
    absl::MutexLock lock(&mutex_);
    is_closed_ = true;
  }

 private:
  const size_t items_max_;
  absl::Mutex mutex_;
  std::deque<T> items_ ABSL_GUARDED_BY(mutex_);
  bool is_closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tipgate
