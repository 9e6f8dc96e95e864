// The life of policies and gifts, from files and back to files.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/proposal.pb.h"

namespace tipgate {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class TipctlPolicyTest : public TipctlTest {
 protected:
  ~TipctlPolicyTest() override { std::filesystem::remove(file_); }

  // A file with this text.
  const std::string& FileOf(const std::string& text) {
    std::ofstream(file_) << text;
    return file_;
  }

 private:
  const std::string file_ =
      testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name() + ".yaml";
};

constexpr char kProposed[] = R"pb(
  proposal {
    proposal_id: 196608
    state: POLICY_STATE_PROPOSED
    proposed_by: "ann"
    propose_time { seconds: 1777651200 }
    note: "for May"
  })pb";

TEST_F(TipctlPolicyTest, ProposeSendsTheFileWithTimeAndNote) {
  gate_.script().Reply("ProposePolicy", Proto<v1::ProposePolicyResponse>(kProposed));
  const auto result =
      Run("policy propose " + FileOf("currency: CNY\ntip_max_minor: 7\n") +
          " --effective-time 2026-05-01T00:00:00 --note May --key k --identity ann");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "proposal 196608")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "in force from its approval")) << result.out;
  EXPECT_EQ(gate_.script().identity(), "ann");
  EXPECT_TRUE(IsSame(LastRequest<v1::ProposePolicyRequest>("ProposePolicy"),
                     Proto<v1::ProposePolicyRequest>(R"pb(
                       idempotency_key: "k"
                       policy { currency: "CNY" tip_max_minor: 7 }
                       effective_time { seconds: 1777564800 }
                       note: "May")pb")));
}

TEST_F(TipctlPolicyTest, ADurationIsSoLongFromNow) {
  const int64_t before = absl::ToUnixSeconds(absl::Now());
  EXPECT_EQ(Run("policy rollback 3 --effective-time 30m").exit_code, 0);
  const auto request = LastRequest<v1::RollBackPolicyRequest>("RollBackPolicy");
  EXPECT_EQ(request.version(), 3);
  EXPECT_GE(request.effective_time().seconds(), before + 1'800);
  EXPECT_EQ(request.effective_time().nanos() % 1'000'000, 0);
  EXPECT_EQ(Run("policy rollback 3 --effective-time soon").exit_code, 2);
}

TEST_F(TipctlPolicyTest, AFileWithAFaultIsNotSent) {
  const std::string& file = FileOf("currency: CNY\ntip_max_minr: 7\n");
  const auto result = Run("policy propose " + file);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr(file + ":2:1"));
  EXPECT_THAT(result.err, HasSubstr("did you mean tip_max_minor?"));
  EXPECT_EQ(Run("policy validate /nowhere.yaml").exit_code, 2);
  EXPECT_EQ(Run("policy propose").exit_code, 2);
  EXPECT_TRUE(gate_.script().Requests<v1::ProposePolicyRequest>("ProposePolicy").empty());
}

TEST_F(TipctlPolicyTest, ValidateTellsEachProblemAtItsPlaceInTheFile) {
  gate_.script().Reply(
      "ValidatePolicy", Proto<v1::ValidatePolicyResponse>(R"pb(
        problems { field: "policy.tip_max_minor" message: "expected 1 .. 2, found 7" }
        problems { field: "policy.recharge" message: "expected more, found nothing" }
      )pb"));
  const std::string& file = FileOf("currency: CNY\ntip_max_minor: 7\n");
  const auto result = Run("policy validate " + file);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, absl::StrCat(file, ":2:16: tip_max_minor: expected 1 .. 2, found 7\n", file,
                                     ":1:1: recharge: expected more, found nothing\n"));
  gate_.script().Reply("ValidatePolicy", v1::ValidatePolicyResponse());
  Run("policy validate " + file);
  EXPECT_EQ(Run("policy validate " + file).exit_code, 0);
}

TEST_F(TipctlPolicyTest, ApproveAndWithdrawNameAProposal) {
  gate_.script().Reply("ApprovePolicy", Proto<v1::ApprovePolicyResponse>(R"pb(
                         proposal_id: 196608
                         effective_time { seconds: 1777651200 })pb"));
  const auto approved = Run("policy approve 196608 --key k");
  EXPECT_EQ(approved.exit_code, 0) << approved.err;
  EXPECT_THAT(approved.out, HasSubstr("2026-05-02T00:00:00.000+08:00"));
  EXPECT_EQ(LastRequest<v1::ApprovePolicyRequest>("ApprovePolicy").proposal_id(), 196608);
  EXPECT_EQ(Run("policy withdraw 196608 --key k").exit_code, 0);
  EXPECT_EQ(LastRequest<v1::WithdrawProposalRequest>("WithdrawProposal").proposal_id(), 196608);
  EXPECT_EQ(Run("policy approve").exit_code, 2);
}

TEST_F(TipctlPolicyTest, ListShowsWhatBecameOfEachAndWhereItGoesOn) {
  gate_.script().Reply(
      "ListPolicies", Proto<v1::ListPoliciesResponse>(R"pb(
        proposals { proposal_id: 196608 state: POLICY_STATE_PROPOSED proposed_by: "ann" }
        proposals {
          proposal_id: 65536
          state: POLICY_STATE_ACTIVE
          version: 1
          activate_time { seconds: 1777651200 }
        }
        next_page_token: "policies-1")pb"));
  const auto result = Run("policy list --page-size 2");
  EXPECT_TRUE(HasLine(result.out, "196608 - PROPOSED ann - - -")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "65536 1 ACTIVE - - 2026-05-02T00:00:00.000+08:00 -"))
      << result.out;
  EXPECT_THAT(result.err, HasSubstr("--page-token policies-1"));
}

TEST_F(TipctlPolicyTest, GetGivesAFileThatCanBeProposed) {
  gate_.script().Reply("GetPolicy", Proto<v1::GetPolicyResponse>(R"pb(
                         proposal { proposal_id: 65536 state: POLICY_STATE_ACTIVE version: 1 }
                         policy {
                           currency: "CNY"
                           tiers {
                             name: "L1"
                             settle_delay {}
                           }
                           minors { profile: MINOR_PROFILE_STRICT }
                         })pb"));
  const auto got = Run("policy get --proposal 65536");
  EXPECT_EQ(got.exit_code, 0) << got.err;
  EXPECT_THAT(got.out, StartsWith("# proposal 65536, version 1, ACTIVE\ncurrency: \"CNY\"\n"));
  EXPECT_EQ(LastRequest<v1::GetPolicyRequest>("GetPolicy").proposal_id(), 65536);
  EXPECT_EQ(Run("policy propose " + FileOf(got.out)).exit_code, 0);
  EXPECT_TRUE(IsSame(LastRequest<v1::ProposePolicyRequest>("ProposePolicy").policy(),
                     Proto<v1::TippingPolicy>(R"pb(
                       currency: "CNY"
                       tiers {
                         name: "L1"
                         settle_delay {}
                       }
                       minors { profile: MINOR_PROFILE_STRICT })pb")));
  EXPECT_EQ(Run("policy get 7").exit_code, 0);
  EXPECT_EQ(LastRequest<v1::GetPolicyRequest>("GetPolicy").version(), 7);
}

TEST_F(TipctlPolicyTest, GiftsComeFromAFileAndGoBackToOne) {
  gate_.script().Reply("PutGifts", Proto<v1::PutGiftsResponse>("gifts_version: 2"));
  gate_.script().Reply("ListGifts", Proto<v1::ListGiftsResponse>(R"pb(
                         gifts_version: 2
                         catalog { gifts { gift_id: 1 name: "rose" unit_price_minor: 5 } })pb"));
  const auto listed = Run("gifts list");
  EXPECT_EQ(listed.out,
            "# gifts version 2\ngifts:\n  - gift_id: 1\n    name: \"rose\"\n"
            "    unit_price_minor: 5\n");
  const auto put = Run("gifts put " + FileOf(listed.out) + " --key k");
  EXPECT_TRUE(HasLine(put.out, "gifts version 2")) << put.out;
  EXPECT_TRUE(IsSame(LastRequest<v1::PutGiftsRequest>("PutGifts"), Proto<v1::PutGiftsRequest>(R"pb(
                       idempotency_key: "k"
                       catalog { gifts { gift_id: 1 name: "rose" unit_price_minor: 5 } })pb")));
}

}  // namespace
}  // namespace tipgate
