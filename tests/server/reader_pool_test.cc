#include "server/reader_pool.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>

#include "absl/synchronization/notification.h"
#include "tests/support/memory_journal.h"

namespace tipgate {
namespace {

class Task final : public ReaderTask {
 public:
  Task(std::function<void()> on_read, std::function<void()> on_refused)
      : on_read_(std::move(on_read)), on_refused_(std::move(on_refused)) {}

  void Read(EntryReader*) override { on_read_(); }
  void Refuse() override { on_refused_(); }

 private:
  std::function<void()> on_read_;
  std::function<void()> on_refused_;
};

TEST(ReaderPool, RefusesWhatDoesNotFitAndDoesTheRest) {
  MemoryJournal journal;
  absl::Notification has_begun;
  absl::Notification may_go_on;
  int read_count = 0;
  int refused_count = 0;
  {
    ReaderPool pool(&journal, 1);
    pool.Submit(std::make_unique<Task>(
        [&] {
          has_begun.Notify();
          may_go_on.WaitForNotification();
        },
        [] {}));
    has_begun.WaitForNotification();
    for (size_t i = 0; i < ReaderPool::kTasksMax + 3; ++i) {
      pool.Submit(std::make_unique<Task>([&] { ++read_count; }, [&] { ++refused_count; }));
    }
    EXPECT_EQ(refused_count, 3);
    may_go_on.Notify();
  }
  EXPECT_EQ(read_count, static_cast<int>(ReaderPool::kTasksMax));
}

TEST(EntryReader, ReadsAnEntryOnceAndTellsErrors) {
  MemoryJournal journal;
  Entry entry;
  entry.sequence = 1;
  entry.records.emplace_back(PayerRecord());
  ASSERT_TRUE(journal.Append(entry).ok());
  EntryReader reader(&journal);
  EXPECT_TRUE(absl::IsNotFound(reader.Read(0).status()));
  EXPECT_TRUE(absl::IsNotFound(reader.Read(2).status()));
  ASSERT_TRUE(reader.Read(1).ok());
  journal.entries()[0].records.clear();
  EXPECT_EQ((*reader.Read(1))->records.size(), 1u);
  EXPECT_FALSE(reader.Read(2).ok());
  EXPECT_EQ((*reader.Read(1))->records.size(), 0u);
}

}  // namespace
}  // namespace tipgate
