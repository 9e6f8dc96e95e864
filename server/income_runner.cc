#include "server/income_runner.h"

#include <chrono>
#include <utility>
#include <variant>

#include "core/income_steps.h"
#include "server/run_command.h"
#include "server/thread.h"

namespace tipgate {
namespace {

// How often it looks for new jobs.
constexpr absl::Duration kRoundInterval = absl::Milliseconds(100);
// How long it rests after a round, in the time that the round took: what tips wait for a step is
// more than what they take meanwhile.
constexpr double kRest = 1;

}  // namespace

IncomeRunner::~IncomeRunner() { TIPGATE_CHECK(!thread_.joinable()); }

void IncomeRunner::Start() {
  thread_ = std::thread([this] { Run(); });
}

void IncomeRunner::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    is_stopping_ = true;
  }
  thread_.join();
}

void IncomeRunner::Run() {
  NameThread("income");
  absl::Duration rest = kRoundInterval;
  while (WaitForNextRound(rest)) {
    const auto begin = std::chrono::steady_clock::now();
    const bool has_more = Step();
    const absl::Duration taken = absl::FromChrono(std::chrono::steady_clock::now() - begin);
    rest = has_more ? kRest * taken : kRoundInterval;
  }
}

// False once it is to stop.
bool IncomeRunner::WaitForNextRound(absl::Duration interval) {
  absl::MutexLock lock(&mutex_);
  return !mutex_.AwaitWithTimeout(absl::Condition(&is_stopping_), interval);
}

bool IncomeRunner::IsStopping() {
  absl::MutexLock lock(&mutex_);
  return is_stopping_;
}

bool IncomeRunner::Step() {
  Command visit = IncomeJobsVisit{.ids = {}, .wants_turns = true, .found = {}};
  if (RunCommand(&pipeline_, &visit).has_value()) return false;  // overloaded: in the next round
  bool has_more = false;
  for (const IncomeJob& job : std::get<IncomeJobsVisit>(visit).found) {
    if (IsStopping()) return false;
    if (!RunStep(job)) return false;
    has_more = true;
  }
  return has_more;
}

// Waits until the step is durable: then the journal has what the next one must see. False if the
// gate is overloaded.
bool IncomeRunner::RunStep(const IncomeJob& job) {
  absl::StatusOr<IncomeStepCommand> step = CollectIncomeStep(journal_, store_, job);
  if (!step.ok()) fail_stop_(step.status());
  Command command = *std::move(step);
  return !RunCommand(&pipeline_, &command).has_value();
}

}  // namespace tipgate
