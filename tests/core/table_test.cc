#include "core/table.h"

#include <gtest/gtest.h>

#include "core/ids.h"

namespace tipgate {
namespace {

struct Element {
  PayerId id;
  RecordId changed;
  bool is_dirty = false;
  int value = 0;
};
using Elements = Table<PayerId, Element>;

std::vector<int> CopyAll(Elements& table) {
  std::vector<Element> copied;
  while (table.CopyCheckpoint(1, &copied)) {
  }
  std::vector<int> values;
  for (const Element& element : copied) values.push_back(element.value);
  return values;
}

TEST(Table, FindsWhatWasInserted) {
  Elements table;
  for (int64_t id = 1; id <= 100'000; ++id)
    table.FindOrInsert(PayerId(id)).value = static_cast<int>(id);
  EXPECT_EQ(table.size(), 100'000U);
  for (int64_t id = 1; id <= 100'000; ++id) ASSERT_EQ(table.Find(PayerId(id))->value, id);
  EXPECT_EQ(table.Find(PayerId(100'001)), nullptr);
}

TEST(Table, ElementsDoNotMove) {
  Elements table;
  Element* const first = &table.FindOrInsert(PayerId(1));
  for (int64_t id = 2; id <= 50'000; ++id) table.FindOrInsert(PayerId(id));
  EXPECT_EQ(table.Find(PayerId(1)), first);
}

TEST(Table, AnErasedElementIsGoneAndItsPlaceIsUsedAgain) {
  Elements table;
  table.FindOrInsert(PayerId(1)).value = 5;
  table.Erase(PayerId(1));
  EXPECT_EQ(table.Find(PayerId(1)), nullptr);
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.FindOrInsert(PayerId(2)).value, 0);
  int visited = 0;
  table.ForEach([&](const Element&) { ++visited; });
  EXPECT_EQ(visited, 1);
}

TEST(Table, ACheckpointCopiesWhatIsDirtyOnce) {
  Elements table;
  for (const int64_t id : {1, 2, 3}) table.FindOrInsert(PayerId(id)).value = static_cast<int>(id);
  table.MarkDirty(*table.Find(PayerId(1)));
  table.MarkDirty(*table.Find(PayerId(3)));
  table.MarkDirty(*table.Find(PayerId(3)));
  table.BeginCheckpoint();
  table.MarkDirty(*table.Find(PayerId(2)));  // belongs to the next one
  table.Find(PayerId(1))->value = 10;        // copied as it is then
  EXPECT_EQ(CopyAll(table), (std::vector<int>{3, 10}));
  table.BeginCheckpoint();
  EXPECT_EQ(CopyAll(table), (std::vector<int>{2}));
}

TEST(Table, AnErasedElementIsNotCopied) {
  Elements table;
  table.MarkDirty(table.FindOrInsert(PayerId(1)));
  table.BeginCheckpoint();
  table.Erase(PayerId(1));
  table.FindOrInsert(PayerId(2)).value = 2;
  table.MarkDirty(*table.Find(PayerId(2)));
  EXPECT_EQ(CopyAll(table), (std::vector<int>{2}));
  table.BeginCheckpoint();
  EXPECT_TRUE(CopyAll(table).empty());
}

}  // namespace
}  // namespace tipgate
