// Many tips from a file or standard input, in calls or over one stream.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/cli/gate_error.h"
#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

class TipctlBatchTest : public TipctlTest {
 protected:
  ~TipctlBatchTest() override { std::filesystem::remove(file_); }

  // A file with this text.
  const std::string& FileOf(const std::string& text) {
    std::ofstream(file_) << text;
    return file_;
  }

  // A file with the tips k1, k2 and so on, one a line.
  const std::string& FileOfTips(int tips_count) {
    std::string text;
    for (int i = 1; i <= tips_count; ++i) {
      absl::StrAppend(&text, R"({"idempotency_key":"k)", i, R"(","payer_id":")", i, "\"}\n");
    }
    return FileOf(text);
  }

  // The keys of each request, such as "k1 k2".
  template <typename Request>
  std::vector<std::string> SentKeys(const std::string& rpc) const {
    std::vector<std::string> sent;
    for (const Request& request : gate_.script().template Requests<Request>(rpc)) {
      std::string& keys = sent.emplace_back();
      for (const v1::TipIntent& tip : request.tips()) {
        absl::StrAppend(&keys, keys.empty() ? "" : " ", tip.idempotency_key());
      }
    }
    return sent;
  }

  // What AuthorizeTips was asked.
  std::vector<std::string> CalledKeys() const {
    return SentKeys<v1::AuthorizeTipsRequest>("AuthorizeTips");
  }

 private:
  const std::string file_ =
      testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
};

constexpr char kAccepted[] = R"pb(
  results {
    decision {
      tip_id: 1
      outcome: OUTCOME_ACCEPTED
      amount_minor: 82500
      reminders { period: PERIOD_DAY threshold_permille: 500 }
      settle_time { seconds: 1778241600 }
    }
  })pb";

constexpr char kRejected[] = R"pb(
  results {
    decision {
      tip_id: 2
      outcome: OUTCOME_REJECTED
      amount_minor: 82500
      amount_max_minor: 50000
      violations { code: REJECTION_CODE_TIP_CAP }
      violations { code: REJECTION_CODE_DAY_LIMIT }
      retry_time { seconds: 1777651200 }
    }
  })pb";

constexpr char kMalformed[] = R"pb(
  results {
    error {
      code: 3
      reason: ERROR_REASON_INVALID_FIELD
      field: "tips[0].count"
      message: "tips[0].count: must be 1 .. 9999, was 0"
    }
  })pb";

// The answer to one call.
template <typename Response = v1::AuthorizeTipsResponse>
Response Answer(const std::string& results) {
  return Proto<Response>(results);
}

