#include "tests/simulation/world.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/recovery.h"
#include "core/verifier.h"
#include "tests/differ/random_policy.h"
#include "tests/support/core_gate.h"

namespace tipgate::simulation {
namespace {

constexpr int64_t kKeyRetentionMs = 7 * oracle::kDayMs;
constexpr int64_t kClockJumpMaxMs = 3'600'000;
// In how many steps all is answered once nothing goes wrong any more, for each wish.
constexpr int64_t kStepsPerWishMax = 2'000;
constexpr int64_t kStageCount = 4;

// Mostly one under which tips pass: state must build up.
oracle::Policy DrawPolicy(Random* random) {
  oracle::Policy policy = differ::RandomPolicy("Asia/Shanghai", random);
  if (random->Permille(700)) policy.wallet_managed = false;
  if (random->Permille(700)) policy.confirm = {};
  return policy;
}

std::vector<std::string> TiersOf(const oracle::Policy& policy) {
  std::vector<std::string> names;
  for (const oracle::TierPolicy& tier : policy.tiers) names.push_back(tier.name);
  return names;
}

PipelineOptions DrawOptions(Random* random) {
  StateLimits limits = CoreGate::DefaultLimits();
  limits.idempotency_retention_ms = kKeyRetentionMs;
  limits.payers_resident_max = random->OneOf<int64_t>({1, 2, 1'000});
  return {.limits = limits,
          .ring_calls_max = random->OneOf<int64_t>({4, 16, 64}),
          .requests_max = random->OneOf<int64_t>({8, 100, 1'000}),
          .batch_requests_max = random->OneOf<int64_t>({1, 8, 64}),
          .checkpoint_interval_ns = random->OneOf<int64_t>({20, 500, 10'000}) * kNanosPerMilli,
          .checkpoint_keys_max = random->OneOf<int64_t>({3, 20, 1'000})};
}

}  // namespace

// A command of the gate's own.
class World::OwnJob final : public Job {
 public:
  // `jobs`: of those that nobody has answered.
  OwnJob(const Command& own, bool* is_done, std::set<OwnJob*>* jobs)
      : is_done_(*is_done), jobs_(*jobs) {
    command = own;
    is_of_client = false;
    jobs_.insert(this);
  }
  ~OwnJob() override { jobs_.erase(this); }

  void Reply(const Batch&) override {
    is_done_ = true;
    delete this;
  }
  void Fail(const RequestError&) override { delete this; }

 private:
  bool& is_done_;
  std::set<OwnJob*>& jobs_;
};

World::World(uint64_t seed, int64_t wishes_count)
    : random_(seed),
      wishes_count_(wishes_count),
      policy_(DrawPolicy(&random_)),
      gifts_(differ::RandomGifts(policy_, &random_)),
      options_(DrawOptions(&random_)),
      faults_(&random_),
      disk_(&faults_),
      store_(&faults_, [this] { return process_->journal->Head().sequence; }),
      history_(policy_, gifts_, kKeyRetentionMs),
      clients_({.payers_count = random_.Between(2, 6),
                .streamers_count = random_.Between(1, 3),
                .tiers = TiersOf(policy_),
                .gifts = gifts_},
               wishes_count, &random_, &clock_, &history_) {}

World::~World() = default;

Report World::Run() {
  Start();
  while (!HasFailed() && !clients_.AreDone() &&
         report_.steps_count < wishes_count_ * kStepsPerWishMax) {
    try {
      Step();
    } catch (const Death&) {
      Die();
      Start();
    }
  }
  Settle();
  report_.wishes_count = wishes_count_;
  report_.answers_count = clients_.answers_count();
  report_.entries_count = history_.entries_count();
  report_.faults = faults_.counts();
  if (!HasFailed()) report_.hash = HashOfAll();
  return report_;
}

void World::Start() {
  while (!HasFailed() && process_ == nullptr) {
    try {
      TryToStart();
    } catch (const Death&) {
      Die();
    }
  }
}

void World::TryToStart() {
  ++report_.starts_count;
  disk_.SetFull(false);
  process_ = std::make_unique<Process>();
  auto journal =
      SimulatedJournal::Open(&disk_, &faults_, [this](const Entry& entry, const ChainHash& hash) {
        if (!history_.Add(entry, hash)) Fail(history_.fault());
      });
  if (!journal.ok()) throw Death{"journal"};
  process_->journal = *std::move(journal);
  if (!history_.Recover(process_->journal->entries(), process_->journal->hashes())) {
    return Fail(history_.fault());
  }
  const auto recovered = Recover(*process_->journal, store_, options_.limits.payers_resident_max,
                                 &process_->state, &process_->keys);
  if (absl::IsUnavailable(recovered.status())) throw Death{"recovery"};
  if (!recovered.ok()) return Fail(std::string(recovered.status().message()));
  TIPGATE_CHECK(process_->journal->Claim().ok());
  options_.stored_sequence = recovered->stored_sequence;
  const std::vector<Entry>& entries = process_->journal->entries();
  const Moment last = entries.empty() ? Moment() : entries.back().moment;
  process_->pipeline = std::make_unique<Pipeline>(
      options_, PipelinePorts{process_->journal.get(), &store_, &clock_}, &process_->state,
      &process_->keys, Timeline(*Calendar::Load(policy_.time_zone), last, kClockJumpMaxMs),
      process_->journal->Head().sequence,
      PipelineListeners{.fail_stop = [](const absl::Status&) { throw Death{"an I/O error"}; },
                        .on_durable = [](int64_t) {},
                        .on_clock = [](const absl::Status&) {}});
  CheckState();
  if (process_->state.policy == nullptr) {
    RunOwn(PolicyCommand{.policy = std::make_shared<const Policy>(differ::ToCore(policy_))});
  }
  if (process_->state.catalog == nullptr) {
    RunOwn(CatalogCommand{.catalog = differ::ToCore(gifts_)});
  }
}

void World::RunOwn(const Command& command) {
  bool is_done = false;
  for (int64_t steps = 0; !is_done; ++steps) {
    if (own_jobs_.empty()) {
      process_->pipeline->Submit(std::make_unique<OwnJob>(command, &is_done, &own_jobs_));
    }
    clock_.Pass(kNanosPerMilli);
    StepStage(steps % kStageCount);
  }
}

void World::Die() {
  clients_.LoseAll();
  while (!own_jobs_.empty()) delete *own_jobs_.begin();
  process_.reset();
  if (faults_.Strikes("power loss", 500)) {
    disk_.LosePower();
    store_.LosePower();
  }
}

void World::Step() {
  ++report_.steps_count;
  faults_.Reach("death anywhere", 1);
  PassTime();
  if (faults_.Strikes("full disk", 1)) disk_.SetFull(true);
  const int64_t who = random_.Below(10);
  if (who < 3) {
    clients_.Act(process_->pipeline.get(), *process_->journal, store_);
  } else {
    StepStage(who % kStageCount);
  }
  if (store_.leads_count() > 0) Fail("stored state led the journal");
}

void World::StepStage(int64_t stage) {
  Pipeline& pipeline = *process_->pipeline;
  switch (stage) {
    case 0:
      pipeline.sequencer_stage().Step();
      break;
    case 1:
      pipeline.journal_stage().Step();
      break;
    case 2:
      pipeline.reply_stage().Step();
      break;
    default:
      pipeline.checkpoint_stage().Step();
      break;
  }
}

void World::PassTime() {
  const int64_t kind = random_.Below(1'000);
  int64_t ns = random_.Below(2'000'000);
  if (kind == 0) ns = random_.Below(4) * 3'600'000 * kNanosPerMilli;
  if (kind == 1) ns = random_.Below(600'000) * kNanosPerMilli;
  clock_.Pass(ns);
  report_.simulated_ms += ns / kNanosPerMilli;
  if (faults_.Strikes("clock change", 3)) ChangeClock();
}

// Back, ahead a little, ahead too far, and right again.
void World::ChangeClock() {
  constexpr int64_t kSecondNs = 1'000'000'000;
  clock_.SetOffset(random_.OneOf<int64_t>(
      {0, 0, -kSecondNs, -3'600 * kSecondNs, 5 * kSecondNs, 600 * kSecondNs, 86'400 * kSecondNs}));
}

void World::Settle() {
  faults_.TurnOff();
  clock_.SetOffset(0);
  disk_.SetFull(false);
  const int64_t steps_max = report_.steps_count + wishes_count_ * kStepsPerWishMax;
  while (!HasFailed() && !clients_.AreDone()) {
    Step();
    if (report_.steps_count > steps_max) Fail("not everybody was answered");
  }
  if (!HasFailed()) Stop();
}

void World::Stop() {
  Pipeline& pipeline = *process_->pipeline;
  pipeline.BeginStop();
  bool has_ended[kStageCount] = {};
  const auto step = [&](int64_t index, auto& stage) {
    if (!has_ended[index]) has_ended[index] = stage.Step() == Progress::kEnded;
  };
  for (int64_t steps = 0; !has_ended[kStageCount - 1]; ++steps) {
    clock_.Pass(kNanosPerMilli);
    step(0, pipeline.sequencer_stage());
    step(1, pipeline.journal_stage());
    step(2, pipeline.reply_stage());
    step(3, pipeline.checkpoint_stage());
    if (steps > wishes_count_ * kStepsPerWishMax) return Fail("the gate does not stop");
  }
  CheckState();
  CheckTotals();
}

void World::CheckTotals() {
  const oracle::Totals of_gate = differ::ViewOf(process_->state.totals);
  const oracle::Totals of_oracle = history_.oracle().GetTotals(process_->journal->Head().time_ms);
  if (!differ::IsSame(of_gate, of_oracle)) Fail(differ::DifferenceText(of_gate, of_oracle));
  report_.accepted_count = of_gate.tips_accepted;
  report_.rejected_count = of_gate.tips_rejected;
}

void World::CheckState() {
  const int64_t now_ms = process_->journal->Head().time_ms;
  State folded;
  KeyMemory keys;
  MemoryStateStore nothing;
  const auto report =
      Recover(*process_->journal, nothing, options_.limits.payers_max, &folded, &keys);
  if (!report.ok()) return Fail(absl::StrCat("fold: ", report.status().message()));
  if (!(folded.Fingerprint(now_ms) == process_->state.Fingerprint(now_ms))) {
    return Fail("the state is not the fold of the journal");
  }
  Verifier verifier(*process_->journal);
  for (const Entry& entry : process_->journal->entries()) {
    if (const absl::Status status = verifier.Verify(entry); !status.ok()) {
      return Fail(absl::StrCat("verification: ", status.message()));
    }
  }
}

bool World::HasFailed() {
  if (!clients_.fault().empty()) Fail(clients_.fault());
  return !report_.fault.empty();
}

Hash128 World::HashOfAll() const {
  Hasher128 hasher;
  for (const ChainHash& hash : process_->journal->hashes()) {
    hasher.Add(absl::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
  }
  const Hash128 state = process_->state.Fingerprint(process_->journal->Head().time_ms);
  for (const uint64_t number : {state.high, state.low, static_cast<uint64_t>(report_.steps_count),
                                static_cast<uint64_t>(report_.starts_count),
                                static_cast<uint64_t>(clients_.answers_count())}) {
    hasher.Add(number);
  }
  return hasher.Finish();
}

}  // namespace tipgate::simulation
