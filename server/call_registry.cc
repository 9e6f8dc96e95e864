#include "server/call_registry.h"

namespace tipgate {

bool CallRegistry::Add() {
  absl::MutexLock lock(&mutex_);
  ++calls_count_;
  return !is_draining_;
}

void CallRegistry::Remove() {
  absl::MutexLock lock(&mutex_);
  --calls_count_;
}

void CallRegistry::AddStream(Stream* stream) {
  absl::MutexLock lock(&mutex_);
  streams_.insert(stream);
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

}  // namespace tipgate
