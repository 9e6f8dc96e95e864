#include "server/run_command.h"

#include <memory>
#include <utility>

#include "absl/synchronization/notification.h"
#include "server/call_error.h"

namespace tipgate {
namespace {

// What the waiting thread and the job share; the waiting thread owns it.
struct Completion {
  absl::Notification is_done;
  Command* command = nullptr;
  std::optional<CallError> error;
};

class OwnJob final : public Job {
 public:
  explicit OwnJob(Completion* completion) : completion_(completion) {
    command = std::move(*completion->command);
    is_of_client = false;
  }

  void Reply(const Batch&) override {
    *completion_->command = std::move(command);
    Finish();
  }
  void Fail(const RequestError& error) override {
    completion_->error = ToCallError(error);
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

std::optional<CallError> RunCommand(JobIntake* pipeline, Command* command) {
  Completion completion;
  completion.command = command;
  pipeline->Submit(std::make_unique<OwnJob>(&completion));
  completion.is_done.WaitForNotification();
  return std::move(completion.error);
}

}  // namespace tipgate
