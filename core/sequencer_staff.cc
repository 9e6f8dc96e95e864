#include "core/decide_staff.h"
#include "core/sequencer.h"

namespace tipgate {
namespace {

constexpr RequestError kNotStoppedError{ErrorReason::kWrongState, "scope", "scope: is not stopped"};
constexpr RequestError kSameApproverError{
    ErrorReason::kWrongState, "scope",
    "scope: a second person must agree, not the one who asked first"};
constexpr RequestError kStopsFullError{
    ErrorReason::kCapacityReached, "scope",
    "scope: 1,024 stops are in force; lift some, or stop everything"};
static_assert(kStopsMax == 1'024);
constexpr RequestError kStreamerUnknownError{ErrorReason::kNotFound, "streamer_id",
                                             "streamer_id: no such streamer"};
constexpr RequestError kNotInForceError{
    ErrorReason::kWrongState, "sanction_id",
    "sanction_id: no such sanction of the streamer is in force"};
constexpr RequestError kUntilIsPastError{ErrorReason::kInvalidField, "until_time",
                                         "until_time: must lie in the future"};
constexpr RequestError kUntilIsFarError{
    ErrorReason::kInvalidField, "until_time",
    "until_time: must be at most 3,660 days ahead; what is to last longer is a ban"};
constexpr RequestError kSanctionsFullError{
    ErrorReason::kCapacityReached, "streamer_id",
    "streamer_id: has 64 sanctions in force; lift one that is no longer needed"};
static_assert(kSanctionsMax == 64);

}  // namespace

void Sequencer::Run(StopCommand& command) {
  if (IsAnswered(command.request.intent, command.key, &command.answer)) return;
  switch (WhyStopRefused(state_, command.request)) {
    case StopRefusal::kNotStopped:
      command.answer = kNotStoppedError;
      return;
    case StopRefusal::kSameApprover:
      command.answer = kSameApproverError;
      return;
    case StopRefusal::kFull:
      command.answer = kStopsFullError;
      return;
    case StopRefusal::kNone:
      break;
  }
  command.answer = Put(DecideStop(state_, command.request, batch_->entry), command.key);
}

void Sequencer::Run(SanctionCommand& command) {
  SanctionRecord& request = command.request;
  if (IsAnswered(request.intent, command.key, &command.answer)) return;
  switch (WhySanctionRefused(state_, request, batch_->entry)) {
    case SanctionRefusal::kStreamerUnknown:
      command.answer = kStreamerUnknownError;
      return;
    case SanctionRefusal::kNotInForce:
      command.answer = kNotInForceError;
      return;
    case SanctionRefusal::kUntilIsPast:
      command.answer = kUntilIsPastError;
      return;
    case SanctionRefusal::kUntilIsFar:
      command.answer = kUntilIsFarError;
      return;
    case SanctionRefusal::kFull:
      command.answer = kSanctionsFullError;
      return;
    case SanctionRefusal::kNone:
      break;
  }
  const int64_t end_ms = SanctionEndMs(*state_.policy, request, now_ms());
  if (request.is_violation && end_ms != 0) {
    // Rule X2.
    request.resume_time_ms =
        calendar_.MonthsLater(end_ms, state_.policy->sanctions.recovery_months);
  }
  command.answer = Put(DecideSanction(state_, request, batch_->entry), command.key);
}

void Sequencer::Run(StopsVisit& visit) { visit.stops = state_.stops.stops; }

}  // namespace tipgate
