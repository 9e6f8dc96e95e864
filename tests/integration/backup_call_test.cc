// Backups of a gate under load, the crashes between, and what is restored from them.

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bench/child_process.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/load_clients.h"

namespace tipgate {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class BackupCall : public GateTest {
 protected:
  BackupCall() { more_config_ = "backup_dir: backups\ncheckpoint_interval: 50ms\n"; }

  // Makes a backup; `on_progress` is called for each message before its end.
  grpc::Status Create(
      v1::Backup* backup, const std::function<void()>& on_progress = [] {}) {
    grpc::ClientContext context;
    const auto reader = client().audit().CreateBackup(&context, v1::CreateBackupRequest());
    v1::CreateBackupResponse response;
    while (reader->Read(&response)) {
      if (response.has_backup()) *backup = response.backup();
      on_progress();
    }
    return reader->Finish();
  }

  std::string backup_dir() { return files().Join("backups"); }
  std::string restored_dir() { return files().Join("restored"); }

  // tipctl with these words, which are split at spaces; expects its exit status.
  void Ctl(const std::string& words, int expected_exit_code = 0) {
    const std::string output_file = files().Join("tipctl.out");
    auto tool = ChildProcess::Start({TIPCTL_BINARY, absl::StrSplit(words, ' '), {}, output_file});
    ASSERT_TRUE(tool.ok()) << tool.status();
    EXPECT_EQ(tool->WaitExit(absl::Minutes(2)).value_or(-1), expected_exit_code)
        << words << "\n"
        << ReadFile(output_file);
  }
  void Restore(const std::string& more = "") {
    fs::remove_all(restored_dir());
    Ctl(absl::StrCat("restore --from ", backup_dir(), " --to ", restored_dir(), more));
  }

