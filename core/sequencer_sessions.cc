#include "core/sequencer.h"

namespace tipgate {
namespace {

constexpr RequestError kSessionTakenError{ErrorReason::kIdTaken, "session_id",
                                          "session_id: was opened before; use a new id"};
constexpr RequestError kSessionUnknownError{ErrorReason::kNotFound, "session_id",
                                            "session_id: no such session"};
constexpr RequestError kSessionClosedError{ErrorReason::kWrongState, "session_id",
                                           "session_id: is closed already"};

}  // namespace

void Sequencer::Run(OpenSessionCommand& command) {
  if (IsAnswered(command.request.intent, command.key, &command.answer)) return;
  // Rule S6.
  if (command.request.was_opened || state_.sessions.Find(command.request.session) != nullptr) {
    command.answer = kSessionTakenError;
    return;
  }
  if (IsFull(state_.sessions.size(), limits_.sessions_max, &command.answer)) return;
  command.answer = Put(DecideOpenSession(state_, command.request, &batch_->entry), command.key);
}

void Sequencer::Run(CloseSessionCommand& command) {
  if (IsAnswered(command.request.intent, command.key, &command.answer)) return;
  const Session* const session = FindSession(command.request.session);
  if (session == nullptr) {
    command.answer = kSessionUnknownError;
  } else if (!session->is_open()) {
    command.answer = kSessionClosedError;
  } else {
    command.answer = Put(
        DecideCloseSession(state_, command.request.intent, *session, batch_->entry), command.key);
  }
}

}  // namespace tipgate