TEST_F(TipctlBatchTest, SendsWhatJsonOutputSays) {
  gate_.script().Reply("AuthorizeTips", Answer(kAccepted));
  const auto result = Run("tip batch " + FileOf(R"({"idempotency_key":"k1","payer_id":"7",)"
                                                R"("streamer_id":"8","session_id":9,)"
                                                R"("gift_id":"10","unit_price_minor":"1250",)"
                                                R"("count":66,"hold":true,"hold_ttl":"30s",)"
                                                R"("create_time":"2026-05-01T12:00:00Z"})"));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(IsSame(LastRequest<v1::AuthorizeTipsRequest>("AuthorizeTips"),
                     Proto<v1::AuthorizeTipsRequest>(R"pb(
                       tips {
                         idempotency_key: "k1"
                         payer_id: 7
                         streamer_id: 8
                         session_id: 9
                         gift_id: 10
                         unit_price_minor: 1250
                         count: 66
                         create_time { seconds: 1777636800 }
                         hold: true
                         hold_ttl { seconds: 30 }
                       })pb")));
}

TEST_F(TipctlBatchTest, PrintsOneLineATipAndTheSumOnStandardError) {
  gate_.script().Reply("AuthorizeTips", Answer(absl::StrCat(kAccepted, kRejected, kMalformed)));
  const auto result = Run("tip batch " + FileOfTips(3));
  EXPECT_EQ(result.out,
            "line=1  ACCEPTED tip=1 key=k1 amount=825.00 reached=DAY 500‰ "
            "settles=2026-05-08T20:00:00.000+08:00\n"
            "line=2  REJECTED tip=2 key=k2 amount=825.00 refused_by=TIP_CAP,DAY_LIMIT "
            "would_pass=500.00 passes_from=2026-05-02T00:00:00.000+08:00\n"
            "line=3  INVALID_ARGUMENT key=k3 field=count reason=INVALID_FIELD: "
            "must be 1 .. 9999, was 0\n");
  EXPECT_EQ(result.err, "tipctl: 3 tips: 1 accepted, 1 rejected, 1 not decided\n");
}

TEST_F(TipctlBatchTest, ExitStatusIsThatOfTheWorstTip) {
  gate_.script().Reply("AuthorizeTips", Answer(kAccepted));
  gate_.script().Reply("AuthorizeTips", Answer(kRejected));
  gate_.script().Reply("AuthorizeTips", Answer(kMalformed));
  gate_.script().Reply("AuthorizeTips", Answer(absl::StrCat(kRejected, kAccepted)));
  gate_.script().Reply("AuthorizeTips", Answer(absl::StrCat(kMalformed, kRejected)));
  EXPECT_EQ(Run("tip batch " + FileOfTips(1)).exit_code, 0);
  EXPECT_EQ(Run("tip batch " + FileOfTips(1)).exit_code, 1);
  EXPECT_EQ(Run("tip batch " + FileOfTips(1)).exit_code, 3);
  EXPECT_EQ(Run("tip batch " + FileOfTips(2)).exit_code, 1);
  EXPECT_EQ(Run("tip batch " + FileOfTips(2)).exit_code, 3);
}

TEST_F(TipctlBatchTest, JsonIsOneResultALine) {
  const auto answer = Answer(absl::StrCat(kAccepted, kMalformed));
  gate_.script().Reply("AuthorizeTips", answer);
  const auto result = Run("--json tip batch " + FileOfTips(2));
  ASSERT_EQ(Lines(result.out).size(), 2U) << result.out;
  EXPECT_TRUE(IsSame(FromJson<v1::TipResult>(Lines(result.out)[0]), answer.results(0)));
  EXPECT_TRUE(IsSame(FromJson<v1::TipResult>(Lines(result.out)[1]), answer.results(1)));
}

TEST_F(TipctlBatchTest, CutsTheTipsIntoCallsInTheirOrder) {
  gate_.script().Reply("AuthorizeTips", Answer(absl::StrCat(kAccepted, kAccepted)));
  gate_.script().Reply("AuthorizeTips", Answer(kAccepted));
  const auto result = Run("tip batch --batch-size 2 " + FileOfTips(3));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(CalledKeys(), testing::ElementsAre("k1 k2", "k3"));
  ASSERT_EQ(Lines(result.out).size(), 3U);
  EXPECT_THAT(Lines(result.out)[2], HasSubstr("line=3  ACCEPTED tip=1 key=k3 "));
}

TEST_F(TipctlBatchTest, ACallThatIsJustFullIsNotFollowedByAnEmptyOne) {
  gate_.script().Reply("AuthorizeTips", Answer(absl::StrCat(kAccepted, kAccepted)));
  EXPECT_EQ(Run("tip batch --batch-size 2 " + FileOfTips(2)).exit_code, 0);
  EXPECT_THAT(CalledKeys(), testing::ElementsAre("k1 k2"));
}

TEST_F(TipctlBatchTest, TheLargestBatchIsTheGatesOwn) {
  std::string results;
  for (int i = 0; i < 8192; ++i) absl::StrAppend(&results, kAccepted);
  gate_.script().Reply("AuthorizeTips", Answer(results));
  const auto result = Run("tip batch --batch-size 8192 " + FileOfTips(8192));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Lines(result.out).size(), 8192U);
}

TEST_F(TipctlBatchTest, AnAnswerMayBeLongerThan4MiB) {
  auto answer = Answer(kMalformed);
  answer.mutable_results(0)->mutable_error()->set_message(std::string(5'000'000, 'x'));
  gate_.script().Reply("AuthorizeTips", answer);
  EXPECT_GT(Run("tip batch " + FileOfTips(1)).out.size(), 5'000'000U);
}

TEST_F(TipctlBatchTest, ReadsStandardInputWithoutAFile) {
  gate_.script().Reply("AuthorizeTips", Answer(absl::StrCat(kAccepted, kAccepted)));
  const auto result =
      RunTipctl({"tip", "batch", "--target", gate_.address()}, {}, "", FileOfTips(2));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(CalledKeys(), testing::ElementsAre("k1 k2"));
}

TEST_F(TipctlBatchTest, AnEmptyFileNameIsNotStandardInput) {
  const auto result =
      RunTipctl({"tip", "batch", "", "--target", gate_.address()}, {}, "", FileOfTips(1));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("FILE: must not be empty"));
  EXPECT_THAT(CalledKeys(), testing::IsEmpty());
}

