#include "tests/cli/gate_error.h"
#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

v1::CreateBackupResponse Done() {
  return Proto<v1::CreateBackupResponse>(R"pb(
    written_bytes: 2000
    backup {
      backup_id: 3
      create_time { seconds: 1777636800 }
      journal_sequence: 20
      chain_head: "abcd"
      size_bytes: 5000
    })pb");
}

TEST_F(TipctlTest, BackupCreateReportsTheBackup) {
  gate_.script().Reply("CreateBackup", Proto<v1::CreateBackupResponse>("written_bytes: 1000"));
  gate_.script().Reply("CreateBackup", Done());
  const auto result = Run("backup create");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "") << "no progress where there is no terminal";
  EXPECT_TRUE(HasLine(result.out, "backup 3"));
  EXPECT_TRUE(HasLine(result.out, "made 2026-05-01T20:00:00.000+08:00"));
  EXPECT_TRUE(HasLine(result.out, "journal entries 20"));
  EXPECT_TRUE(HasLine(result.out, "chain head abcd"));
  EXPECT_TRUE(HasLine(result.out, "bytes 5000"));
}

TEST_F(TipctlTest, BackupCreateJsonIsTheLastMessage) {
  gate_.script().Reply("CreateBackup", Done());
  const auto result = Run("backup create --json");
  EXPECT_TRUE(IsSame(FromJson<v1::CreateBackupResponse>(result.out), Done()));
}

TEST_F(TipctlTest, ABackupThatDoesNotComeToItsEndIsNoSuccess) {
  gate_.script().Reply("CreateBackup", Proto<v1::CreateBackupResponse>("written_bytes: 1000"));
  EXPECT_EQ(Run("backup create").exit_code, 3);
}

TEST_F(TipctlTest, BackupListIsATable) {
  v1::ListBackupsResponse response;
  *response.add_backups() = Done().backup();
  gate_.script().Reply("ListBackups", response);
  const auto result = Run("backup list");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "BACKUP MADE ENTRIES BYTES CHAIN HEAD"));
  EXPECT_TRUE(HasLine(result.out, "3 2026-05-01T20:00:00.000+08:00 20 5000 abcd"));
}

TEST_F(TipctlTest, WhatIsOfflineAsksNoGate) {
  for (const char* line :
       {"verify --data-dir /nowhere", "verify --backup-dir /nowhere",
        "backup list --backup-dir /nowhere", "restore --from /nowhere --to /tmp/never"}) {
    const auto result = Run(line);
    EXPECT_EQ(result.exit_code, 3) << line;
    EXPECT_NE(result.err.find("NOT_FOUND: there"), std::string::npos) << line << result.err;
  }
}

TEST_F(TipctlTest, AWrongLineAboutBackupsIsAUsageError) {
  for (const char* line :
       {"backup", "verify --data-dir a --backup-dir b", "verify --backup 1", "restore --from a",
        "restore --to a", "restore --from a --to b --to-sequence 1 --to-time 30m",
        "restore --from a --to b --to-sequence 0", "restore --from a --to b --backup x",
        "verify --data-dir="}) {
    const auto result = Run(line);
    EXPECT_EQ(result.exit_code, 2) << line << result.err;
    EXPECT_EQ(result.out, "") << line;
  }
}

}  // namespace
}  // namespace tipgate
