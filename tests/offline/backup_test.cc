// Backups of an open directory: what is in them, what they share, and what does not count.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <string>

#include "offline/backups.h"
#include "storage/backup_directory.h"
#include "storage/directory_lock.h"
#include "tests/offline/live_directory.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class BackupTest : public testing::Test {
 protected:
  RocksDbBackupStore::Options Options(int64_t bytes_per_second = kUnhurt, int64_t kept = 30) {
    return {.path = backup_dir_, .bytes_per_second_max = bytes_per_second, .kept_count = kept};
  }

  absl::StatusOr<VerificationReport> Verify(int64_t id) {
    return VerifyBackup(backup_dir_, id, [](int64_t, int64_t) {});
  }

  // The files that several backups may share, with their numbers on the disk.
  std::map<std::string, fs::path> SharedFiles() const {
    std::map<std::string, fs::path> files;
    for (const auto& file : fs::directory_iterator(backup_dir_ + "/shared_checksum")) {
      files[file.path().filename()] = file.path();
    }
    return files;
  }
  int64_t Bytes() const {
    int64_t bytes = 0;
    for (const auto& file : fs::recursive_directory_iterator(backup_dir_)) {
      if (file.is_regular_file()) bytes += static_cast<int64_t>(file.file_size());
    }
    return bytes;
  }

  const TemporaryDirectory temporary_;
  const std::string data_dir_ = temporary_.File("data");
  const std::string backup_dir_ = temporary_.File("backups");
};

TEST_F(BackupTest, ContainsWhatWasDurableAndIsVerifiedWhereItIs) {
  LiveDirectory live(data_dir_, Options());
  const JournalHead head = live.head();
  const Backup backup = live.Back();
  EXPECT_EQ(backup.id, 1);
  EXPECT_EQ(backup.sequence, head.sequence);
  EXPECT_EQ(backup.chain_head, ToHex(head.hash));
  EXPECT_EQ(backup.format, kDirectoryFormat);
  EXPECT_GT(backup.bytes, 10'000);
  const auto report = Verify(0);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->chain_head, backup.chain_head);
  EXPECT_EQ(report->entries_count, head.sequence);
}

TEST_F(BackupTest, ALaterOneStoresOnlyWhatIsNew) {
  LiveDirectory live(data_dir_, Options(), /*entries_count=*/250);
  live.Back();
  const auto shared = SharedFiles();
  const int64_t bytes = Bytes();
  std::map<std::string, fs::file_time_type> times;
  for (const auto& [name, path] : shared) times[name] = fs::last_write_time(path);
  live.Append(20);
  const Backup second = live.Back();
  EXPECT_LT(Bytes() - bytes, bytes / 2);
  EXPECT_LT(Bytes() - bytes, second.bytes / 2);
  for (const auto& [name, path] : shared) {
    ASSERT_TRUE(fs::exists(path)) << name;
    EXPECT_EQ(fs::last_write_time(path), times[name]) << name;
  }
  for (const int64_t id : {1, 2}) {
    const auto report = Verify(id);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->entries_count, id == 1 ? 250 : 270);
  }
}

TEST_F(BackupTest, IsForItsOwnerAlone) {
  const mode_t mask = umask(077);  // as the gate's
  LiveDirectory(data_dir_, Options()).Back();
  umask(mask);
  for (const auto& file : fs::recursive_directory_iterator(backup_dir_)) {
    const auto others =
        file.status().permissions() & (fs::perms::group_all | fs::perms::others_all);
    EXPECT_EQ(others, fs::perms::none) << file.path();
  }
}

