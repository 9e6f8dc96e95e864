// Bytes that no well-behaved client sends, and batches that are wrong as a whole or in part.

#include <fstream>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/raw_call.h"

namespace tipgate {
namespace {

constexpr int kTipsMax = 8'192;
constexpr char kAuthorizeTip[] = "/tipgate.v1.TipService/AuthorizeTip";
constexpr char kAuthorizeTips[] = "/tipgate.v1.TipService/AuthorizeTips";
constexpr char kStreamTips[] = "/tipgate.v1.TipService/StreamTips";

class BadBytes : public GateTest {
 protected:
  void SetUp() override {
    StartGateWithSession();
    before_ = client().Totals().SerializeAsString();
  }
  grpc::Status Raw(const std::string& method, const std::string& bytes) {
    std::string response;
    return RawCall(client().channel(), method, bytes, &response);
  }
  void ExpectNothingCounted() {
    EXPECT_EQ(client().Totals().SerializeAsString(), before_);
    EXPECT_EQ(client().Tip(TipOf("still here", 1)).outcome(), v1::OUTCOME_ACCEPTED);
  }

 private:
  std::string before_;
};

v1::AuthorizeTipsRequest BatchOf(int tips) {
  v1::AuthorizeTipsRequest request;
  for (int i = 0; i < tips; ++i) *request.add_tips() = TipOf(absl::StrCat("b", i), 1);
  return request;
}

// The request with the key "KEY" in other bytes of the same size.
std::string WithKeyBytes(const google::protobuf::Message& request, const std::string& bytes) {
  return absl::StrReplaceAll(request.SerializeAsString(), {{"KEY", bytes}});
}

TEST_F(BadBytes, InvalidUtf8NamesTheField) {
  for (const std::string bytes : {"\xff\xfe\xfd", "a\xc0\x80", "\xed\xa0\x80", "ab\xc3"}) {
    EXPECT_THAT(Raw(kAuthorizeTip, WithKeyBytes(AuthorizeOf(TipOf("KEY", 1)), bytes)),
                NamesInvalidField("tip.idempotency_key"));
    EXPECT_THAT(Raw("/tipgate.v1.TipService/GetTip", WithKeyBytes(
                                                         [] {
                                                           v1::GetTipRequest get;
                                                           get.set_idempotency_key("KEY");
                                                           return get;
                                                         }(),
                                                         bytes)),
                NamesInvalidField("idempotency_key"));
    EXPECT_THAT(Raw("/tipgate.v1.PayerService/PutPayer",
                    WithKeyBytes(PutPayerOf("KEY", 500, AdultFacts()), bytes)),
                NamesInvalidField("idempotency_key"));
    v1::PutStreamerRequest put = PutStreamerOf("key", 600, StreamerFactsOf("T1"));
    put.mutable_facts()->set_source("KEY");
    EXPECT_THAT(Raw("/tipgate.v1.StreamerService/PutStreamer", WithKeyBytes(put, bytes)),
                NamesInvalidField("facts.source"));
    v1::AuthorizeTipsRequest batch = BatchOf(3);
    batch.mutable_tips(2)->set_idempotency_key("KEY");
    EXPECT_THAT(Raw(kAuthorizeTips, WithKeyBytes(batch, bytes)),
                NamesInvalidField("tips[2].idempotency_key"));
  }
  ExpectNothingCounted();
}

// The most that a process has had in memory so far.
int64_t PeakResidentKibibytes(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  std::string word;
  int64_t kibibytes = 0;
  while (status >> word && word != "VmHWM:") {
  }
  status >> kibibytes;
  return kibibytes;
}

TEST_F(BadBytes, ACompressedMessageIsRefusedBeforeItIsInflated) {
  constexpr int64_t kBombBytes = 200 << 20;
  const int64_t before = PeakResidentKibibytes(gate().pid());
  ASSERT_GT(before, 0);
  std::string response;
  const grpc::Status status = RawCall(client().channel(), kAuthorizeTip,
                                      std::string(kBombBytes, '\0'), &response, GRPC_COMPRESS_GZIP);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << status.error_message();
  EXPECT_LT(PeakResidentKibibytes(gate().pid()) - before, kBombBytes / 1'024 / 4);
  ExpectNothingCounted();
}

TEST_F(BadBytes, GarbageIsRefusedByEveryCall) {
  const std::string garbage = "\xff\xff\xff\xff garbage";
  for (const std::string method : {"TipService/AuthorizeTip",
                                   "TipService/AuthorizeTips",
                                   "TipService/StreamTips",
                                   "TipService/CheckTip",
                                   "TipService/GetTip",
                                   "TipService/ListTips",
                                   "RechargeService/AuthorizeRecharge",
                                   "RechargeService/CaptureRecharge",
                                   "RechargeService/VoidRecharge",
                                   "PayerService/PutPayer",
                                   "PayerService/GetPayer",
                                   "StreamerService/PutStreamer",
                                   "StreamerService/GetStreamer",
                                   "SessionService/OpenSession",
                                   "SessionService/CloseSession",
                                   "SessionService/GetSession",
                                   "PolicyService/ListStops",
                                   "PolicyService/ValidatePolicy",
                                   "PolicyService/ListPolicies",
                                   "PolicyService/GetPolicy",
                                   "EventService/WatchEvents",
                                   "AuditService/VerifyJournal",
                                   "AuditService/CreateBackup",
                                   "AuditService/ListBackups",
                                   "AuditService/GetServerInfo"}) {
    const grpc::Status status = Raw(absl::StrCat("/tipgate.v1.", method), garbage);
    EXPECT_THAT(status,
                FailsWith(grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_INVALID_FIELD, ""))
        << method;
  }
  EXPECT_EQ(Raw("/tipgate.v1.TipService/NoSuchCall", "").error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  ExpectNothingCounted();
}

// Each prefix of a valid request, and many mutations of one: an error or a decision, never the end.
TEST_F(BadBytes, ADamagedRequestNeverHurtsTheGate) {
  const std::string valid = AuthorizeOf(TipOf("KEY", 1)).SerializeAsString();
  for (size_t size = 0; size < valid.size(); ++size) {
    EXPECT_EQ(Raw(kAuthorizeTip, valid.substr(0, size)).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT)
        << size;
  }
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes = valid;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    const grpc::StatusCode code = Raw(kAuthorizeTip, bytes).error_code();
    ASSERT_TRUE(code == grpc::StatusCode::OK || code == grpc::StatusCode::INVALID_ARGUMENT ||
                code == grpc::StatusCode::ALREADY_EXISTS)
        << code;
  }
  client().Verify();
}

TEST_F(BadBytes, EmptyAndOversizeBatchesAreRefusedAsAWhole) {
  EXPECT_THAT(client().Try(BatchOf(0)), NamesInvalidField("tips"));
  EXPECT_THAT(client().Try(BatchOf(kTipsMax + 1)), NamesInvalidField("tips"));
  EXPECT_THAT(Raw(kStreamTips, BatchOf(0).SerializeAsString()), NamesInvalidField("tips"));
  EXPECT_THAT(Raw(kStreamTips, BatchOf(kTipsMax + 1).SerializeAsString()),
              NamesInvalidField("tips"));
  ExpectNothingCounted();
}

TEST_F(BadBytes, TheLargestBatchIsDecided) {
  const v1::AuthorizeTipsResponse response = client().Must(BatchOf(kTipsMax));
  ASSERT_EQ(response.results_size(), kTipsMax);
  EXPECT_EQ(response.results(kTipsMax - 1).decision().day_total_minor(), kTipsMax);
}

TEST_F(BadBytes, AMessageAboveTheMaximumIsRefused) {
  v1::AuthorizeTipsRequest request;
  const std::string long_key(1'000'000, 'k');
  for (int i = 0; i < 5; ++i) *request.add_tips() = TipOf(long_key, 1);
  EXPECT_THAT(client().Try(request), NamesInvalidField(""));
  ExpectNothingCounted();
}

TEST_F(BadBytes, AMalformedTipOfABatchDoesNotStopTheOthers) {
  v1::AuthorizeTipsRequest request = BatchOf(6);
  request.mutable_tips(1)->set_count(0);
  request.mutable_tips(2)->set_idempotency_key(std::string(65, 'k'));
  request.mutable_tips(4)->set_unit_price_minor(INT64_MAX);
  const v1::AuthorizeTipsResponse response = client().Must(request);
  ASSERT_EQ(response.results_size(), 6);
  const std::pair<int, const char*> faults[] = {
      {1, "tips[1].count"}, {2, "tips[2].idempotency_key"}, {4, "tips[4].unit_price_minor"}};
  for (const auto& [i, field] : faults) {
    const v1::TipError& error = response.results(i).error();
    EXPECT_EQ(error.code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(error.reason(), v1::ERROR_REASON_INVALID_FIELD);
    EXPECT_EQ(error.field(), field);
    EXPECT_NE(error.message().find(field), std::string::npos) << error.message();
  }
  for (const int i : {0, 3, 5}) {
    EXPECT_EQ(response.results(i).decision().outcome(), v1::OUTCOME_ACCEPTED) << i;
  }
  EXPECT_EQ(client().Totals().accepted_minor(), 3);
  EXPECT_EQ(client().Totals().tips_accepted_count(), 3);
  EXPECT_EQ(client().Totals().tips_rejected_count(), 0);
}

TEST_F(BadBytes, ABatchOfMalformedTipsIsAnsweredToo) {
  v1::AuthorizeTipsRequest request = BatchOf(2);
  for (v1::TipIntent& tip : *request.mutable_tips()) tip.set_payer_id(0);
  const v1::AuthorizeTipsResponse response = client().Must(request);
  ASSERT_EQ(response.results_size(), 2);
  EXPECT_EQ(response.results(1).error().field(), "tips[1].payer_id");
  ExpectNothingCounted();
}

}  // namespace
}  // namespace tipgate
