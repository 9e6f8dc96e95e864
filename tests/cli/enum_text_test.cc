#include "cli/enum_text.h"

#include "gtest/gtest.h"
#include "tipgate/v1/event.pb.h"

namespace tipgate {
namespace {

TEST(EnumText, LeavesOutThePrefix) {
  EXPECT_EQ(EnumText(v1::REJECTION_CODE_DAY_LIMIT), "DAY_LIMIT");
  EXPECT_EQ(EnumText(v1::OUTCOME_ACCEPTED), "ACCEPTED");
}

TEST(EnumText, UnspecifiedIsEmpty) { EXPECT_EQ(EnumText(v1::LIMIT_ORIGIN_UNSPECIFIED), ""); }

TEST(EnumText, ValueOfANewerServerIsItsNumber) {
  EXPECT_EQ(EnumText(static_cast<v1::RejectionCode>(9999)), "9999");
}

TEST(ParseEnumText, ReadsEveryLetterCase) {
  EXPECT_EQ(*ParseEnumText<v1::EventKind>("tip_accepted"), v1::EVENT_KIND_TIP_ACCEPTED);
  EXPECT_EQ(*ParseEnumText<v1::AgeBand>("8_TO_15"), v1::AGE_BAND_8_TO_15);
}

TEST(ParseEnumText, RefusesUnspecifiedAndSaysWhatThereIs) {
  EXPECT_FALSE(ParseEnumText<v1::AgeBand>("UNSPECIFIED").ok());
  EXPECT_EQ(ParseEnumText<v1::AgeBand>("old").status().message(),
            "expected one of UNDER_8, 8_TO_15, 16_TO_17, ADULT, got 'old'");
}

}  // namespace
}  // namespace tipgate
