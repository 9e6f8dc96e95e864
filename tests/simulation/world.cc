#include "tests/simulation/world.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/differ/abort_note.h"
#include "tests/differ/duel.h"
#include "tests/differ/random_policy.h"
#include "tests/support/core_gate.h"

namespace tipgate::simulation {
namespace {

constexpr int64_t kKeyRetentionMs = 7 * oracle::kDayMs;
// In how many steps all is answered once nothing goes wrong any more, for each wish.
constexpr int64_t kStepsPerWishMax = 2'000;
// How many steps others take while something on the disk takes long.
constexpr int64_t kSlowStepsMax = 40;
constexpr int64_t kSlowNsMax = 3'000'000'000;

// Mostly one under which tips pass: state must build up.
oracle::Policy DrawPolicy(Random* random) {
  oracle::Policy policy = differ::RandomPolicy("Asia/Shanghai", random);
  if (random->Permille(700)) policy.wallet_managed = false;
  if (random->Permille(700)) policy.confirm = {};
  for (oracle::TierPolicy& tier : policy.tiers) {
    tier.sessions_per_day_max += 4;
    if (random->Permille(800)) tier.session_duration_max_ms = 48 * oracle::kHourMs;
    if (random->Permille(800)) tier.session_interval_ms = 0;
  }
  return policy;
}

differ::Cast DrawCast(Random* random) {
  return {.payers_count = random->Between(2, 6),
          .streamers_count = random->Between(1, 3),
          .payers_resident_max = random->OneOf<int64_t>({1, 2, 1'000})};
}

PipelineOptions DrawOptions(const differ::Cast& cast, Random* random) {
  StateLimits limits = CoreGate::DefaultLimits();
  limits.idempotency_retention_ms = kKeyRetentionMs;
  limits.payers_resident_max = cast.payers_resident_max;
  return {.limits = limits,
          .ring_calls_max = random->OneOf<int64_t>({4, 16, 64}),
          .requests_max = random->OneOf<int64_t>({8, 100, 1'000}),
          .batch_requests_max = random->OneOf<int64_t>({1, 8, 64}),
          .checkpoint_interval_ns = random->OneOf<int64_t>({20, 500, 10'000}) * kNanosPerMilli,
          .checkpoint_keys_max = random->OneOf<int64_t>({3, 20, 1'000})};
}

// Is in the middle of a step as long as this is there.
class Busy {
 public:
  explicit Busy(bool* is_busy) : is_busy_(*is_busy) { is_busy_ = true; }
  ~Busy() { is_busy_ = false; }

 private:
  bool& is_busy_;
};

}  // namespace

World::World(uint64_t seed, int64_t wishes_count)
    : seed_(seed),
      random_(seed),
      wishes_count_(wishes_count),
      policy_(DrawPolicy(&random_)),
      gifts_(differ::RandomGifts(policy_, &random_)),
      cast_(DrawCast(&random_)),
      options_(DrawOptions(cast_, &random_)),
      faults_(&random_),
      disk_(&faults_),
      store_(
          &faults_, [this] { return process_->journal->Head().sequence; },
          [this] { LetOthersGoOn(); }),
      history_(policy_, gifts_, kKeyRetentionMs),
      reads_({.payers_count = cast_.payers_count + 1,  // one whom nobody knows
              .streamers_count = cast_.streamers_count + 1,
              .agencies_count = differ::kAgenciesCount},
             &random_, &history_),
      clients_(
          {.cast = cast_, .policy = policy_, .gifts = gifts_, .key_retention_ms = kKeyRetentionMs},
          wishes_count, &random_, &clock_, &history_, &reads_),
      intake_(&history_, &clock_) {}

World::~World() = default;

Report World::Run() {
  const differ::AbortNote note(absl::StrCat("seed ", seed_, " of the simulation"));
  try {
    Live();
    CalmDown();
    if (!HasFailed()) report_.hash = HashOfAll();
  } catch (const std::logic_error& error) {
    Fail(absl::StrCat("the oracle contradicts itself: ", error.what()));
  }
  report_.wishes_count = wishes_count_;
  report_.answers_count = clients_.answers_count();
  report_.entries_count = history_.entries_count();
  report_.faults = faults_.counts();
  report_.met = history_.judge().met();
  report_.met.insert(reads_.met().begin(), reads_.met().end());
  report_.met.insert(intake_.refusals().begin(), intake_.refusals().end());
  return report_;
}

void World::Live() {
  Start();
  has_clients_ = true;
  while (!HasFailed() && !clients_.AreDone() &&
         report_.steps_count < wishes_count_ * kStepsPerWishMax) {
    try {
      Step();
    } catch (const Death&) {
      Die();
      Start();
    }
  }
}

// --- Steps --------------------------------------------------------------------------------------

void World::Step() {
  ++report_.steps_count;
  faults_.Reach("death anywhere", 1);
  PassTime();
  if (faults_.Strikes("full disk", 1)) disk_.SetFull(true);
  const Actor actor = DrawActor();
  if (MayStep(actor)) StepOf(actor);
  if (store_.leads_count() > 0) Fail("stored state led the journal");
}

void World::StepMeanwhile() {
  if (has_clients_) return Step();
  ++report_.steps_count;
  clock_.Pass(kNanosPerMilli);
  const auto stage = static_cast<Actor>(report_.steps_count % int64_t{kStagesCount});
  if (MayStep(stage)) StepOf(stage);
}

World::Actor World::DrawActor() {
  const int64_t who = random_.Below(100);
  if (who < 30) return Actor::kClients;
  if (who < 32) return Actor::kSettler;
  if (who < 34) return Actor::kOrders;
  if (who < 40) return Actor::kReaders;
  return static_cast<Actor>(who % int64_t{kStagesCount});
}

// Who may have to wait for the pipeline does not begin while a stage of it is in a step.
bool World::MayStep(Actor actor) const {
  if (is_busy_[static_cast<size_t>(actor)]) return false;
  if (actor <= Actor::kClients) return true;
  return std::none_of(is_busy_.begin(), is_busy_.begin() + kStagesCount,
                      [](bool is_busy) { return is_busy; });
}

void World::StepOf(Actor actor) {
  const Busy busy(&is_busy_[static_cast<size_t>(actor)]);
  Process& process = *process_;
  switch (actor) {
    case Actor::kSequencer:
      process.pipeline->sequencer_stage().Step();
      return intake_.CheckDeadlines();
    case Actor::kJournal:
      process.pipeline->journal_stage().Step();
      return;
    case Actor::kReplies:
      process.pipeline->reply_stage().Step();
      return;
    case Actor::kCheckpoints:
      process.pipeline->checkpoint_stage().Step();
      return;
    case Actor::kClients:
      return clients_.Act(&process.services);
    case Actor::kSettler:
      process.settler->Step();
      return;
    case Actor::kOrders:
      process.income_runner->Step();
      return;
    case Actor::kReaders:
      process.readers->Step();
      return;
  }
}

void World::LetOthersGoOn() {
  if (!has_clients_) return;
  clock_.Pass(random_.Below(kSlowNsMax));
  for (int64_t left = random_.Between(1, kSlowStepsMax); left > 0; --left) Step();
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

// --- The end ------------------------------------------------------------------------------------

void World::CalmDown() {
  faults_.TurnOff();
  clock_.SetOffset(0);
  disk_.SetFull(false);
  const int64_t steps_max = report_.steps_count + wishes_count_ * kStepsPerWishMax;
  while (!HasFailed() && (!clients_.AreDone() || history_.judge().HasOpenOrders())) {
    Step();
    if (report_.steps_count > steps_max) Fail("not everybody was answered");
  }
  has_clients_ = false;
  if (!HasFailed()) SettleAll();
  if (!HasFailed()) Stop();
}

// What is pending settles within the longest delay, and not again.
void World::SettleAll() {
  constexpr int64_t kHalfDayNs = oracle::kDayMs / 2 * kNanosPerMilli;
  constexpr int kHalfDays = 22;
  for (int i = 0; i < kHalfDays && !HasFailed(); ++i) {
    clock_.Pass(kHalfDayNs);
    report_.simulated_ms += kHalfDayNs / kNanosPerMilli;
    // What is on its way fills the ring, and the settler would be refused for ever.
    while (!HasFailed() && intake_.HasJobs()) Step();
    while (process_->settler->Step()) continue;
  }
  if (HasFailed()) return;
  const int64_t time_ms = process_->journal->Head().time_ms;
  if (history_.judge().At(time_ms)->GetTotals(time_ms).pending != 0) {
    Fail("something has not settled");
  }
}

void World::Stop() {
  Pipeline& pipeline = *process_->pipeline;
  pipeline.BeginStop();
  std::array<bool, kStagesCount> has_ended = {};
  const auto step = [&](size_t index, auto& stage) {
    if (!has_ended[index]) has_ended[index] = stage.Step() == Progress::kEnded;
  };
  for (int64_t steps = 0; !has_ended[kStagesCount - 1]; ++steps) {
    clock_.Pass(kNanosPerMilli);
    step(0, pipeline.sequencer_stage());
    step(1, pipeline.journal_stage());
    step(2, pipeline.reply_stage());
    step(3, pipeline.checkpoint_stage());
    if (steps > wishes_count_ * kStepsPerWishMax) return Fail("the gate does not stop");
  }
  if (intake_.HasJobs()) return Fail("a call was neither answered nor refused");
  if (!history_.FollowAll()) return Fail(history_.fault());
  CheckState();
  CheckTotals();
}

bool World::HasFailed() {
  for (const std::string* fault :
       {&history_.fault(), &clients_.fault(), &reads_.fault(), &intake_.fault()}) {
    if (!fault->empty()) Fail(*fault);
  }
  return !report_.fault.empty();
}

}  // namespace tipgate::simulation