TEST_F(TipctlBatchTest, NoTipsAreNoCallAndNoFailure) {
  const auto result = Run("tip batch");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "tipctl: 0 tips: 0 accepted, 0 rejected, 0 not decided\n");
  EXPECT_THAT(CalledKeys(), testing::IsEmpty());
}

TEST_F(TipctlBatchTest, EmptyLinesArePassedOverAndCounted) {
  gate_.script().Reply("AuthorizeTips", Answer(kAccepted));
  const auto result = Run("tip batch " + FileOf("\n \r\n{\"idempotency_key\":\"k1\"}\r\n\n"));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("line=3  ACCEPTED"));
}

TEST_F(TipctlBatchTest, AControlCharacterInAKeyDoesNotBreakTheLine) {
  gate_.script().Reply("AuthorizeTips", Answer(kAccepted));
  const auto result = Run("tip batch " + FileOf(R"({"idempotency_key":"a\nb"})"));
  ASSERT_EQ(Lines(result.out).size(), 1U);
  EXPECT_THAT(result.out, HasSubstr("key=a\\x0ab "));
}

// A line that is no TipIntent, and what is said of it.
struct BadLine {
  const char* json;
  const char* hint;
};

TEST_F(TipctlBatchTest, ALineThatIsNoTipIsNamedAndNothingIsSent) {
  for (const auto& [json, hint] : std::vector<BadLine>{
           {R"({"payer":"1"})", "payer"},
           {R"({"payer_id":"x"})", "payer_id"},
           {R"({"count":1.5})", "count"},
           {R"({"count":2147483648})", "count"},
           {R"({"create_time":"yesterday"})", "create_time"},
           {R"({"payer_id":"1")", ""},
           {R"({"payer_id":"1"}{"payer_id":"2"})", ""},
           {"[]", ""},
           {"7", ""},
           {"null", ""},
           {"tip", ""},
       }) {
    const std::string& file = FileOf(absl::StrCat("{}\n\n", json, "\n{}\n"));
    const auto result = Run("tip batch --batch-size 1 " + file);
    EXPECT_EQ(result.exit_code, 2) << json;
    EXPECT_EQ(result.out, "") << json;
    ASSERT_EQ(Lines(result.err).size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr("tipctl: " + file + ":3: expected a TipIntent as JSON: "));
    EXPECT_THAT(result.err, HasSubstr(hint));
    EXPECT_THAT(result.err, testing::Not(HasSubstr("\\x0a"))) << "one line, not an escaped second";
  }
  EXPECT_THAT(CalledKeys(), testing::IsEmpty());
}

TEST_F(TipctlBatchTest, ALineOfStandardInputIsNamedToo) {
  const auto result = RunTipctl({"tip", "batch", "--target", gate_.address()}, {}, "",
                                FileOf("{}\n{\"payer\":1}\n"));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("tipctl: standard input:2: expected a TipIntent as JSON: "));
}

