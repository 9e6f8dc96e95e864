#include "cli/money_text.h"

#include <cstdint>
#include <limits>

#include "gtest/gtest.h"

namespace tipgate {
namespace {

TEST(MoneyText, ShowsTwoDecimals) {
  EXPECT_EQ(MoneyText(0), "0.00");
  EXPECT_EQ(MoneyText(1), "0.01");
  EXPECT_EQ(MoneyText(99), "0.99");
  EXPECT_EQ(MoneyText(100), "1.00");
  EXPECT_EQ(MoneyText(1234), "12.34");
}

TEST(MoneyText, GroupsThousands) {
  EXPECT_EQ(MoneyText(99'999), "999.99");
  EXPECT_EQ(MoneyText(100'000), "1,000.00");
  EXPECT_EQ(MoneyText(10'000'000), "100,000.00");
  EXPECT_EQ(MoneyText(123'456'789), "1,234,567.89");
}

TEST(MoneyText, KeepsTheSignOfLessThanOneUnit) {
  EXPECT_EQ(MoneyText(-1), "-0.01");
  EXPECT_EQ(MoneyText(-100'000), "-1,000.00");
}

TEST(MoneyText, IsExactAtTheEndsOfInt64) {
  EXPECT_EQ(MoneyText(std::numeric_limits<int64_t>::max()), "92,233,720,368,547,758.07");
  EXPECT_EQ(MoneyText(std::numeric_limits<int64_t>::min()), "-92,233,720,368,547,758.08");
}

}  // namespace
}  // namespace tipgate
