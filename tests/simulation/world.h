#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/hash128.h"
#include "core/key_memory.h"
#include "core/state.h"
#include "server/damage_alarm.h"
#include "server/income_runner.h"
#include "server/pipeline.h"
#include "server/reader_pool.h"
#include "server/service_context.h"
#include "server/settler.h"
#include "tests/simulation/clients.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/history.h"
#include "tests/simulation/reads.h"
#include "tests/simulation/simulated_disk.h"
#include "tests/simulation/simulated_intake.h"
#include "tests/simulation/simulated_journal.h"
#include "tests/simulation/simulated_store.h"

namespace tipgate::simulation {

// Time stands still unless the world lets it pass; the wall clock may be wrong besides.
class SimulatedClock final : public Clock {
 public:
  int64_t WallNs() const override { return now_ns_ + offset_ns_; }
  int64_t SteadyNs() const override { return now_ns_; }

  void Pass(int64_t ns) { now_ns_ += ns; }
  void SetOffset(int64_t ns) { offset_ns_ = ns; }

 private:
  int64_t now_ns_ = 1'795'435'200'000 * kNanosPerMilli;  // 2026-11-23 20:00 in Shanghai
  int64_t offset_ns_ = 0;
};

// What one seed led to.
struct Report {
  int64_t wishes_count = 0;
  int64_t answers_count = 0;
  int64_t entries_count = 0;
  int64_t accepted_count = 0;  // tips
  int64_t rejected_count = 0;
  int64_t starts_count = 0;
  int64_t steps_count = 0;
  int64_t simulated_ms = 0;
  std::map<std::string, int64_t> faults;
  std::map<std::string, int64_t> met;  // what else happened, how often
  Hash128 hash;                        // of all that was decided, and of the state that it led to
  std::string fault;                   // the first promise that was broken; empty if all were kept
};

// A whole gate from the ring to the journal and back, with what settles, carries out orders and
// reads history; its clients, its disk and its clock: in one thread that takes a step of one of
// them at a time; the seed draws which. The same seed leads to the same end, whatever the machine
// and the compiler.
class World {
 public:
  World(uint64_t seed, int64_t wishes_count);
  ~World();

  Report Run();

 private:
  // Who takes steps. The first four are the stages of the pipeline; who stands behind the clients
  // waits for the pipeline now and then.
  enum class Actor {
    kSequencer,
    kJournal,
    kReplies,
    kCheckpoints,
    kClients,
    kSettler,
    kOrders,
    kReaders
  };
  static constexpr size_t kActorsCount = 8;
  static constexpr size_t kStagesCount = 4;

  // All that dies with the process.
  struct Process {
    std::unique_ptr<SimulatedJournal> journal;
    State state;
    KeyMemory keys;
    std::unique_ptr<Pipeline> pipeline;
    std::unique_ptr<ReaderPool> readers;
    std::unique_ptr<DamageAlarm> damage;
    std::unique_ptr<Settler> settler;
    std::unique_ptr<IncomeRunner> income_runner;
    ServiceContext services;
  };

  // Starts the process, again and again until it stays alive.
  void Start();
  // May throw Death.
  void TryToStart();
  void OpenJournal();
  void MakePipeline();
  void MakeServices();
  // Runs a command of the gate's own.
  void RunOwn(const Command& command);
  void Die();

  // All steps until the clients are done.
  void Live();
  // A step of somebody. May throw Death.
  void Step();
  // The same while somebody waits: only of the stages once clients are done, or have not begun.
  void StepMeanwhile();
  Actor DrawActor();
  bool MayStep(Actor actor) const;
  void StepOf(Actor actor);
  // Something on the disk takes long.
  void LetOthersGoOn();
  void PassTime();
  void ChangeClock();

  // Lets the gate run without faults until all clients are answered and all is settled, then stop.
  void CalmDown();
  void SettleAll();
  void Stop();
  // State must be the fold of the journal, and the journal must verify.
  void CheckState();
  // The sums of the state must be those of the oracle, and what each of all is told.
  void CheckTotals();
  void Fail(const std::string& fault) {
    if (report_.fault.empty()) report_.fault = fault;
  }
  bool HasFailed();
  Hash128 HashOfAll() const;

  const uint64_t seed_;
  Random random_;
  const int64_t wishes_count_;
  const oracle::Policy policy_;
  const std::vector<oracle::Gift> gifts_;
  const differ::Cast cast_;
  PipelineOptions options_;
  Faults faults_;
  SimulatedClock clock_;
  SimulatedDisk disk_;
  SimulatedStore store_;
  History history_;
  Reads reads_;
  Clients clients_;
  SimulatedIntake intake_;
  std::unique_ptr<Process> process_;
  std::array<bool, kActorsCount> is_busy_ = {};  // is in the middle of a step
  bool has_clients_ = false;                     // they take steps
  Report report_;
};

}  // namespace tipgate::simulation
