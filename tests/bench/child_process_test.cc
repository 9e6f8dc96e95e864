#include "bench/child_process.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>

#include "bench/ready_file.h"
#include "bench/scratch_directory.h"

namespace tipgate {
namespace {

constexpr auto kSoon = absl::Seconds(30);

class ChildProcessTest : public testing::Test {
 protected:
  void SetUp() override {
    auto scratch = ScratchDirectory::Create();
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    scratch_ = *std::move(scratch);
  }

  absl::StatusOr<ChildProcess> Shell(const std::string& script,
                                     std::vector<std::string> environment = {}) {
    return ChildProcess::Start(
        {"/bin/sh", {"-c", script}, std::move(environment), scratch_.Join("log")});
  }

  ScratchDirectory scratch_;
};

TEST_F(ChildProcessTest, TellsTheExitCodeAgainAndAgain) {
  auto child = Shell("exit 65");
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(child->WaitExit(kSoon).value(), 65);
  EXPECT_EQ(child->WaitExit(absl::ZeroDuration()).value(), 65);
}

TEST_F(ChildProcessTest, TellsTheSignalThatEndedIt) {
  auto child = Shell("exec sleep 600");
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(child->WaitExit(absl::ZeroDuration()).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  child->Signal(SIGKILL);
  EXPECT_EQ(child->WaitExit(kSoon).value(), 128 + SIGKILL);
}

TEST_F(ChildProcessTest, EndsWithItsObject) {
  pid_t pid = 0;
  {
    auto child = Shell("exec sleep 600");
    ASSERT_TRUE(child.ok()) << child.status();
    pid = child->pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST_F(ChildProcessTest, KeepsBothOutputsInItsLog) {
  auto child = Shell("echo words; echo complaints >&2");
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(child->WaitExit(kSoon).value(), 0);
  EXPECT_EQ(child->LogTail(), "words\ncomplaints\n");
}

TEST_F(ChildProcessTest, OnlyTheLastWordsAreTold) {
  auto child = Shell("head -c 5000 /dev/zero | tr '\\0' a; echo end");
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(child->WaitExit(kSoon).value(), 0);
  EXPECT_EQ(child->LogTail().size(), 2000U);
  EXPECT_EQ(child->LogTail().substr(1995), "aend\n");
}

TEST_F(ChildProcessTest, EnvironmentIsOursWithTheGivenOnTop) {
  ASSERT_EQ(setenv("TIPGATE_TEST_OURS", "ours", 1), 0);
  ASSERT_EQ(setenv("TIPGATE_TEST_BOTH", "ours", 1), 0);
  auto child = Shell("echo $TIPGATE_TEST_OURS $TIPGATE_TEST_BOTH", {"TIPGATE_TEST_BOTH=given"});
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(child->WaitExit(kSoon).value(), 0);
  EXPECT_EQ(child->LogTail(), "ours given\n");
}

TEST_F(ChildProcessTest, InheritsNoDescriptorAndNoBlockedSignal) {
  auto child = Shell("ls /proc/self/fd | wc -l; grep SigBlk /proc/self/status");
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(child->WaitExit(kSoon).value(), 0);
  EXPECT_EQ(child->LogTail(), "4\nSigBlk:\t0000000000000000\n");  // 0, 1, 2, and the listed folder.
}

TEST_F(ChildProcessTest, CountsItsCpuTime) {
  auto child = Shell("i=0; while [ $i -lt 50000 ]; do i=$((i + 1)); done; kill -STOP $$");
  ASSERT_TRUE(child.ok()) << child.status();
  // It stops itself when it has worked, and does not end: what it used can be read until it does.
  siginfo_t stopped{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child->pid()), &stopped, WSTOPPED), 0);
  EXPECT_GT(child->CpuTime(), absl::Microseconds(100));
  child->Signal(SIGKILL);
  EXPECT_EQ(child->WaitExit(kSoon).value(), 128 + SIGKILL);
  EXPECT_EQ(child->CpuTime(), absl::ZeroDuration());
}

TEST_F(ChildProcessTest, AProgramThatIsNotThereIsRefused) {
  const auto child = ChildProcess::Start({"/nonexistent", {}, {}, scratch_.Join("log")});
  EXPECT_EQ(child.status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ChildProcessTest, ReadyFileIsReadWhenItAppears) {
  const std::string path = scratch_.Join("ready.json");
  auto child =
      Shell("echo '{\"listen_address\":\"a:1\",\"metrics_address\":\"b:2\",\"pid\":3}' > " + path +
            ".tmp; mv " + path + ".tmp " + path + "; exec sleep 600");
  ASSERT_TRUE(child.ok()) << child.status();
  const auto addresses = WaitForReadyFile(*child, path, kSoon);
  ASSERT_TRUE(addresses.ok()) << addresses.status();
  EXPECT_EQ(addresses->listen, "a:1");
  EXPECT_EQ(addresses->metrics, "b:2");
}

TEST_F(ChildProcessTest, AnEndBeforeTheReadyFileTellsExitCodeAndLastWords) {
  auto child = Shell("echo no such policy >&2; exit 78");
  ASSERT_TRUE(child.ok()) << child.status();
  const absl::Status status = WaitForReadyFile(*child, scratch_.Join("ready.json"), kSoon).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("exit code 78"), absl::string_view::npos) << status;
  EXPECT_NE(status.message().find("no such policy"), absl::string_view::npos) << status;
}

TEST_F(ChildProcessTest, WaitingForAReadyFileEnds) {
  auto child = Shell("exec sleep 600");
  ASSERT_TRUE(child.ok()) << child.status();
  const auto addresses =
      WaitForReadyFile(*child, scratch_.Join("ready.json"), absl::Milliseconds(10));
  EXPECT_EQ(addresses.status().code(), absl::StatusCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace tipgate
