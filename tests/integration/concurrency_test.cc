// Many clients against one limit: never over it, and nothing left that would have fitted.

#include <algorithm>
#include <functional>
#include <random>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

constexpr int kClients = 64;

// What one client has seen.
struct Books {
  int64_t accepted_minor = 0;
  int accepted_count = 0;
  // The smallest tip that was refused; nothing smaller than it was.
  int64_t smallest_refused_minor = INT64_MAX;
};

class Concurrency : public GateTest {
 protected:
  // Runs a client in each of 64 threads and adds up what they saw.
  Books RunClients(const std::function<void(int, GateClient&, Books&)>& run) {
    std::vector<Books> books(kClients);
    std::vector<std::thread> threads;
    for (int i = 0; i < kClients; ++i) {
      threads.emplace_back([&, i] {
        GateClient own(gate().target());
        run(i, own, books[static_cast<size_t>(i)]);
      });
    }
    for (std::thread& thread : threads) thread.join();
    Books sum;
    for (const Books& part : books) {
      sum.accepted_minor += part.accepted_minor;
      sum.accepted_count += part.accepted_count;
      sum.smallest_refused_minor =
          std::min(sum.smallest_refused_minor, part.smallest_refused_minor);
    }
    return sum;
  }

  static void Note(const v1::TipDecision& decision, Books& books) {
    if (decision.outcome() == v1::OUTCOME_ACCEPTED) {
      ++books.accepted_count;
      books.accepted_minor += decision.amount_minor();
    } else {
      books.smallest_refused_minor =
          std::min(books.smallest_refused_minor, decision.amount_minor());
    }
  }

  // Tips of 2 .. 60 fen at random until one is refused for the limit, then the smallest until it
  // is, too.
  static void TipUntilRefused(int client_number,
                              const std::function<v1::TipIntent(std::string)>& make,
                              GateClient& own, Books& books) {
    std::mt19937 random(static_cast<unsigned>(client_number));
    bool is_refused = false;
    for (int i = 0;; ++i) {
      v1::TipIntent intent = make(absl::StrCat(client_number, "/", i));
      intent.set_count(is_refused ? 2 : 2 + static_cast<int32_t>(random() % 59));
      const v1::TipDecision decision = own.Tip(intent);
      Note(decision, books);
      const bool is_accepted = decision.outcome() == v1::OUTCOME_ACCEPTED;
      if (!is_accepted && is_refused) return;
      is_refused |= !is_accepted;
    }
  }
};

TEST_F(Concurrency, T16OneDayLimitIsNeverPassed) {
  policy_.day_limit_minor = 20'001;  // Odd: tips of 2 fen may leave 1.
  StartGateWithSession();
  const Books sum = RunClients([](int i, GateClient& own, Books& books) {
    TipUntilRefused(
        i, [](const std::string& key) { return TipOf(key, 1); }, own, books);
  });
  EXPECT_LE(sum.accepted_minor, policy_.day_limit_minor);
  EXPECT_EQ(sum.smallest_refused_minor, 2);
  EXPECT_LT(policy_.day_limit_minor - sum.accepted_minor, sum.smallest_refused_minor);
  const v1::Totals totals = client().Totals();
  EXPECT_EQ(totals.accepted_minor(), sum.accepted_minor);
  EXPECT_EQ(totals.tips_accepted_count(), sum.accepted_count);
  client().Verify();
}

TEST_F(Concurrency, T19OneSessionCapIsNeverPassedByManyPayers) {
  policy_.tiers[0].session_received_max_minor = 20'001;
  StartGateWithSession();
  for (int i = 0; i < kClients; ++i) client().PutAdult(1'000 + i);
  const Books sum = RunClients([](int i, GateClient& own, Books& books) {
    const auto make = [i](const std::string& key) {
      v1::TipIntent intent = TipOf(key, 1);
      intent.set_payer_id(1'000 + i);
      return intent;
    };
    TipUntilRefused(i, make, own, books);
  });
  const int64_t left = policy_.tiers[0].session_received_max_minor - sum.accepted_minor;
  EXPECT_GE(left, 0);
  EXPECT_LT(left, sum.smallest_refused_minor);
  EXPECT_EQ(sum.smallest_refused_minor, 2);
  v1::GetSessionRequest request;
  request.set_session_id(kSession);
  EXPECT_EQ(client().Must(request).session().received_minor(), sum.accepted_minor);
  EXPECT_EQ(client().Totals().accepted_minor(), sum.accepted_minor);
}

TEST_F(Concurrency, R8OneRechargeDayLimitIsNeverPassed) {
  policy_.recharge_day_limit_minor = 1'000;
  StartGateWithSession();
  const Books sum = RunClients([](int i, GateClient& own, Books& books) {
    for (int k = 0; k < 20; ++k) {
      const auto decision = own.Must(RechargeOf(absl::StrCat(i, "/", k), 3)).decision();
      if (decision.outcome() == v1::OUTCOME_ACCEPTED) books.accepted_minor += 3;
    }
  });
  EXPECT_EQ(sum.accepted_minor, 999);
  EXPECT_EQ(client().Totals().recharge_held_minor(), 999);
}

// Every client sends the same keys, each in an order of its own.
TEST_F(Concurrency, TheSameKeysInParallelHaveOneEffect) {
  constexpr int kKeys = 50;
  StartGateWithSession();
  std::vector<std::vector<std::string>> answers(kClients, std::vector<std::string>(kKeys));
  RunClients([&](int i, GateClient& own, Books&) {
    for (int k = 0; k < kKeys; ++k) {
      const int key = (k * 7 + i) % kKeys;
      answers[static_cast<size_t>(i)][static_cast<size_t>(key)] =
          own.Must(AuthorizeOf(TipOf(absl::StrCat("same ", key), 1))).SerializeAsString();
    }
  });
  for (const auto& of_client : answers) EXPECT_EQ(of_client, answers[0]);
  EXPECT_EQ(client().Totals().accepted_minor(), kKeys);
  EXPECT_EQ(client().Totals().tips_accepted_count(), kKeys);
  client().Verify();
}

}  // namespace
}  // namespace tipgate
