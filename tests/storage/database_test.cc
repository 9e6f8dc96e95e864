#include "storage/database.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_manager.h"
#include "rocksdb/status.h"
#include "storage/background_error_latch.h"
#include "storage/rocksdb_status.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate {
namespace {

TEST(RocksDbStatus, CodesTellWhatToDo) {
  using rocksdb::Status;
  EXPECT_TRUE(FromRocksDb(Status::OK(), "x").ok());
  EXPECT_TRUE(absl::IsNotFound(FromRocksDb(Status::NotFound(), "x")));
  EXPECT_TRUE(absl::IsDataLoss(FromRocksDb(Status::Corruption(), "x")));
  EXPECT_TRUE(absl::IsDataLoss(FromRocksDb(Status::PathNotFound(), "x")));
  EXPECT_TRUE(absl::IsResourceExhausted(FromRocksDb(Status::NoSpace(), "x")));
  EXPECT_TRUE(absl::IsUnavailable(FromRocksDb(Status::IOError(), "x")));
  EXPECT_TRUE(absl::IsFailedPrecondition(FromRocksDb(Status::InvalidArgument(), "x")));
  EXPECT_TRUE(absl::IsInternal(FromRocksDb(Status::Busy(), "x")));
}

TEST(RocksDbStatus, MessagesSayWhatToDo) {
  using rocksdb::Status;
  const std::pair<Status, std::string> cases[] = {
      {Status::Corruption("bits"), "x: Corruption: bits; restore the data directory from a backup"},
      {Status::NoSpace("full"), "x: IO error: No space left on device: full; free some space"},
      {Status::IOError("disk on fire"), "x: IO error: disk on fire; check the disk, and that the"},
      {Status::InvalidArgument("new"), "x: Invalid argument: new; start the tipgate that made"},
      {Status::Busy("odd"), "x: Resource busy: odd; start again, and report it"},
  };
  for (const auto& [status, words] : cases) {
    const absl::Status ours = FromRocksDb(status, "x");
    EXPECT_TRUE(absl::StartsWith(ours.message(), words)) << ours;
  }
}

TEST(Database, TellsItsOwnThreadsThatTheyWorkInTheBackground) {
  const TemporaryDirectory temporary;
  std::vector<std::thread::id> told;
  const auto database =
      Database::Open(temporary.File("db"),
                     {.on_background_work = [&] { told.push_back(std::this_thread::get_id()); }});
  ASSERT_TRUE(database.ok()) << database.status();
  rocksdb::DB& db = (*database)->db();
  rocksdb::ColumnFamilyHandle* const family = (*database)->family(Family::kJournal);
  ASSERT_TRUE(db.Put(rocksdb::WriteOptions(), family, "k", "v").ok());
  ASSERT_TRUE(db.Flush(rocksdb::FlushOptions(), family).ok());
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0], std::this_thread::get_id());
}

// Large files that go at once hold up each fsync meanwhile.
TEST(Database, NeedlessFilesGoPieceByPiece) {
  const TemporaryDirectory temporary;
  const auto database = Database::Open(temporary.File("db"), {});
  ASSERT_TRUE(database.ok()) << database.status();
  const auto files = (*database)->db().GetDBOptions().sst_file_manager;
  ASSERT_NE(files, nullptr);
  EXPECT_GT(files->GetDeleteRateBytesPerSecond(), 0);
  EXPECT_GT(files->GetMaxTrashDBRatio(), 1e6);
}

TEST(Database, StatsCountWhatWasWritten) {
  const TemporaryDirectory temporary;
  const auto database = Database::Open(temporary.File("db"), {});
  ASSERT_TRUE(database.ok()) << database.status();
  rocksdb::DB& db = (*database)->db();
  const std::string value(100'000, 'x');
  ASSERT_TRUE(
      db.Put(rocksdb::WriteOptions(), (*database)->family(Family::kJournal), "k", value).ok());
  DatabaseStats stats = (*database)->Stats();
  EXPECT_GE(stats.wal_bytes, 100'000);
  EXPECT_GE(stats.memtable_bytes, 100'000);
  EXPECT_EQ(stats.sst_bytes, 0);
  ASSERT_TRUE(db.Flush(rocksdb::FlushOptions(), (*database)->family(Family::kJournal)).ok());
  stats = (*database)->Stats();
  EXPECT_GT(stats.sst_bytes, 0);
  EXPECT_EQ(stats.background_errors_count, 0);
  EXPECT_FALSE(stats.is_stalled);
}

TEST(Database, ABackgroundErrorIsKept) {
  const TemporaryDirectory temporary;
  const auto faults = std::make_shared<FaultyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(faults);
  const auto database = Database::Open(temporary.File("db"), {.env = env.get()});
  ASSERT_TRUE(database.ok()) << database.status();
  rocksdb::ColumnFamilyHandle* family = (*database)->family(Family::kState);
  ASSERT_TRUE((*database)->db().Put(rocksdb::WriteOptions(), family, "k", "v").ok());
  EXPECT_TRUE((*database)->BackgroundError().ok());
  faults->FailWrites();
  EXPECT_FALSE((*database)->db().Flush(rocksdb::FlushOptions(), family).ok());
  EXPECT_TRUE(absl::IsUnavailable((*database)->BackgroundError()))
      << (*database)->BackgroundError();
  EXPECT_GE((*database)->Stats().background_errors_count, 1);
  EXPECT_FALSE((*database)->db().Put(rocksdb::WriteOptions(), family, "k", "w").ok());
}

// RocksDB would try again when there is space, and go on behind our back.
TEST(Database, AFullDiskIsNotTriedAgain) {
  const TemporaryDirectory temporary;
  const auto database = Database::Open(temporary.File("db"), {});
  ASSERT_TRUE(database.ok()) << database.status();
  for (const auto& listener : (*database)->db().GetDBOptions().listeners) {
    bool tries_again = true;
    listener->OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason::kFlush,
                                   rocksdb::Status::NoSpace(), &tries_again);
    EXPECT_FALSE(tries_again);
  }
  EXPECT_EQ((*database)->db().GetDBOptions().listeners.size(), 1U);
}

TEST(Database, AMissingFileIsDamage) {
  const TemporaryDirectory temporary;
  {
    const auto database = Database::Open(temporary.File("db"), {});
    ASSERT_TRUE(database.ok());
    rocksdb::ColumnFamilyHandle* family = (*database)->family(Family::kState);
    ASSERT_TRUE((*database)->db().Put(rocksdb::WriteOptions(), family, "k", "v").ok());
    ASSERT_TRUE((*database)->db().Flush(rocksdb::FlushOptions(), family).ok());
  }
  ASSERT_EQ(std::remove(FindOnlyFile(temporary.File("db"), ".sst").c_str()), 0);
  const auto database = Database::Open(temporary.File("db"), {});
  EXPECT_TRUE(absl::IsDataLoss(database.status())) << database.status();
}

}  // namespace
}  // namespace tipgate