  // A gate on what was restored.
  std::unique_ptr<GateProcess> StartRestored() {
    GateProcessOptions options = StartOptions();
    options.data_dir = restored_dir();
    options.log_file = files().Join("restored.log");
    auto gate = GateProcess::Start(options);
    EXPECT_TRUE(gate.ok()) << gate.status();
    return gate.ok() ? *std::move(gate) : nullptr;
  }
};

TEST_F(BackupCall, WhatWasAnsweredBeforeIsInItUnderLoadAndKills) {
  more_config_ += "backup_bytes_per_second_max: 1048576\n";
  StartGateWithSession();
  LoadClients::PutPayers(client());
  const unsigned seed = std::random_device()();
  std::cout << "seed " << seed << std::endl;
  TipBooks before;
  int round = 0;
  int killed_count = 0;
  v1::Backup last;
  for (; round < 6; ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", seed, ", round ", round));
    {
      LoadClients clients(gate().target(), seed, 2 * round, &before);
      ASSERT_TRUE(before.AwaitAnswers(3'000));
      clients.Stop();
    }
    TipBooks beside;
    LoadClients clients(gate().target(), seed, 2 * round + 1, &beside);
    ASSERT_TRUE(beside.AwaitAnswers(200));
    v1::Backup backup;
    const bool is_killed = round % 2 == 1;
    std::atomic<bool> has_begun{false};
    std::thread killer([&] {
      if (!is_killed) return;
      while (!has_begun.load()) std::this_thread::yield();
      gate().Kill();
    });
    const grpc::Status status = Create(&backup, [&] { has_begun.store(true); });
    has_begun.store(true);
    killer.join();
    if (is_killed) {
      clients.AwaitEnd();
      StartGate();
      before.ReplayAll(client());
      if (!status.ok()) ++killed_count;
    } else {
      ASSERT_TRUE(status.ok()) << status.error_message();
      EXPECT_GT(backup.backup_id(), last.backup_id());
      last = backup;
      clients.Stop();
      ASSERT_NO_FATAL_FAILURE(Restore());
      const auto restored = StartRestored();
      ASSERT_NE(restored, nullptr);
      GateClient restored_client(restored->target());
      EXPECT_GE(restored_client.Info().journal_sequence(), backup.journal_sequence());
      before.ReplayAll(restored_client);
      restored_client.Verify();
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(killed_count, 0) << "no kill has hit a backup";
  EXPECT_EQ(client().Must(v1::ListBackupsRequest()).backups_size(), 3);
  StopGate();
}

TEST_F(BackupCall, APointInTimeForgetsWhatCameAfterAndNothingElse) {
  StartGateWithSession();
  const v1::TipDecision first = client().Tip(TipOf("first", 1));
  const int64_t point = client().Info().journal_sequence();
  const v1::TipDecision second = client().Tip(TipOf("second", 2));
  ASSERT_EQ(second.outcome(), v1::OUTCOME_ACCEPTED);
  v1::Backup backup;
  ASSERT_TRUE(Create(&backup).ok());
  Ctl(absl::StrCat("verify --backup-dir ", backup_dir()));
  StopGate();
  Ctl(absl::StrCat("verify --data-dir ", files().data_dir()));
  ASSERT_NO_FATAL_FAILURE(Restore(absl::StrCat(" --to-sequence ", point)));
  const auto restored = StartRestored();
  ASSERT_NE(restored, nullptr);
  GateClient restored_client(restored->target());
  EXPECT_EQ(restored_client.Totals().accepted_minor(), 1);
  EXPECT_EQ(restored_client.Tip(TipOf("first", 1)).SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(restored_client.Totals().accepted_minor(), 1) << "a retry counts once";
  const v1::TipDecision again = restored_client.Tip(TipOf("second", 2));
  EXPECT_EQ(again.outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_GT(again.tip_id(), first.tip_id());
  EXPECT_EQ(restored_client.Totals().accepted_minor(), 3);
  restored_client.Verify();
}

TEST_F(BackupCall, ADrainDoesNotWaitForABackup) {
  more_config_ += "backup_bytes_per_second_max: 1048576\n";
  StartGateWithSession();
  LoadClients::PutPayers(client());
  TipBooks books;
  {
    LoadClients clients(gate().target(), 1, 0, &books);
    ASSERT_TRUE(books.AwaitAnswers(20'000));
    clients.Stop();
  }
  v1::Backup backup;
  std::atomic<bool> has_begun{false};
  grpc::Status status;
  std::thread caller([&] { status = Create(&backup, [&] { has_begun.store(true); }); });
  while (!has_begun.load()) std::this_thread::yield();
  StopGate();
  caller.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
  StartGate();
  EXPECT_EQ(client().Must(v1::ListBackupsRequest()).backups_size(), 0);
  EXPECT_TRUE(Create(&backup).ok());
  EXPECT_EQ(backup.backup_id(), 1);
}

TEST_F(BackupCall, FilesAreForTheirOwnerAlone) {
  StartGateWithSession();
  v1::Backup backup;
  ASSERT_TRUE(Create(&backup).ok());
  ASSERT_NO_FATAL_FAILURE(Restore());
  for (const std::string& directory : {backup_dir(), restored_dir()}) {
    for (const auto& file : fs::recursive_directory_iterator(directory)) {
      const auto mode = static_cast<int>(file.status().permissions());
      EXPECT_EQ(mode, file.is_directory() ? 0700 : 0600) << file.path();
    }
    EXPECT_EQ(static_cast<int>(fs::status(directory).permissions()), 0700);
  }
}

class NoBackupDirectory : public GateTest {};

TEST_F(NoBackupDirectory, BackupsAreRefusedWithWhatToSet) {
  StartGate();
  grpc::ClientContext context;
  const auto reader = client().audit().CreateBackup(&context, v1::CreateBackupRequest());
  v1::CreateBackupResponse response;
  EXPECT_FALSE(reader->Read(&response));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("backup_dir"));
}

TEST_F(NoBackupDirectory, OneInsideOfTheDataIsRefusedAtTheStart) {
  more_config_ = "backup_dir: data/backups\n";
  const auto gate = GateProcess::Start(StartOptions());
  EXPECT_THAT(gate.status().message(), HasSubstr("is in the data directory"));
}

}  // namespace
}  // namespace tipgate
