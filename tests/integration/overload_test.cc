// Overload and deadlines: refused at once, nothing counted, and the same key works later.

#include <atomic>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

constexpr int kTipsMax = 8'192;

class Overload : public GateTest {
 protected:
  static v1::AuthorizeTipsRequest BatchOf(int number) {
    v1::AuthorizeTipsRequest request;
    for (int i = 0; i < kTipsMax; ++i) {
      *request.add_tips() = TipOf(absl::StrCat(number, "/", i), 1);
    }
    return request;
  }
};

// Only one full batch may be in work; four clients send theirs until one is refused.
TEST_F(Overload, AFullGateRefusesAtOnceAndDecidesLater) {
  more_config_ = absl::StrCat("queue_requests_max: ", kTipsMax, "\n");
  StartGateWithSession();
  std::atomic<int> next{0};
  std::atomic<int> accepted_batches{0};
  std::atomic<int> refused{-1};
  grpc::Status refusal;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      GateClient own(gate().target());
      while (refused < 0 && next < 200) {
        const int number = next++;
        const grpc::Status status = own.Try(BatchOf(number));
        int nobody = -1;
        if (status.ok()) {
          ++accepted_batches;
        } else if (refused.compare_exchange_strong(nobody, number)) {
          refusal = status;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_GE(refused, 0) << "200 batches and never too much";
  EXPECT_THAT(refusal,
              FailsWith(grpc::StatusCode::RESOURCE_EXHAUSTED, v1::ERROR_REASON_OVERLOADED, ""));
  EXPECT_EQ(client().Totals().tips_accepted_count(), int64_t{kTipsMax} * accepted_batches);
  const auto response = client().Must(BatchOf(refused));
  EXPECT_EQ(response.results(0).decision().outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(client().Totals().tips_accepted_count(), int64_t{kTipsMax} * (accepted_batches + 1));
}

// Six clients send full batches that may take 30 ms, which is too much for most of them.
TEST_F(Overload, ACrowdInAHurryIsCountedOnceWhateverItWasTold) {
  constexpr int kClients = 6;
  constexpr int kBatches = 8;
  StartGateWithSession();
  std::vector<grpc::Status> told(kClients * kBatches);
  std::vector<std::thread> threads;
  for (int t = 0; t < kClients; ++t) {
    threads.emplace_back([&, t] {
      GateClient own(gate().target());
      for (int i = t * kBatches; i < (t + 1) * kBatches; ++i) {
        v1::AuthorizeTipsResponse response;
        told[static_cast<size_t>(i)] =
            own.Call(BatchOf(i), &response, std::chrono::milliseconds(30));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  int64_t answered = 0;
  int64_t unknown = 0;
  for (const grpc::Status& status : told) {
    answered += status.ok() ? 1 : 0;
    unknown += status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ? 1 : 0;
    EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
                status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED)
        << status.error_message();
  }
  const int64_t counted = client().Totals().tips_accepted_count();
  EXPECT_EQ(counted % kTipsMax, 0) << "a call counts as a whole";
  EXPECT_GE(counted, answered * kTipsMax);
  EXPECT_LE(counted, (answered + unknown) * kTipsMax) << "what was refused does not count";
  for (size_t i = 0; i < told.size(); ++i) {
    if (!told[i].ok()) client().Must(BatchOf(static_cast<int>(i)));
  }
  EXPECT_EQ(client().Totals().tips_accepted_count(), int64_t{kTipsMax} * kClients * kBatches);
}

TEST_F(Overload, NoMorePayersThanConfigured) {
  more_config_ = "payers_max: 2\n";
  StartGateWithSession();
  client().PutAdult(kPayer + 1);
  EXPECT_THAT(
      client().Try(PutPayerOf("third", kPayer + 2, AdultFacts())),
      FailsWith(grpc::StatusCode::RESOURCE_EXHAUSTED, v1::ERROR_REASON_CAPACITY_REACHED, ""));
  client().PutAdult(kPayer + 1);  // Known ones may change.
  EXPECT_EQ(client().Totals().payers_count(), 2);
}

TEST_F(Overload, APassedDeadlineIsNotCounted) {
  StartGateWithSession();
  for (int i = 0; i < 20; ++i) {
    v1::AuthorizeTipResponse response;
    const grpc::Status status = client().Call(AuthorizeOf(TipOf(absl::StrCat("late", i), 1)),
                                              &response, std::chrono::seconds(-1));
    EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  }
  EXPECT_EQ(client().Totals().tips_accepted_count(), 0);
}

// A deadline that passes somewhere on the way proves nothing; the same key tells what happened.
TEST_F(Overload, AShortDeadlineHasOneEffectOrNone) {
  StartGateWithSession();
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  int late_count = 0;
  constexpr int kTips = 400;
  for (int i = 0; i < kTips; ++i) {
    v1::AuthorizeTipResponse response;
    const auto timeout = std::chrono::microseconds(random() % 3'000);
    const auto request = AuthorizeOf(TipOf(absl::StrCat("t", i), 1));
    const grpc::Status status = client().Call(request, &response, timeout);
    if (!status.ok()) {
      // Overloaded is who has waited for most of it, on a machine with other things to do.
      ASSERT_TRUE(status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
                  status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED)
          << status.error_message();
      ++late_count;
    }
  }
  const int64_t counted = client().Totals().tips_accepted_count();
  EXPECT_GE(counted, kTips - late_count);
  EXPECT_LE(counted, kTips);
  for (int i = 0; i < kTips; ++i) client().Tip(TipOf(absl::StrCat("t", i), 1));
  EXPECT_EQ(client().Totals().tips_accepted_count(), kTips);
  EXPECT_EQ(client().Totals().accepted_minor(), kTips);
}

}  // namespace
}  // namespace tipgate
