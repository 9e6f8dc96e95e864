// Payers who leave the memory while others look them up: many threads, the real pipeline, a
// checkpoint every few tips.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/fold.h"
#include "core/recovery.h"
#include "tests/server/service_gate.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

constexpr int64_t kPayers = 24;
constexpr int kThreads = 4;
constexpr int kRounds = 2'000;

class Traffic {
 public:
  explicit Traffic(ServiceGate* gate) : gate_(*gate) {
    for (int64_t id = 1; id <= kPayers; ++id) {
      PayerCommand command;
      command.request.payer = PayerId(id);
      command.request.is_verified = true;
      command.request.age.band = AgeBand::kAdult;
      Run(command);
    }
  }

  void RunThread(int number) {
    std::minstd_rand random(static_cast<unsigned>(number + 1));
    const auto below = [&](uint64_t bound) { return random() % bound; };
    for (int round = 0; round < kRounds; ++round) {
      const PayerId payer(static_cast<int64_t>(1 + below(kPayers)));
      switch (below(8)) {
        case 0: {
          RechargeCommand recharge;
          recharge.request.payer = payer;
          recharge.request.amount = Money(100);
          recharge.request.hold_ms = 60'000;
          Run(recharge);
          break;
        }
        case 1: {
          CoolingOffCommand cooling_off;
          cooling_off.request.payer = payer;
          cooling_off.request.duration_ms = 1;
          Run(cooling_off);
          break;
        }
        case 2:
          gate_.clock.Advance(absl::Seconds(30));  // holds expire
          break;
        default:
          Tip(1 + below(5), &random);
      }
    }
  }

 private:
  Intent NewIntent() {
    return {.caller = CallerId{}, .key = IdempotencyKey(absl::StrCat("key-", ++intents_count_))};
  }

  template <typename CommandType>
  void Run(CommandType command) {
    command.request.intent = NewIntent();
    command.key.hash = HashKey(command.request.intent.caller, command.request.intent.key.view());
    gate_.RunOwn(std::move(command));
  }

  void Tip(uint64_t count, std::minstd_rand* random) {
    TipsCommand tips;
    for (uint64_t i = 0; i < count; ++i) {
      TipRequest request;
      request.intent = NewIntent();
      request.payer = PayerId(static_cast<int64_t>(1 + (*random)() % (kPayers + 2)));
      request.streamer = StreamerId(1);
      request.session = SessionId(1);
      request.gift = GiftId(5);
      request.unit_price = Money(10'000);
      request.count = 1;
      request.is_hold = (*random)() % 4 == 0;
      tips.keys.push_back({.hash = HashKey(request.intent.caller, request.intent.key.view()),
                           .stored = RecordId()});
      tips.requests.push_back(request);
    }
    gate_.RunOwn(std::move(tips));
  }

  ServiceGate& gate_;
  std::atomic<int64_t> intents_count_{0};
};

void Fold(const Journal& journal, State* state) {
  const std::unique_ptr<JournalReader> reader = journal.ReadFrom(1);
  Entry entry;
  while (*reader->Next(&entry)) FoldEntry(entry, state);
}

// The fold of all entries, with everybody in memory, checks that no total is other than the record
// says: a tip that was decided on an older copy of its payer would stop it.
TEST(ColdPayers, NothingIsLostWhileTheyComeAndGo) {
  ServiceGate gate(/*requests_max=*/100'000, /*checkpoint_keys_max=*/16,
                   /*payers_resident_max=*/2);
  gate.PutScene();
  Traffic traffic(&gate);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([&, i] { traffic.RunThread(i); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(gate.stats().payer_reads.value(), 100);
  gate.Stop();
  State folded;
  Fold(gate.journal, &folded);
  EXPECT_EQ(folded.payers_count(), kPayers);
  State recovered;
  KeyMemory keys;
  ASSERT_TRUE(Recover(gate.journal, gate.store, 2, &recovered, &keys).ok());
  const int64_t last_ms = gate.journal.Head().time_ms;
  EXPECT_EQ(recovered.Fingerprint(last_ms), folded.Fingerprint(last_ms));
}

}  // namespace
}  // namespace tipgate
