#include "tests/cli/gate_error.h"
#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

v1::VerifyJournalResponse Done() {
  return Proto<v1::VerifyJournalResponse>(R"pb(
    entries_verified_count: 20
    entries_total_count: 20
    records_verified_count: 400
    is_done: true
    chain_head: "abcd"
    state_hash: "ef01"
    totals { tips_accepted_count: 390 accepted_minor: 123456 })pb");
}

TEST_F(TipctlTest, VerifyReportsTheEnd) {
  gate_.script().Reply("VerifyJournal",
                       Proto<v1::VerifyJournalResponse>("entries_verified_count: 10"));
  gate_.script().Reply("VerifyJournal", Done());
  const auto result = Run("verify");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "") << "no progress bar where there is no terminal";
  EXPECT_TRUE(HasLine(result.out, "journal verified: everything agrees"));
  EXPECT_TRUE(HasLine(result.out, "records 400"));
  EXPECT_TRUE(HasLine(result.out, "accepted 1,234.56"));
}

TEST_F(TipctlTest, VerifyJsonIsTheLastMessage) {
  gate_.script().Reply("VerifyJournal",
                       Proto<v1::VerifyJournalResponse>("entries_verified_count: 10"));
  gate_.script().Reply("VerifyJournal", Done());
  const auto result = Run("verify --json");
  EXPECT_TRUE(IsSame(FromJson<v1::VerifyJournalResponse>(result.out), Done()));
}

TEST_F(TipctlTest, VerifyThatFindsDamageExitsWith3) {
  gate_.script().Fail("VerifyJournal",
                      GateError(grpc::StatusCode::DATA_LOSS, "entry 12: checksum differs",
                                v1::ERROR_REASON_DAMAGED));
  const auto result = Run("verify");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "tipctl: DATA_LOSS: entry 12: checksum differs (reason DAMAGED)\n");
}

TEST_F(TipctlTest, VerifyWithoutAResultIsNoSuccess) {
  gate_.script().Reply("VerifyJournal",
                       Proto<v1::VerifyJournalResponse>("entries_verified_count: 10"));
  const auto result = Run("verify");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "");
}

TEST_F(TipctlTest, ServerInfoAsksForTheStateHashOnlyIfTold) {
  gate_.script().Reply("GetServerInfo", Proto<v1::GetServerInfoResponse>(R"pb(
                         version: "0.1.0"
                         currency: "CNY"
                         idempotency_retention { seconds: 604800 }
                         state_hash: "ef01"
                         totals { payers_count: 3 })pb"));
  const auto result = Run("server info");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_FALSE(LastRequest<v1::GetServerInfoRequest>("GetServerInfo").include_state_hash());
  EXPECT_TRUE(HasLine(result.out, "version 0.1.0"));
  EXPECT_TRUE(HasLine(result.out, "keys remembered 168h"));
  EXPECT_TRUE(HasLine(result.out, "payers 3"));
  Run("server info --state-hash");
  EXPECT_TRUE(LastRequest<v1::GetServerInfoRequest>("GetServerInfo").include_state_hash());
}

}  // namespace
}  // namespace tipgate
