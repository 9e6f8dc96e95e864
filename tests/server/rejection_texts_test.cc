#include "server/rejection_texts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "tests/server/handlers_fixture.h"
#include "tests/server/rejection_page.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

using ListCalled = Called<v1::ListRejectionCodesResponse>;

class RejectionTextsTest : public HandlersFixture {
 protected:
  ListCalled ListCodes(v1::RejectionCode code) {
    v1::ListRejectionCodesRequest request;
    request.set_code(code);
    return gate_.Call<v1::ListRejectionCodesResponse>(gate_.handlers.list_rejection_codes, request);
  }
};

bool HasWideCharacters(absl::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

TEST(RejectionTexts, EveryCodeOfTheContractHasOneInItsOrder) {
  const auto& codes = *v1::RejectionCode_descriptor();
  ASSERT_EQ(RejectionTexts().size(), codes.value_count() - 1) << "a code has no text";
  for (int i = 1; i < codes.value_count(); ++i) {
    EXPECT_EQ(RejectionTexts()[i - 1].code, codes.value(i)->number()) << codes.value(i)->name();
  }
}

TEST(RejectionTexts, EachIsThereInBothLanguagesAndShort) {
  constexpr size_t kViewerBytesMax = 100;
  constexpr size_t kStaffBytesMax = 320;
  for (const RejectionTextEntry& entry : RejectionTexts()) {
    const std::string& name = v1::RejectionCode_Name(entry.code);
    for (const absl::string_view text : {entry.viewer_zh, entry.staff_zh}) {
      EXPECT_TRUE(absl::EndsWith(text, "。")) << name;
    }
    for (const absl::string_view text : {entry.viewer_en, entry.staff_en}) {
      EXPECT_TRUE(absl::EndsWith(text, ".")) << name;
      EXPECT_FALSE(absl::StrContains(text, "。")) << name;
    }
    EXPECT_FALSE(HasWideCharacters(entry.viewer_en)) << name;
    EXPECT_LE(entry.viewer_zh.size(), kViewerBytesMax) << name;
    EXPECT_LE(entry.viewer_en.size(), kViewerBytesMax) << name;
    EXPECT_LE(entry.staff_zh.size(), kStaffBytesMax) << name;
    EXPECT_LE(entry.staff_en.size(), kStaffBytesMax) << name;
  }
}

TEST(RejectionTexts, ViewersLearnNothingOfCasesSanctionsAndOthers) {
  for (const RejectionTextEntry& entry : RejectionTexts()) {
    for (const absl::string_view word : {"冻结", "案件", "风控", "处罚", "封禁", "监护人", "岁"}) {
      EXPECT_FALSE(absl::StrContains(entry.viewer_zh, word)) << entry.viewer_zh;
    }
    for (const absl::string_view word : {"froze", "case", "risk", "sanction", "guardian", "_"}) {
      EXPECT_FALSE(absl::StrContains(entry.viewer_en, word)) << entry.viewer_en;
    }
  }
}

TEST(RejectionTexts, ASuspendedStreamerLooksLikeOneWhoIsUnavailable) {
  const RejectionTextEntry& unavailable =
      RejectionTexts()[v1::REJECTION_CODE_STREAMER_UNAVAILABLE - 1];
  const RejectionTextEntry& suspended = RejectionTexts()[v1::REJECTION_CODE_STREAMER_SUSPENDED - 1];
  EXPECT_EQ(suspended.viewer_zh, unavailable.viewer_zh);
  EXPECT_EQ(suspended.viewer_en, unavailable.viewer_en);
  EXPECT_NE(suspended.staff_en, unavailable.staff_en);
}

TEST(RejectionTexts, ThePageIsMadeFromThem) {
  std::ifstream file(TIPGATE_SOURCE_DIR "/docs/rejections.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(page, RejectionPage()) << "run ./dev docs";
}

TEST_F(RejectionTextsTest, TheCallTellsAllOfThem) {
  const ListCalled all = ListCodes(v1::REJECTION_CODE_UNSPECIFIED);
  EXPECT_EQ(all.response.texts_size(), RejectionTexts().size());
  EXPECT_EQ(all.response.texts(0).code(), RejectionTexts()[0].code);
}

TEST_F(RejectionTextsTest, TheCallTellsOneWithItsRulesAndWhatItRefuses) {
  const ListCalled called = ListCodes(v1::REJECTION_CODE_STREAMER_UNAVAILABLE);
  ASSERT_EQ(called.response.texts_size(), 1);
  const v1::RejectionText& text = called.response.texts(0);
  EXPECT_EQ(text.code(), v1::REJECTION_CODE_STREAMER_UNAVAILABLE);
  ASSERT_EQ(text.rule_ids_size(), 2);
  EXPECT_EQ(text.rule_ids(0), "T7");
  EXPECT_EQ(text.rule_ids(1), "S1");
  EXPECT_EQ(text.sources(0), "G21[2,6]");
  EXPECT_TRUE(text.refuses_tips());
  EXPECT_FALSE(text.refuses_recharges());
  EXPECT_TRUE(text.refuses_sessions());
  EXPECT_FALSE(text.viewer_zh().empty());
  EXPECT_FALSE(text.staff_en().empty());
}

TEST_F(RejectionTextsTest, TheCallRefusesACodeThatThereIsNot) {
  const ListCalled called = ListCodes(static_cast<v1::RejectionCode>(44));
  EXPECT_EQ(called.reason(), ErrorReason::kInvalidField);
  EXPECT_EQ(called.error->field, "code");
}

}  // namespace
}  // namespace tipgate
