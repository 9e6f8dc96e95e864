#include "server/call_registry.h"

#include "absl/time/clock.h"

namespace tipgate {

bool CallRegistry::Add() {
  absl::MutexLock lock(&mutex_);
  ++calls_count_;
  ++begun_count_;
  return !is_draining_;
}

void CallRegistry::Remove() {
  absl::MutexLock lock(&mutex_);
  --calls_count_;
}

void CallRegistry::AddStream(Stream* stream) {
  absl::MutexLock lock(&mutex_);
  streams_.insert(stream);
  ++begun_count_;
  if (is_draining_) stream->Drain();
}

void CallRegistry::RemoveStream(Stream* stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(stream);
}

void CallRegistry::Drain() {
  absl::MutexLock lock(&mutex_);
  is_draining_ = true;
  for (Stream* stream : streams_) stream->Drain();
}

void CallRegistry::AwaitNone(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(this, &CallRegistry::IsEmpty), timeout);
}

void CallRegistry::AwaitSilence(absl::Duration silence, absl::Duration timeout) {
  const absl::Time end = absl::Now() + timeout;
  absl::MutexLock lock(&mutex_);
  int64_t known_count = begun_count_;
  const auto has_more_begun = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return begun_count_ != known_count;
  };
  while (absl::Now() < end && mutex_.AwaitWithTimeout(absl::Condition(&has_more_begun), silence)) {
    known_count = begun_count_;
  }
}

}  // namespace tipgate
