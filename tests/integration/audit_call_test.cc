// AuditService, and the standard services beside it.

#include <google/protobuf/descriptor.pb.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/standard_services.h"

namespace tipgate {
namespace {

using AuditCall = GateTest;

bool IsHex(const std::string& text, size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

TEST_F(AuditCall, GetServerInfoTellsWhatTheServerIs) {
  StartGateWithSession();
  const v1::GetServerInfoResponse info = client().Info();
  EXPECT_FALSE(info.version().empty());
  EXPECT_GE(info.format_version(), 1);
  EXPECT_EQ(info.policy_version(), 1);
  EXPECT_EQ(info.time_zone(), NoonTimeZone());
  EXPECT_EQ(info.currency(), "CNY");
  EXPECT_EQ(info.idempotency_retention().seconds(), 7 * 24 * 3'600);
  EXPECT_LE(TimeOf(info.start_time()), absl::Now());
  EXPECT_GE(info.journal_sequence(), 4);
  EXPECT_TRUE(IsHex(info.chain_head(), 64)) << info.chain_head();
  EXPECT_LE(TimeOf(info.journal_time()), absl::Now());
  EXPECT_EQ(info.state_hash(), "");
  EXPECT_TRUE(IsHex(client().Info(true).state_hash(), 32));
  EXPECT_EQ(info.totals().payers_count(), 1);
  EXPECT_EQ(info.totals().streamers_count(), 1);
  EXPECT_EQ(info.totals().sessions_count(), 1);
}

TEST_F(AuditCall, ListRejectionCodesExplainsWhatATipIsRefusedFor) {
  StartGateWithSession();
  v1::TipIntent intent = TipOf("a", 1);
  intent.set_gift_id(123'456);
  const v1::TipDecision decision = client().Tip(intent);
  ASSERT_EQ(decision.violations_size(), 1);
  v1::ListRejectionCodesRequest request;
  request.set_code(decision.violations(0).code());
  const v1::ListRejectionCodesResponse response = client().Must(request);
  ASSERT_EQ(response.texts_size(), 1);
  EXPECT_EQ(response.texts(0).code(), v1::REJECTION_CODE_GIFT_UNKNOWN);
  EXPECT_EQ(response.texts(0).rule_ids(0), "T12");
  EXPECT_NE(response.texts(0).viewer_zh(), "");
}

TEST_F(AuditCall, VerifyJournalAgreesWithTheRunningState) {
  StartGateWithSession();
  for (int i = 0; i < 50; ++i) client().Tip(TipOf(absl::StrCat("t", i), 1 + i % 3));
  const v1::GetServerInfoResponse info = client().Info(true);
  const v1::VerifyJournalResponse verified = client().Verify();
  EXPECT_EQ(verified.entries_total_count(), info.journal_sequence());
  EXPECT_GE(verified.records_verified_count(), 54);
  EXPECT_EQ(verified.chain_head(), info.chain_head());
  EXPECT_EQ(verified.state_hash(), info.state_hash());
  EXPECT_EQ(verified.totals().SerializeAsString(), info.totals().SerializeAsString());
  EXPECT_EQ(verified.totals().accepted_minor(), verified.totals().pending_minor());
}

TEST_F(AuditCall, HealthServesByNameOfEachServiceAndAsAWhole) {
  StartGate();
  StandardServices services(client().channel());
  EXPECT_EQ(services.Health(""), HealthState::kServing);
  EXPECT_EQ(services.Health("tipgate.v1.TipService"), HealthState::kServing);
  EXPECT_EQ(services.Health("no.such.Service"), HealthState::kUnknownService);
}

TEST_F(AuditCall, ReflectionListsEveryServiceAndItsFile) {
  StartGate();
  StandardServices services(client().channel());
  const std::set<std::string> names = services.ListServices();
  for (const char* name :
       {"tipgate.v1.TipService", "tipgate.v1.RechargeService", "tipgate.v1.PayerService",
        "tipgate.v1.StreamerService", "tipgate.v1.SessionService", "tipgate.v1.PolicyService",
        "tipgate.v1.EventService", "tipgate.v1.AuditService", "grpc.health.v1.Health",
        "grpc.reflection.v1alpha.ServerReflection"}) {
    EXPECT_EQ(names.count(name), 1u) << name;
  }
  google::protobuf::FileDescriptorProto file;
  ASSERT_TRUE(file.ParseFromString(services.FileOf("tipgate.v1.TipService")));
  EXPECT_EQ(file.name(), "tipgate/v1/tip.proto");
  EXPECT_EQ(file.service(0).method_size(), 9);
}

}  // namespace
}  // namespace tipgate