TEST_F(TipctlBatchTest, ACallThatFailsTellsHowToRepeat) {
  gate_.script().Fail("AuthorizeTips", GateError(grpc::StatusCode::RESOURCE_EXHAUSTED, "back off",
                                                 v1::ERROR_REASON_OVERLOADED));
  const auto result = Run("tip batch --batch-size 1 " + FileOfTips(2));
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err,
            "tipctl: RESOURCE_EXHAUSTED: back off (reason OVERLOADED)\n"
            "tipctl: 2 tips: 0 accepted, 0 rejected, 0 not decided\n"
            "tipctl: 2 tips have no answer; to repeat this safely, send the same lines with the "
            "same keys\n");
  EXPECT_THAT(CalledKeys(), testing::ElementsAre("k1")) << "nothing after a call that failed";
}

TEST_F(TipctlBatchTest, AnAnswerThatLacksATipIsAFailure) {
  gate_.script().Reply("AuthorizeTips", Answer(kAccepted));
  const auto result = Run("tip batch " + FileOfTips(2));
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(Lines(result.err)[0], EndsWith("INTERNAL: the gate answered 1 tips of 2"));
}

TEST_F(TipctlBatchTest, OutputThatCannotBeWrittenStopsTheSending) {
  gate_.script().Reply("AuthorizeTips", Answer(kAccepted));
  const auto result =
      RunTipctl({"tip", "batch", "--batch-size", "1", "--target", gate_.address(), FileOfTips(3)},
                {}, "/dev/full");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, EndsWith("tipctl: cannot write to standard output\n"));
  EXPECT_THAT(CalledKeys(), testing::ElementsAre("k1"));
}

TEST_F(TipctlBatchTest, StreamSendsABatchAMessage) {
  using v1::StreamTipsResponse;
  gate_.script().Reply("StreamTips",
                       Answer<StreamTipsResponse>(absl::StrCat(kAccepted, kAccepted)));
  gate_.script().Reply("StreamTips", Answer<StreamTipsResponse>(kRejected));
  const auto result = Run("tip batch --stream --batch-size 2 --identity ann " + FileOfTips(3));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(SentKeys<v1::StreamTipsRequest>("StreamTips"), testing::ElementsAre("k1 k2", "k3"));
  ASSERT_EQ(Lines(result.out).size(), 3U);
  EXPECT_THAT(Lines(result.out)[2], HasSubstr("line=3  REJECTED tip=2 key=k3 "));
  EXPECT_EQ(result.err, "tipctl: 3 tips: 2 accepted, 1 rejected, 0 not decided\n");
  EXPECT_EQ(gate_.script().identity(), "ann");
  EXPECT_THAT(CalledKeys(), testing::IsEmpty());
}

TEST_F(TipctlBatchTest, StreamThatTheGateEndsKeepsWhatWasAnswered) {
  gate_.script().Reply("StreamTips", Answer<v1::StreamTipsResponse>(kAccepted));
  gate_.script().Fail("StreamTips", GateError(grpc::StatusCode::UNAVAILABLE, "stopping",
                                              v1::ERROR_REASON_STOPPING));
  const auto result = Run("tip batch --stream --batch-size 1 " + FileOfTips(3));
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(Lines(result.out).size(), 1U) << result.out;
  EXPECT_EQ(result.err,
            "tipctl: UNAVAILABLE: stopping (reason STOPPING)\n"
            "tipctl: 3 tips: 1 accepted, 0 rejected, 0 not decided\n"
            "tipctl: 2 tips have no answer; to repeat this safely, send the same lines with the "
            "same keys\n");
}

TEST_F(TipctlBatchTest, StreamThatEndsWellBeforeItsLastAnswerIsAFailure) {
  gate_.script().Reply("StreamTips", Answer<v1::StreamTipsResponse>(kAccepted));
  const auto result = Run("tip batch --stream --batch-size 1 " + FileOfTips(2));
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("INTERNAL: the gate ended the stream before its last answer"));
}

TEST_F(TipctlBatchTest, StreamedAnswerThatLacksATipIsAFailure) {
  gate_.script().Reply("StreamTips", Answer<v1::StreamTipsResponse>(kAccepted));
  const auto result = Run("tip batch --stream " + FileOfTips(2));
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("INTERNAL: the gate answered 1 tips of 2"));
}

}  // namespace
}  // namespace tipgate
