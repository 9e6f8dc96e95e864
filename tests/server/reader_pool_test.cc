#include "server/reader_pool.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "tests/server/service_gate.h"
#include "tests/support/memory_journal.h"

namespace tipgate {
namespace {

struct Kind {
  bool is_short = true;
  int64_t deadline_ns = INT64_MAX;
};

class Task final : public ReaderTask {
 public:
  Task(std::function<void()> on_read, std::function<void(ReaderRefusal)> on_refused, Kind kind = {})
      : on_read_(std::move(on_read)), on_refused_(std::move(on_refused)), kind_(kind) {}

  void Read(EntryReader*) override { on_read_(); }
  void Refuse(ReaderRefusal why) override { on_refused_(why); }
  int64_t reader_deadline_ns() const override { return kind_.deadline_ns; }
  bool is_short() const override { return kind_.is_short; }

 private:
  std::function<void()> on_read_;
  std::function<void(ReaderRefusal)> on_refused_;
  const Kind kind_;
};

// A pool of one thread that is busy until the test lets go of it.
class BusyPool {
 public:
  BusyPool() {
    pool_.Submit(std::make_unique<Task>(
        [this] {
          has_begun_.Notify();
          may_go_on_.WaitForNotification();
        },
        [](ReaderRefusal) {}));
    has_begun_.WaitForNotification();
  }

  ReaderPool& pool() { return pool_; }
  ManualClock& clock() { return clock_; }
  void LetGo() { may_go_on_.Notify(); }

 private:
  MemoryJournal journal_;
  ManualClock clock_;
  absl::Notification has_begun_;
  absl::Notification may_go_on_;
  ReaderPool pool_{&journal_, &clock_, 1};
};

TEST(ReaderPool, RefusesWhatDoesNotFitAndDoesTheRest) {
  int read_count = 0;
  int refused_count = 0;
  {
    BusyPool busy;
    for (size_t i = 0; i < ReaderPool::kTasksMax + 3; ++i) {
      busy.pool().Submit(std::make_unique<Task>([&] { ++read_count; },
                                                [&](ReaderRefusal why) {
                                                  EXPECT_EQ(why, ReaderRefusal::kBusy);
                                                  ++refused_count;
                                                }));
    }
    EXPECT_EQ(refused_count, 3);
    busy.LetGo();
  }
  EXPECT_EQ(read_count, static_cast<int>(ReaderPool::kTasksMax));
}

TEST(ReaderPool, ShortTasksGoBeforeWalksThatCameFirst) {
  std::vector<char> order;
  {
    BusyPool busy;
    const auto submit = [&](char name, bool is_short) {
      busy.pool().Submit(std::make_unique<Task>([&order, name] { order.push_back(name); },
                                                [](ReaderRefusal) { ADD_FAILURE(); },
                                                Kind{.is_short = is_short}));
    };
    submit('w', false);
    submit('x', false);
    submit('a', true);
    submit('b', true);
    busy.LetGo();
  }
  EXPECT_EQ(order, (std::vector<char>{'a', 'b', 'w', 'x'}));
}

TEST(ReaderPool, WhatNobodyWaitsForIsNotRead) {
  bool is_read_in_time = false;
  bool is_refused = false;
  {
    BusyPool busy;
    const int64_t now_ns = busy.clock().WallNs() + 1;
    busy.pool().Submit(std::make_unique<Task>([] { ADD_FAILURE(); },
                                              [&](ReaderRefusal why) {
                                                EXPECT_EQ(why, ReaderRefusal::kDeadlinePassed);
                                                is_refused = true;
                                              },
                                              Kind{.deadline_ns = now_ns}));
    busy.pool().Submit(std::make_unique<Task>([&] { is_read_in_time = true; },
                                              [](ReaderRefusal) { ADD_FAILURE(); },
                                              Kind{.deadline_ns = now_ns + 1}));
    busy.clock().Advance(absl::Nanoseconds(1));
    busy.LetGo();
  }
  EXPECT_TRUE(is_refused);
  EXPECT_TRUE(is_read_in_time);
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

TEST(ReaderPool, WithoutThreadsEachStepDoesOneTask) {
  MemoryJournal journal;
  ManualClock clock;
  ReaderPool pool(&journal, &clock, 0);
  EXPECT_FALSE(pool.Step());
  std::vector<char> order;
  for (const char name : {'a', 'b'}) {
    pool.Submit(std::make_unique<Task>([&order, name] { order.push_back(name); },
                                       [](ReaderRefusal) { ADD_FAILURE(); }));
  }
  EXPECT_TRUE(pool.Step());
  EXPECT_EQ(order, std::vector<char>{'a'});
  EXPECT_TRUE(pool.Step());
  EXPECT_EQ(order, (std::vector<char>{'a', 'b'}));
  EXPECT_FALSE(pool.Step());
}

}  // namespace
}  // namespace tipgate
