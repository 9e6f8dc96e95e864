// How a process of the simulated world begins and dies, and what must hold of it then.
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/recovery.h"
#include "core/verifier.h"
#include "server/run_command.h"
#include "tests/differ/duel.h"
#include "tests/simulation/world.h"

namespace tipgate::simulation {
namespace {

constexpr int64_t kClockJumpMaxMs = 3'600'000;

void StopServing(const absl::Status&) { throw Death{"an I/O error"}; }

}  // namespace

void World::Start() {
  const bool had_clients = std::exchange(has_clients_, false);
  while (!HasFailed() && process_ == nullptr) {
    try {
      TryToStart();
    } catch (const Death&) {
      Die();
    }
  }
  has_clients_ = had_clients;
}

void World::TryToStart() {
  ++report_.starts_count;
  disk_.SetFull(false);
  process_ = std::make_unique<Process>();
  OpenJournal();
  if (HasFailed()) return;
  MakePipeline();
  if (HasFailed()) return;
  MakeServices();
  CheckState();
  if (process_->state.policy == nullptr) {
    RunOwn(PolicyCommand{.policy = std::make_shared<const Policy>(differ::ToCore(policy_))});
  }
  if (process_->state.catalog == nullptr) {
    RunOwn(CatalogCommand{.catalog = differ::ToCore(gifts_)});
  }
}

void World::OpenJournal() {
  auto journal = SimulatedJournal::Open(
      &disk_, &faults_,
      [this](const Entry& entry, const ChainHash& hash) { history_.Add(entry, hash); },
      [this] { LetOthersGoOn(); });
  if (!journal.ok()) throw Death{"journal"};
  process_->journal = *std::move(journal);
  history_.Recover(process_->journal->entries(), process_->journal->hashes());
}

void World::MakePipeline() {
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
      PipelineListeners{.fail_stop = StopServing,
                        .on_durable = [](int64_t) {},
                        .on_clock = [](const absl::Status&) {}});
}

void World::MakeServices() {
  Process& process = *process_;
  intake_.Connect(process.pipeline.get(), [this] { StepMeanwhile(); });
  process.readers = std::make_unique<ReaderPool>(process.journal.get(), &clock_, 0);
  process.damage = std::make_unique<DamageAlarm>(&process.pipeline->stats().damaged_reads, &clock_);
  process.settler =
      std::make_unique<Settler>(&intake_, process.journal.get(), &clock_, StopServing);
  process.income_runner =
      std::make_unique<IncomeRunner>(&intake_, process.journal.get(), &store_, StopServing);
  process.services.pipeline = &intake_;
  process.services.journal = process.journal.get();
  process.services.store = &store_;
  process.services.readers = process.readers.get();
  process.services.stats = &process.pipeline->stats();
  process.services.damage = process.damage.get();
}

void World::RunOwn(const Command& command) {
  Command attempt = command;
  while (RunCommand(&intake_, &attempt).has_value()) {
    clock_.Pass(kNanosPerMilli);
    attempt = command;
  }
}

void World::Die() {
  clients_.LoseAll();
  intake_.LoseAll();
  process_.reset();
  is_busy_ = {};
  history_.FollowAll();
  if (faults_.Strikes("power loss", 500)) {
    disk_.LosePower();
    store_.LosePower();
  }
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

void World::CheckTotals() {
  const int64_t now_ms = process_->journal->Head().time_ms;
  const oracle::Totals of_gate = differ::ViewOf(process_->state.totals);
  const oracle::Totals of_oracle = history_.judge().At(now_ms)->GetTotals(now_ms);
  if (!differ::IsSame(of_gate, of_oracle)) Fail(differ::DifferenceText(of_gate, of_oracle));
  report_.accepted_count = of_gate.tips_accepted;
  report_.rejected_count = of_gate.tips_rejected;
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