TEST_F(BackupTest, TheOldestGoOnceThereAreEnough) {
  LiveDirectory live(data_dir_, Options(kUnhurt, /*kept=*/2), /*entries_count=*/250);
  for (int i = 0; i < 4; ++i) {
    live.Append(5);
    live.Back();
  }
  const auto backups = live.backups().List();
  ASSERT_TRUE(backups.ok()) << backups.status();
  ASSERT_EQ(backups->size(), 2u);
  EXPECT_EQ(backups->front().id, 3);
  EXPECT_EQ(backups->back().id, 4);
  EXPECT_EQ(backups->back().sequence, 270);
  EXPECT_TRUE(Verify(3).ok());
  EXPECT_TRUE(Verify(4).ok());
  EXPECT_EQ(Verify(1).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(BackupTest, OneThatNobodyWaitsForLeavesNothingBehind) {
  LiveDirectory live(data_dir_, Options(/*bytes_per_second=*/64 << 10));
  int64_t told_count = 0;
  const auto given_up = live.backups().Create([&](int64_t written_bytes) {
    EXPECT_LT(written_bytes, 1 << 20);
    return ++told_count < 2;
  });
  EXPECT_EQ(given_up.status().code(), absl::StatusCode::kCancelled) << given_up.status();
  EXPECT_EQ(told_count, 2);
  EXPECT_TRUE(live.backups().List()->empty());
  RocksDbBackupStore next(&live.database(), &live.journal(), Options());
  EXPECT_TRUE(next.Create([](int64_t) { return true; }).ok());
  EXPECT_TRUE(Verify(0).ok());
}

// As a crash leaves it: files, but no word of them.
TEST_F(BackupTest, OneThatWasCutOffDoesNotCount) {
  LiveDirectory live(data_dir_, Options(), /*entries_count=*/250);
  live.Back();
  CopyTree(backup_dir_ + "/private/1", backup_dir_ + "/private/2");
  WriteWholeFile(backup_dir_ + "/meta/.2.tmp", "half a file");
  WriteWholeFile(backup_dir_ + "/shared_checksum/.000099_sABC_7.sst.tmp", "half");
  EXPECT_EQ(ListBackups(backup_dir_)->size(), 1u);
  live.Append(10);
  EXPECT_EQ(live.Back().id, 2);
  for (const int64_t id : {1, 2}) EXPECT_TRUE(Verify(id).ok()) << Verify(id).status();
}

TEST_F(BackupTest, ADamagedFileIsFoundAndNamed) {
  LiveDirectory(data_dir_, Options()).Back();
  int files_count = 0;
  for (const auto& file : fs::recursive_directory_iterator(backup_dir_)) {
    if (!file.is_regular_file() || file.file_size() == 0) continue;
    const std::string path = file.path();
    if (path.ends_with("/LOCK")) continue;
    ++files_count;
    const std::string bytes = ReadWholeFile(path);
    FlipBit(path, bytes.size() / 2, 5);
    const absl::Status status = Verify(1).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << path << ": " << status;
    WriteWholeFile(path, bytes);
  }
  EXPECT_GE(files_count, 6);
  EXPECT_TRUE(Verify(1).ok());
}

TEST_F(BackupTest, AMissingFileIsADamagedBackup) {
  LiveDirectory(data_dir_, Options()).Back();
  fs::remove(SharedFiles().begin()->second);
  const absl::Status status = Verify(1).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(status.message(), HasSubstr("backup 1"));
  EXPECT_TRUE(ListBackups(backup_dir_)->empty());
}

TEST_F(BackupTest, ADirectoryIsOfOneGate) {
  LiveDirectory live(data_dir_, Options());
  fs::create_directory(backup_dir_);
  const auto other = DirectoryLock::Own(backup_dir_, "backup directory");
  ASSERT_TRUE(other.ok());
  const auto refused = live.backups().Create([](int64_t) { return true; });
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(refused.status().message(), HasSubstr("is in use by process"));
}

TEST_F(BackupTest, WhereThereAreNoneIsSaid) {
  LiveDirectory live(data_dir_, Options());
  EXPECT_TRUE(live.backups().List()->empty());
  EXPECT_EQ(ListBackups(backup_dir_).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Verify(0).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(BackupTest, AnUnwritableDirectoryFailsAndTheDatabaseGoesOn) {
  WriteWholeFile(backup_dir_, "a file");
  LiveDirectory live(data_dir_, Options(), /*entries_count=*/250);
  EXPECT_FALSE(live.backups().Create([](int64_t) { return true; }).ok());
  live.Append(1);
  EXPECT_TRUE(live.database().BackgroundError().ok());
}

}  // namespace
}  // namespace tipgate
