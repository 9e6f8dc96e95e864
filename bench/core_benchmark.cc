// How many tips can one core decide, without network and disk?
//
// One sequencer, the rules of the sample policy with limits that a long run does not reach, payers
// drawn evenly, sessions so that the first of 300 gets about a sixth of all tips. A batch has 1,000
// tips; its keys are remembered like in the server, and the generations of keys are dropped as
// checkpoints would. With all rules there are also a trailing window for cooling-off, in which each
// payer has a tip already, gates, a balance, and limits beyond the policy's for one payer of 16.

#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/sequencer.h"

namespace tipgate {
namespace {

constexpr int64_t kSessions = 300;
constexpr int64_t kBatchTips = 1'000;
constexpr int64_t kCheckpointBatches = 200;
constexpr int64_t kStartMs = 1'795'478'400'000;
constexpr Money kLimit{900'000'000'000'000};
// From one batch to the next, at most one tip a payer in it on average.
constexpr int64_t kBatchMs = 100;
constexpr Money kBalance{1'000'000'000};

Policy BenchPolicy() {
  Policy policy;
  policy.time_zone = "Asia/Shanghai";
  policy.gift_price_max = Money(300'000);
  policy.tip_max = Money(500'000);
  policy.day_limit = kLimit;
  policy.month_limit = kLimit;
  policy.reminder_permille = {300, 500, 800, 1000};
  policy.tiers = {{.name = TierName("L3"),
                   .session_received_max = kLimit,
                   .session_duration_max_ms = 28'800'000,
                   .sessions_per_day_max = 6,
                   .session_interval_ms = 600'000,
                   .settle_delay_ms = 86'400'000}};
  policy.settle_delays = {{.min_amount = Money(100'000), .settle_delay_ms = 604'800'000}};
  policy.recharge_hold_ms = 1'800'000;
  return policy;
}

// Everything that a policy may ask for, far enough away that nobody is refused.
Policy AllRulesPolicy() {
  Policy policy = BenchPolicy();
  policy.payer_tiers = {{.name = TierName("new"), .limits = {.day_limit = kLimit}}};
  policy.confirmation = {.day_permille = 500, .month_permille = 500};
  policy.cooling_off = {.single_min = kLimit,
                        .window_sum_min = kCoolingOffSumMax,
                        .window_count_min = kCoolingOffCountMax,
                        .window_ms = 1'000,
                        .duration_ms = 1'000};
  policy.tip_life.remorse_ms = 10'000;
  policy.facts_max_age_ms = int64_t{90} * 24 * 3600 * 1000;
  policy.recharge_single_max = kRechargeAmountMax;
  policy.recharge_day_limit = kLimit;
  policy.recharge_month_limit = kLimit;
  policy.wallet = WalletMode::kManaged;
  return policy;
}

enum class Rules { kUsual, kAll };

// SplitMix64.
class Random {
 public:
  int64_t Below(int64_t bound) {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t word = state_;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    return static_cast<int64_t>((word ^ (word >> 31)) % static_cast<uint64_t>(bound));
  }

 private:
  uint64_t state_ = 1;
};

class Scene {
 public:
  Scene(int64_t payers, Rules rules)
      : payers_(payers),
        has_all_rules_(rules == Rules::kAll),
        sequencer_(&state_, &keys_,
                   {.payers_max = payers,
                    .payers_resident_max = payers,
                    .streamers_max = kSessions,
                    .sessions_max = kSessions,
                    .recharges_max = payers,
                    .idempotency_retention_ms = 604'800'000},
                   *Calendar::Load("Asia/Shanghai"), 0) {
    Run(PolicyCommand{.policy = std::make_shared<const Policy>(has_all_rules_ ? AllRulesPolicy()
                                                                              : BenchPolicy())});
    const Gift gift{.id = GiftId(1), .name = "gift", .unit_price = Money(100), .is_enabled = true};
    Run(CatalogCommand{.catalog = std::make_shared<const GiftCatalog>(std::vector<Gift>{gift})});
    for (int64_t id = 1; id <= kSessions; ++id) PutStreamer(id);
    for (int64_t id = 1; id <= payers; ++id) {
      PutPayer(id);
      if (has_all_rules_) FillBalance(id);
    }
    if (has_all_rules_) TipOnce();
  }

  // Fresh tips, as the gRPC threads would hand them over.
  void Prepare(TipsCommand* command) {
    now_.time_ms += kBatchMs;
    command->requests.resize(kBatchTips);
    command->keys.resize(kBatchTips);
    for (size_t i = 0; i < kBatchTips; ++i) {
      TipRequest& request = command->requests[i];
      const int64_t session = 1 + random_.Below(1 + random_.Below(kSessions));
      request = MakeTip(NewIntent(), PayerId(1 + random_.Below(payers_)), session);
      command->keys[i] = LookUp(request.intent);
    }
  }

  void Run(Command command) { Execute(command); }

  void Execute(Command& command) {
    sequencer_.Begin(now_, &batch_);
    sequencer_.Execute(command);
    TIPGATE_CHECK(sequencer_.End());
    if (++batches_count_ % kCheckpointBatches == 0) {
      keys_.Freeze(sequencer_.last_sequence());
      keys_.NoteStored(sequencer_.last_sequence());
    }
  }

  // Of the measured ones.
  int64_t accepted_count() const { return state_.totals.tips_accepted_count - tips_before_count_; }

 private:
  Intent NewIntent() {
    return {.caller = CallerId{},
            .key = IdempotencyKey(absl::StrCat("benchmark-", ++intents_count_)),
            .create_time_ms = 0};
  }
  KeyLookup LookUp(const Intent& intent) {
    return {.hash = HashKey(intent.caller, intent.key.view()), .stored = RecordId()};
  }

  void PutPayer(int64_t id) {
    PayerRecord record;
    record.intent = NewIntent();
    record.payer = PayerId(id);
    record.is_verified = true;
    record.age.birth_date = {.year = 1990, .month = 5, .day = 17};
    if (has_all_rules_ && id % 16 == 0) {
      record.tier = TierName("new");
      record.guardian.day_limit = kLimit;
    }
    Run(PayerCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
  }

  // From every payer, so that the measured tips are not the first ones.
  void TipOnce() {
    for (int64_t id = 1; id <= payers_; ++id) {
      const Intent intent = NewIntent();
      Run(TipsCommand{.is_dry_run = false,
                      .requests = {MakeTip(intent, PayerId(id), 1)},
                      .keys = {LookUp(intent)},
                      .answers = {}});
    }
    tips_before_count_ = accepted_count();
  }

  static TipRequest MakeTip(const Intent& intent, PayerId payer, int64_t session) {
    return {.intent = intent,
            .payer = payer,
            .streamer = StreamerId(session),
            .session = SessionId(session),
            .gift = GiftId(1),
            .unit_price = Money(100),
            .count = 10};
  }

  void FillBalance(int64_t payer) {
    const RechargeRequest recharge{
        .intent = NewIntent(), .payer = PayerId(payer), .amount = kBalance};
    Run(RechargeCommand{.request = recharge, .key = LookUp(recharge.intent), .answer = {}});
    const RechargeChange capture{.intent = NewIntent(),
                                 .action = RechargeAction::kCapture,
                                 .recharge = batch_.entry.IdAt(0)};
    Run(RechargeChangeCommand{.request = capture, .key = LookUp(capture.intent), .answer = {}});
  }

  void PutStreamer(int64_t id) {
    StreamerRecord record;
    record.intent = NewIntent();
    record.streamer = StreamerId(id);
    record.is_verified = true;
    record.age.band = AgeBand::kAdult;
    record.tier = TierName("L3");
    Run(StreamerCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
    const SessionRequest session{
        .intent = NewIntent(), .session = SessionId(id), .streamer = StreamerId(id)};
    Run(OpenSessionCommand{.request = session, .key = LookUp(session.intent), .answer = {}});
  }

  const int64_t payers_;
  const bool has_all_rules_;
  State state_;
  KeyMemory keys_;
  Sequencer sequencer_;
  Batch batch_;
  Moment now_ = Calendar::Load("Asia/Shanghai")->At(kStartMs);
  Random random_;
  int64_t intents_count_ = 0;
  int64_t batches_count_ = 0;
  int64_t tips_before_count_ = 0;
};

void Decide(benchmark::State& run, Rules rules) {
  Scene scene(run.range(0), rules);
  Command command = TipsCommand();
  for (auto _ : run) {
    run.PauseTiming();
    scene.Prepare(&std::get<TipsCommand>(command));
    run.ResumeTiming();
    scene.Execute(command);
  }
  run.SetItemsProcessed(run.iterations() * kBatchTips);
  if (scene.accepted_count() != run.iterations() * kBatchTips)
    run.SkipWithError("a tip was refused");
}
BENCHMARK_CAPTURE(Decide, usual, Rules::kUsual)
    ->Arg(1'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Decide, all, Rules::kAll)
    ->Arg(1'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tipgate
