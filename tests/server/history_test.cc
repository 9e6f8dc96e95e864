#include "server/history.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

// Two payers tip in turn, a minute between entries; payer 2's tips are too large, so refused.
class History : public testing::Test {
 protected:
  History() {
    gate_.PutScene();
    gate_.PutAdult(PayerId(2));
    for (int i = 0; i < 6; ++i) {
      gate_.Advance(absl::Minutes(1));
      const PayerId payer(i % 2 + 1);
      tips_.push_back(gate_.Tip(gate_.MakeTip(payer, GiftId(i % 2 == 0 ? 1 : 3), 1)).id);
      times_ms_.push_back(gate_.now_ms);
    }
  }

  // The ids that a walk meets, newest first.
  std::vector<RecordId> Walk(const TipFilter& filter, RecordId first) {
    EntryReader reader(gate_.journal.get());
    TipWalk walk(filter, first, &reader);
    std::vector<RecordId> ids;
    while (*walk.Advance()) ids.push_back(walk.id());
    EXPECT_FALSE(walk.next().is_set());
    return ids;
  }

  RecordId newest() const { return LastRecordOf(gate_.journal->Head().sequence); }

  CoreGate gate_;
  std::vector<RecordId> tips_;
  std::vector<int64_t> times_ms_;
};

using Ids = std::vector<RecordId>;

TEST_F(History, EverybodysTipsComeNewestFirstWithoutOtherRecords) {
  EXPECT_EQ(Walk(TipFilter(), newest()),
            Ids({tips_[5], tips_[4], tips_[3], tips_[2], tips_[1], tips_[0]}));
}

TEST_F(History, ListsOfOnePayerFollowTheirTips) {
  TipFilter filter;
  filter.of = PayerId(1);
  EXPECT_EQ(Walk(filter, gate_.state.payers.Find(PayerId(1))->last_tip),
            Ids({tips_[4], tips_[2], tips_[0]}));
  filter.of = PayerId(2);
  EXPECT_EQ(Walk(filter, gate_.state.payers.Find(PayerId(2))->last_tip),
            Ids({tips_[5], tips_[3], tips_[1]}));
}

TEST_F(History, ListsOfAStreamerAndASessionHaveAllTipsToThem) {
  const Ids all({tips_[5], tips_[4], tips_[3], tips_[2], tips_[1], tips_[0]});
  TipFilter filter;
  filter.of = StreamerId(1);
  EXPECT_EQ(Walk(filter, gate_.state.streamers.Find(StreamerId(1))->last_tip), all);
  filter.of = SessionId(1);
  EXPECT_EQ(Walk(filter, gate_.state.sessions.Find(SessionId(1))->last_tip), all);
}

TEST_F(History, TimeRangesHoldTheirStartAndNotTheirEnd) {
  TipFilter filter;
  filter.start_time_ms = times_ms_[2];
  filter.end_time_ms = times_ms_[4];
  EXPECT_EQ(Walk(filter, newest()), Ids({tips_[3], tips_[2]}));
  filter.of = PayerId(1);
  EXPECT_EQ(Walk(filter, gate_.state.payers.Find(PayerId(1))->last_tip), Ids({tips_[2]}));
}

TEST_F(History, NothingComesOfNothing) {
  EXPECT_EQ(Walk(TipFilter(), RecordId()), Ids());
  EXPECT_EQ(Walk(TipFilter(), LastRecordOf(0)), Ids());
}

TEST_F(History, AWalkGoesOnWhereAnotherOneStopped) {
  EntryReader reader(gate_.journal.get());
  RecordId next = newest();
  Ids ids;
  while (next.is_set()) {
    TipWalk walk(TipFilter(), next, &reader);
    if (*walk.Advance()) ids.push_back(walk.id());
    next = walk.next();
  }
  EXPECT_EQ(ids, Walk(TipFilter(), newest()));
}

TEST_F(History, AWalkStopsAfterItsShareOfWork) {
  const int64_t entries_count = TipWalk::kWorkMax / 17 + 2;  // an entry counts as 16 records more
  Entry entry;
  entry.moment.time_ms = 1;
  entry.records.emplace_back(PayerRecord());
  MemoryJournal journal;
  for (int64_t i = 1; i <= entries_count; ++i) {
    entry.sequence = i;
    ASSERT_TRUE(journal.Append(entry).ok());
  }
  EntryReader reader(&journal);
  TipWalk first(TipFilter(), LastRecordOf(entries_count), &reader);
  EXPECT_FALSE(*first.Advance());
  ASSERT_TRUE(first.next().is_set());
  TipWalk second(TipFilter(), first.next(), &reader);
  EXPECT_FALSE(*second.Advance());
  EXPECT_FALSE(second.next().is_set());
}

TEST_F(History, AWalkRefusesToStartAtSomebodyElsesTip) {
  EntryReader reader(gate_.journal.get());
  TipFilter filter;
  filter.of = PayerId(1);
  const RecordId no_tips[] = {tips_[1], RecordId(1, 0), RecordId(tips_[0].sequence(), 9)};
  for (const RecordId first : no_tips) {
    TipWalk walk(filter, first, &reader);
    EXPECT_TRUE(absl::IsInvalidArgument(walk.Advance().status())) << first.value();
  }
}

TEST_F(History, TokensComeBackAsTheyWere) {
  TipFilter filter;
  filter.of = SessionId(5);
  filter.start_time_ms = 6;
  const RecordId next(7, 8);
  EXPECT_EQ(ParsePageToken(filter, MakePageToken(filter, next)), next);
}

TEST_F(History, TokensOfOtherFiltersAreRefused) {
  TipFilter filter;
  filter.of = PayerId(1);
  const std::string token = MakePageToken(filter, RecordId(7, 8));
  std::vector<TipFilter> others(5, filter);
  others[0].of = PayerId(2);
  others[1].of = StreamerId(1);
  others[2].of = std::monostate();
  others[3].start_time_ms = 5;
  others[4].end_time_ms = 5;
  for (const TipFilter& other : others) EXPECT_FALSE(ParsePageToken(other, token).has_value());
}

TEST_F(History, GarbageIsNoToken) {
  const std::string token = MakePageToken(TipFilter(), RecordId(7, 8));
  std::vector<std::string> garbage = {"", "1", token.substr(1), token + "0", "2" + token.substr(1)};
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    garbage.push_back(changed);
  }
  for (const std::string& text : garbage) {
    EXPECT_FALSE(ParsePageToken(TipFilter(), text).has_value()) << text;
  }
}

}  // namespace
}  // namespace tipgate
