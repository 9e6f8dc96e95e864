#include "tests/simulation/simulated_intake.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace tipgate::simulation {
namespace {

// True once the sequencer has decided it; of those only that are answered in the command.
bool IsDecided(const Command& command) {
  return std::visit(
      [](const auto& content) {
        using Content = std::remove_cvref_t<decltype(content)>;
        if constexpr (std::is_same_v<Content, TipsCommand>) {
          return !content.answers.empty() &&
                 !std::holds_alternative<std::monostate>(content.answers.front());
        } else if constexpr (requires { content.answer; }) {
          return !std::holds_alternative<std::monostate>(content.answer);
        } else {
          return false;
        }
      },
      command);
}

const char* NameOf(ErrorReason reason) {
  switch (reason) {
    case ErrorReason::kOverloaded:
      return "refused: overloaded";
    case ErrorReason::kDeadlinePassed:
      return "refused: deadline";
    case ErrorReason::kClockUntrusted:
      return "refused: clock";
    default:
      return "refused otherwise";
  }
}

}  // namespace

// Stands in for a job on its way through the pipeline.
class SimulatedIntake::HandedJob final : public Job {
 public:
  HandedJob(SimulatedIntake* intake, int64_t number, std::unique_ptr<Job> job)
      : intake_(*intake), number_(number), job_(std::move(job)) {
    command = std::move(job_->command);
    deadline_ns = job_->deadline_ns;
    requests_count = job_->requests_count;
    is_urgent = job_->is_urgent;
    is_of_client = job_->is_of_client;
    intake_.jobs_[number_] = this;
  }
  ~HandedJob() override { intake_.jobs_.erase(number_); }

  absl::Status LookUpKeys() override {
    std::swap(command, job_->command);
    absl::Status status = job_->LookUpKeys();
    std::swap(command, job_->command);
    return status;
  }

  void Reply(const Batch& batch) override {
    const std::unique_ptr<HandedJob> self(this);
    intake_.history_.Follow(batch, command);
    job_->command = std::move(command);
    job_.release()->Reply(batch);
  }

  void Fail(const RequestError& error) override {
    const std::unique_ptr<HandedJob> self(this);
    ++intake_.refusals_[NameOf(error.reason)];
    job_.release()->Fail(error);
  }

  bool was_decided = false;

 private:
  SimulatedIntake& intake_;
  const int64_t number_;
  std::unique_ptr<Job> job_;
};

void SimulatedIntake::Connect(JobIntake* pipeline, std::function<void()> take_step) {
  pipeline_ = pipeline;
  take_step_ = std::move(take_step);
}

void SimulatedIntake::Submit(std::unique_ptr<Job> job) {
  const bool is_waited_for = !job->is_of_client;
  const int64_t number = ++jobs_count_;
  pipeline_->Submit(std::make_unique<HandedJob>(this, number, std::move(job)));
  while (is_waited_for && jobs_.contains(number)) take_step_();
}

void SimulatedIntake::CheckDeadlines() {
  for (const auto& [number, job] : jobs_) {
    if (job->was_decided || !IsDecided(job->command)) continue;
    job->was_decided = true;
    if (job->deadline_ns > clock_.WallNs() || !fault_.empty()) continue;
    fault_ = absl::StrCat("a call was decided ", clock_.WallNs() - job->deadline_ns,
                          " ns after its deadline");
  }
}

void SimulatedIntake::LoseAll() {
  while (!jobs_.empty()) delete jobs_.begin()->second;
}

}  // namespace tipgate::simulation
