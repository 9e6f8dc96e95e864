#include "server/backup_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/fake_response_stream.h"
#include "tests/server/service_gate.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

using testing::HasSubstr;

class FakeBackups final : public BackupStore {
 public:
  absl::StatusOr<Backup> Create(GoOn go_on) override {
    for (const int64_t bytes : {10, 20}) {
      if (!go_on(bytes)) return absl::CancelledError("stopped");
    }
    if (!failure.ok()) return failure;
    backups.push_back({.id = static_cast<int64_t>(backups.size()) + 1,
                       .create_time_ms = 5'000,
                       .sequence = 7,
                       .chain_head = "ab",
                       .format = 6,
                       .bytes = 99});
    return backups.back();
  }
  absl::StatusOr<std::vector<Backup>> List() const override {
    if (!failure.ok()) return failure;
    return backups;
  }

  std::vector<Backup> backups;
  absl::Status failure;
};

class BackupHandlersTest : public testing::Test {
 protected:
  // What the call ends with; what it sent is in `sent_`.
  std::optional<CallError> Create(BackupStore* backups) {
    sent_.clear();
    FakeResponseStream<v1::CreateBackupRequest, v1::CreateBackupResponse> stream({});
    stream.on_write = [&](const v1::CreateBackupResponse& response) {
      sent_.push_back(response);
      return sent_.size() < writes_max_;
    };
    ServiceContext context;
    context.backups = backups;
    return CreateBackupHandler(&context)(stream);
  }

  FakeBackups backups_;
  std::vector<v1::CreateBackupResponse> sent_;
  size_t writes_max_ = SIZE_MAX;
  ServiceGate gate_;
};

TEST_F(BackupHandlersTest, TellsProgressThenTheBackup) {
  ASSERT_FALSE(Create(&backups_).has_value());
  ASSERT_EQ(sent_.size(), 3u);
  EXPECT_EQ(sent_[0].written_bytes(), 10);
  EXPECT_FALSE(sent_[1].has_backup());
  const v1::Backup& backup = sent_[2].backup();
  EXPECT_EQ(backup.backup_id(), 1);
  EXPECT_EQ(backup.create_time().seconds(), 5);
  EXPECT_EQ(backup.journal_sequence(), 7);
  EXPECT_EQ(backup.chain_head(), "ab");
  EXPECT_EQ(backup.size_bytes(), 99);
}

TEST_F(BackupHandlersTest, WithoutADirectoryItSaysWhatToSet) {
  const auto error = Create(nullptr);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->reason, ErrorReason::kWrongState);
  EXPECT_THAT(error->message, HasSubstr("set it in the gate's configuration"));
  const auto list =
      gate_.Call<v1::ListBackupsResponse>(gate_.handlers.list_backups, v1::ListBackupsRequest());
  EXPECT_EQ(list.reason(), ErrorReason::kWrongState);
}

TEST_F(BackupHandlersTest, AFailureKeepsItsMessage) {
  backups_.failure = absl::ResourceExhaustedError("the volume is full");
  auto error = Create(&backups_);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->reason, ErrorReason::kBackupFailed);
  EXPECT_EQ(error->message, "the volume is full");
  gate_.set_backups(&backups_);
  const auto list =
      gate_.Call<v1::ListBackupsResponse>(gate_.handlers.list_backups, v1::ListBackupsRequest());
  EXPECT_EQ(list.reason(), ErrorReason::kBackupFailed);
}

TEST_F(BackupHandlersTest, EndsWhenNobodyListens) {
  writes_max_ = 2;
  const auto error = Create(&backups_);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->reason, ErrorReason::kStopping);
  EXPECT_TRUE(backups_.backups.empty());
}

TEST_F(BackupHandlersTest, ListsThoseThatThereAre) {
  Create(&backups_);
  Create(&backups_);
  gate_.set_backups(&backups_);
  const auto list =
      gate_.Call<v1::ListBackupsResponse>(gate_.handlers.list_backups, v1::ListBackupsRequest());
  ASSERT_FALSE(list.error.has_value());
  ASSERT_EQ(list.response.backups_size(), 2);
  EXPECT_EQ(list.response.backups(1).backup_id(), 2);
}

}  // namespace
}  // namespace tipgate
