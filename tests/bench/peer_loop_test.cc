#include "bench/peer_loop.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "absl/strings/match.h"
#include "bench/gate_process.h"
#include "bench/load_scene.h"
#include "bench/peer_bench.h"
#include "bench/peer_check.h"

namespace tipgate {
namespace {

// A connection to itself: what it sends makes it readable, and then it is answered.
class LoopedConnection final : public PeerConnection {
 public:
  explicit LoopedConnection(int64_t code) : code_(code) {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()), 0);
  }
  LoopedConnection(const LoopedConnection&) = delete;
  LoopedConnection& operator=(const LoopedConnection&) = delete;
  ~LoopedConnection() override {
    for (const int end : ends_) close(end);
  }

  int descriptor() const override { return ends_[0]; }
  bool wants_write() const override { return false; }
  const std::vector<PeerAnswer>& answers() const override { return answers_; }

  absl::Status Send(absl::Span<const PeerTip> tips) override {
    answers_.assign(tips.size(), PeerAnswer{code_, 1, 2});
    ++call_count;
    return write(ends_[1], "x", 1) == 1 ? absl::OkStatus() : absl::InternalError("write");
  }
  absl::StatusOr<bool> Advance() override {
    char byte = 0;
    return recv(ends_[0], &byte, 1, MSG_DONTWAIT) == 1;
  }

  int64_t call_count = 0;

 private:
  const int64_t code_;
  std::array<int, 2> ends_{};
  std::vector<PeerAnswer> answers_;
};

void ThreeTips(std::vector<PeerTip>& tips) { tips.assign(3, PeerTip{}); }

TEST(PeerLoop, EveryTipOfEveryCallIsCounted) {
  for (const auto& [code, name] : {std::pair(0, "accepted"), {16, "rejected"}, {-1, "error"}}) {
    PeerConnections connections;
    auto connection = std::make_unique<LoopedConnection>(code);
    LoopedConnection& looped = *connection;
    connections.push_back(std::move(connection));
    const auto result = RunPeerLoop(connections, ThreeTips, absl::Milliseconds(20));
    ASSERT_TRUE(result.ok()) << result.status();
    const int64_t tip_count = 3 * looped.call_count;
    EXPECT_EQ(result->accepted_count, code == 0 ? tip_count : 0) << name;
    EXPECT_EQ(result->rejected_count, code > 0 ? tip_count : 0) << name;
    EXPECT_EQ(result->error_count, code < 0 ? tip_count : 0) << name;
    EXPECT_EQ(result->latencies.count(), looped.call_count) << name;
    EXPECT_GE(looped.call_count, 1) << name;
  }
}

TEST(PeerLoop, ASingleQuestionIsAnswered) {
  LoopedConnection connection(16);
  const auto answers = AskPeer(connection, {PeerTip{}});
  ASSERT_TRUE(answers.ok()) << answers.status();
  EXPECT_EQ(*answers, std::vector<PeerAnswer>({{16, 1, 2}}));
}

// A server that gives every tip the same answer.
class OneAnswerPeer final : public Peer {
 public:
  explicit OneAnswerPeer(int64_t code) : code_(code) {}

  const std::string& version() const override { return version_; }
  pid_t pid() const override { return 0; }
  absl::Status SetUp(const PeerWorld&) override { return absl::OkStatus(); }
  absl::StatusOr<std::unique_ptr<PeerConnection>> Connect() override {
    return std::make_unique<LoopedConnection>(code_);
  }
  absl::Status Stop() override { return absl::OkStatus(); }

 private:
  const int64_t code_;
  const std::string version_ = "Single 1";
};

TEST(PeerCheck, APeerWithoutRulesFails) {
  OneAnswerPeer peer(0);
  const absl::Status status = RunPeerChecks(peer, PeerChecks(PeerRules()));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_NE(status.message().find("Single 1 does not apply the rules"), absl::string_view::npos);
}

// Of those that a range begins with, none of the small world may be below what a run can have.
TEST(PeerCheck, IdsAreAsLargeAsThoseOfARun) {
  LoadScene last_run;
  last_run.run_number = (1 << LoadScene::kRunNumberBits) - 1;
  for (const PeerCheck& check : PeerChecks(PeerRules())) {
    for (const PeerPayers& payers : check.world.payers) {
      EXPECT_GE(payers.first_id, last_run.PayerId(0));
    }
    for (const PeerSession& session : check.world.sessions) {
      EXPECT_GE(session.session_id, last_run.SessionId(0));
    }
  }
}

LoadOptions OneSecond() {
  LoadOptions options;
  options.batch = 3;
  options.payers = 10;
  options.sessions = 2;
  options.seconds = 1;
  options.connections = 1;
  options.policy_file = SampleFile("policy.yaml");
  options.gifts_file = SampleFile("gifts.yaml");
  return options;
}

TEST(PeerBench, ARunInWhichAllIsAcceptedIsAReport) {
  OneAnswerPeer peer(0);
  const auto report = RunPeerBench(OneSecond(), PeerRules(), peer);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_GT(report->gate.result.accepted_count, 0);
}

TEST(PeerBench, ARefusedTipFailsTheRunByPeerAndRule) {
  for (const int warmup_seconds : {0, 1}) {
    OneAnswerPeer peer(4);
    LoadOptions options = OneSecond();
    options.warmup_seconds = warmup_seconds;
    const absl::Status status = RunPeerBench(options, PeerRules(), peer).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_TRUE(absl::StartsWith(status.message(), "Single 1 refuses ")) << status;
    EXPECT_TRUE(absl::EndsWith(status.message(), "the first by T4")) << status;
  }
}

TEST(PeerCheck, EachRuleThatPeersExpressIsAskedFor) {
  std::array<bool, 20> is_asked{};
  for (const PeerCheck& check : PeerChecks(PeerRules())) {
    for (const PeerCase& one : check.cases) {
      ASSERT_EQ(one.tips.size(), one.expected.size()) << one.claim;
      for (const PeerAnswer& answer : one.expected) {
        if (answer.code > 0) is_asked.at(static_cast<size_t>(answer.code)) = true;
      }
    }
  }
  for (const size_t rule : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19}) {
    EXPECT_TRUE(is_asked.at(rule)) << "T" << rule;
  }
}

}  // namespace
}  // namespace tipgate
