#pragma once

#include <atomic>
#include <cstdint>
#include <list>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/stats.h"

namespace tipgate {

// What the replies that wait to be sent may take in memory. Callers that read leave far less
// waiting: it holds four full batches of short replies, or 4,000 pages of history.
inline constexpr int64_t kUnsentReplyBytesMax = int64_t{512} << 20;
// What gRPC and we keep for such a call besides the bytes of its reply; 15 KB were measured.
inline constexpr int64_t kUnsentCallBytes = 16'384;
// A reply that nobody takes for so long may be given up.
inline constexpr absl::Duration kUnsentTimeMax = absl::Seconds(5);

// The replies of unary calls that gRPC has not sent yet, because callers are slow to take them, or
// take nothing. There is one total for the process, since memory is the process's, and a caller may
// open many connections. Any thread.
//
// 1. While they take bytes_max or more, no further call gets into work. The replies to those that
//    are in work already are added all the same.
// 2. Nobody keeps others out by taking nothing: once there is no room, the oldest are given up.
class UnsentReplies {
 public:
  // A call whose reply waits.
  class Call {
   public:
    // Ends without its reply, soon. Called with the replies locked.
    virtual void GiveUp() = 0;

   protected:
    ~Call() = default;
  };

  struct Options {
    int64_t bytes_max = kUnsentReplyBytesMax;
    // Kept up to date; outlive this.
    std::atomic<int64_t>* bytes = nullptr;
    SharedCounter* refusals = nullptr;
  };

  // How the caller of Add names its reply.
  struct Reply {
    Call* call;
    int64_t bytes;
    absl::Time since;
    bool is_given_up;
  };
  using Place = std::list<Reply>::iterator;

  explicit UnsentReplies(const Options& options) : options_(options) {}

  // False if a call that comes now must be refused, which is counted.
  bool HasRoom(absl::Time now);

  // The reply, of so many bytes, is about to be sent; Remove it when it has been, or never will be.
  Place Add(Call* call, int64_t reply_bytes, absl::Time now);
  void Remove(Place place);

 private:
  bool IsFull() const { return options_.bytes->load() >= options_.bytes_max; }

  const Options options_;
  absl::Mutex mutex_;
  std::list<Reply> waiting_ ABSL_GUARDED_BY(mutex_);  // the oldest first
  std::list<Reply> given_up_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tipgate
