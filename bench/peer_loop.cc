#include "bench/peer_loop.h"

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bench/answer_gaps.h"
#include "bench/load_interrupt.h"

namespace tipgate {
namespace {

constexpr int kLookEveryMs = 50;  // For the end of the time, and for interrupts.
constexpr int64_t kSilenceMaxNs = 30'000'000'000;
constexpr size_t kEventsMax = 256;

class PeerLoop {
 public:
  PeerLoop(PeerConnections& connections, const PeerTips& next_tips, absl::Duration duration)
      : next_tips_(next_tips),
        end_ns_(SteadyNow() + absl::ToInt64Nanoseconds(duration)),
        gaps_(SteadyNow()) {
    for (auto& connection : connections) lanes_.push_back({connection.get(), {}, 0, 0});
  }
  PeerLoop(const PeerLoop&) = delete;
  PeerLoop& operator=(const PeerLoop&) = delete;
  ~PeerLoop() {
    if (epoll_ >= 0) close(epoll_);
  }

  absl::StatusOr<LoadResult> Run() {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) return absl::ErrnoToStatus(errno, "cannot wait for connections");
    for (size_t i = 0; i < lanes_.size(); ++i) {
      absl::Status status = Watch(i, EPOLL_CTL_ADD);
      if (status.ok()) status = Send(i);
      if (!status.ok()) return status;
    }
    int64_t last_event_ns = SteadyNow();
    while (under_way_count_ > 0) {
      std::array<epoll_event, kEventsMax> events;
      const int count = epoll_wait(epoll_, events.data(), kEventsMax, kLookEveryMs);
      if (IsInterrupted()) return absl::CancelledError("interrupted");
      if (count > 0) last_event_ns = SteadyNow();
      if (SteadyNow() - last_event_ns > kSilenceMaxNs) {
        return absl::DeadlineExceededError("the server did not answer for 30 s");
      }
      for (int i = 0; i < count; ++i) {
        const auto event = static_cast<size_t>(i);
        if (absl::Status status = Handle(events.at(event).data.u64); !status.ok()) return status;
      }
    }
    result_.stall_count = gaps_.stall_count();
    result_.longest_gap_ns = gaps_.longest_ns();
    return result_;
  }

 private:
  struct Lane {
    PeerConnection* connection;
    std::vector<PeerTip> tips;
    int64_t sent_ns;
    uint32_t watched;
  };

  // Tells the kernel what the lane waits for, if that has changed.
  absl::Status Watch(size_t index, int operation) {
    Lane& lane = lanes_[index];
    const uint32_t wanted =
        EPOLLIN | (lane.connection->wants_write() ? uint32_t{EPOLLOUT} : uint32_t{0});
    if (lane.watched == wanted) return absl::OkStatus();
    lane.watched = wanted;
    epoll_event event{};
    event.events = wanted;
    event.data.u64 = index;
    if (epoll_ctl(epoll_, operation, lane.connection->descriptor(), &event) == 0) {
      return absl::OkStatus();
    }
    return absl::ErrnoToStatus(errno, "cannot wait for a connection");
  }

  absl::Status Send(size_t index) {
    Lane& lane = lanes_[index];
    next_tips_(lane.tips);
    lane.sent_ns = SteadyNow();
    if (absl::Status status = lane.connection->Send(lane.tips); !status.ok()) return status;
    ++under_way_count_;
    return Watch(index, EPOLL_CTL_MOD);
  }

  absl::Status Handle(size_t index) {
    Lane& lane = lanes_[index];
    const auto is_answered = lane.connection->Advance();
    if (!is_answered.ok()) return is_answered.status();
    if (!*is_answered) return Watch(index, EPOLL_CTL_MOD);
    --under_way_count_;
    const int64_t now_ns = SteadyNow();
    Count(lane, now_ns);
    if (now_ns >= end_ns_) return Watch(index, EPOLL_CTL_MOD);
    return Send(index);
  }

  void Count(const Lane& lane, int64_t now_ns) {
    gaps_.NoteAnswer(lane.sent_ns, now_ns);
    result_.latencies.Record(now_ns - lane.sent_ns);
    for (const PeerAnswer& answer : lane.connection->answers()) {
      if (answer.code == 0) ++result_.accepted_count;
      if (answer.code > 0 && result_.rejected_count++ == 0) {
        result_.first_rejection = absl::StrCat("T", answer.code);
      }
      if (answer.code < 0) ++result_.error_count;
    }
    if (now_ns <= end_ns_) {
      result_.decided_in_time_count += static_cast<int64_t>(lane.connection->answers().size());
    }
  }

  const PeerTips& next_tips_;
  const int64_t end_ns_;
  AnswerGaps gaps_;
  int epoll_ = -1;
  std::vector<Lane> lanes_;
  int64_t under_way_count_ = 0;
  LoadResult result_;
};

}  // namespace

absl::StatusOr<LoadResult> RunPeerLoop(PeerConnections& connections, const PeerTips& next_tips,
                                       absl::Duration duration) {
  return PeerLoop(connections, next_tips, duration).Run();
}

absl::StatusOr<std::vector<PeerAnswer>> AskPeer(PeerConnection& connection,
                                                const std::vector<PeerTip>& tips) {
  absl::Status status = connection.Send(tips);
  if (!status.ok()) return status;
  const int64_t start_ns = SteadyNow();
  for (;;) {
    const auto is_answered = connection.Advance();
    if (!is_answered.ok()) return is_answered.status();
    if (*is_answered) return connection.answers();
    const auto events = static_cast<short>(POLLIN | (connection.wants_write() ? POLLOUT : 0));
    pollfd watched{connection.descriptor(), events, 0};
    poll(&watched, 1, kLookEveryMs);
    if (IsInterrupted()) return absl::CancelledError("interrupted");
    if (SteadyNow() - start_ns > kSilenceMaxNs) {
      return absl::DeadlineExceededError("the server did not answer for 30 s");
    }
  }
}

}  // namespace tipgate
