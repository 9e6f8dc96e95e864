#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/command.h"
#include "core/journal.h"
#include "server/damage_alarm.h"
#include "server/response_stream.h"

namespace tipgate {

// Serves VerifyJournal: compares what the journal folds into with the running state. Any thread.
class VerifyService {
 public:
  // Executes a command in the pipeline and waits for its answers.
  using RunCommand = std::function<std::optional<CallError>(Command*)>;

  // `journal` and `damage` outlive this.
  VerifyService(const Journal* journal, DamageAlarm* damage, RunCommand run_command)
      : journal_(*journal), damage_(*damage), run_command_(std::move(run_command)) {}

  // A ResponseStreamHandler.
  std::optional<CallError> VerifyJournal(ResponseStream& stream) const;

 private:
  const Journal& journal_;
  DamageAlarm& damage_;
  const RunCommand run_command_;
};

}  // namespace tipgate
