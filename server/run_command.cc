#include "server/run_command.h"

#include <memory>
#include <utility>

#include "absl/synchronization/notification.h"

namespace tipgate {
namespace {

// What the waiting thread and the job share; the waiting thread owns it.
struct Completion {
  absl::Notification is_done;
  absl::StatusOr<Command> command = absl::UnknownError("");
};

class OwnJob final : public Job {
 public:
  explicit OwnJob(Completion* completion) : completion_(completion) {}

  void Reply(const Batch&) override {
    completion_->command = std::move(command);
    Finish();
  }
  void Fail(const RequestError& error) override {
    completion_->command = absl::UnavailableError(error.message);
    Finish();
  }

 private:
  void Finish() {
    completion_->is_done.Notify();
    delete this;
  }

  Completion* completion_;
};

}  // namespace

absl::StatusOr<Command> RunCommand(Pipeline& pipeline, Command command) {
  Completion completion;
  auto job = std::make_unique<OwnJob>(&completion);
  job->command = std::move(command);
  pipeline.Submit(std::move(job));
  completion.is_done.WaitForNotification();
  return std::move(completion.command);
}

}  // namespace tipgate
