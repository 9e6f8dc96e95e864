#include "tests/cli/gate_error.h"
#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

v1::ListRejectionCodesResponse OneCode() {
  return Proto<v1::ListRejectionCodesResponse>(R"pb(
    texts {
      code: REJECTION_CODE_DAY_LIMIT
      rule_ids: "T16"
      sources: "N78"
      refuses_tips: true
      viewer_zh: "今日限额"
      viewer_en: "Your limit for today."
      staff_zh: "单日限额"
      staff_en: "The effective day limit."
    })pb");
}

v1::ListRejectionCodesResponse TwoCodes() {
  v1::ListRejectionCodesResponse response = OneCode();
  response.MergeFrom(Proto<v1::ListRejectionCodesResponse>(R"pb(
    texts {
      code: REJECTION_CODE_STREAMER_UNAVAILABLE
      rule_ids: [ "T7", "S1" ]
      sources: "G21[2,6]"
      refuses_tips: true
      refuses_sessions: true
      viewer_zh: "该主播"
      viewer_en: "This streamer."
    })pb"));
  return response;
}

TEST_F(TipctlTest, ExplainListsEveryCode) {
  gate_.script().Reply("ListRejectionCodes", TwoCodes());
  const auto result = Run("explain");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "CODE RULES SOURCE REFUSES FOR THE VIEWER"));
  EXPECT_TRUE(HasLine(result.out, "DAY_LIMIT T16 N78 tips Your limit for today."));
  EXPECT_TRUE(
      HasLine(result.out, "STREAMER_UNAVAILABLE T7 S1 G21[2,6] tips sessions This streamer."));
  EXPECT_EQ(LastRequest<v1::ListRejectionCodesRequest>("ListRejectionCodes").code(),
            v1::REJECTION_CODE_UNSPECIFIED);
}

TEST_F(TipctlTest, ExplainOfOneCodeTellsStaffMore) {
  gate_.script().Reply("ListRejectionCodes", OneCode());
  const auto result = Run("explain day_limit");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "code DAY_LIMIT"));
  EXPECT_TRUE(HasLine(result.out, "rules T16"));
  EXPECT_TRUE(HasLine(result.out, "source N78"));
  EXPECT_TRUE(HasLine(result.out, "refuses tips"));
  EXPECT_TRUE(HasLine(result.out, "viewer Your limit for today."));
  EXPECT_TRUE(HasLine(result.out, "staff The effective day limit."));
  EXPECT_EQ(LastRequest<v1::ListRejectionCodesRequest>("ListRejectionCodes").code(),
            v1::REJECTION_CODE_DAY_LIMIT);
}

TEST_F(TipctlTest, ExplainSpeaksChinese) {
  gate_.script().Reply("ListRejectionCodes", OneCode());
  EXPECT_TRUE(HasLine(Run("explain DAY_LIMIT --lang zh").out, "staff 单日限额"));
  EXPECT_TRUE(HasLine(Run("explain --lang zh").out, "DAY_LIMIT T16 N78 tips 今日限额"));
}

TEST_F(TipctlTest, ExplainJsonHasBothLanguages) {
  gate_.script().Reply("ListRejectionCodes", TwoCodes());
  const auto result = Run("explain --json");
  EXPECT_TRUE(IsSame(FromJson<v1::ListRejectionCodesResponse>(result.out), TwoCodes()));
}

TEST_F(TipctlTest, ExplainRefusesWordsThatItDoesNotKnow) {
  const auto code = Run("explain NO_SUCH_CODE");
  EXPECT_EQ(code.exit_code, 2);
  EXPECT_NE(code.err.find("DAY_LIMIT"), std::string::npos) << code.err;
  const auto language = Run("explain --lang fr");
  EXPECT_EQ(language.exit_code, 2);
  EXPECT_NE(language.err.find("--lang: expected zh or en, got 'fr'"), std::string::npos)
      << language.err;
}

}  // namespace
}  // namespace tipgate
