#include "core/sequencer.h"

namespace tipgate {
namespace {

constexpr RequestError kObserveTimeAheadError{ErrorReason::kInvalidField, "facts.observe_time",
                                              "facts.observe_time: must not lie in the future"};
constexpr RequestError kBirthDateAheadError{ErrorReason::kInvalidField, "facts.birth_date",
                                            "facts.birth_date: must not lie in the future"};
constexpr RequestError kNewerFactsError{ErrorReason::kWrongState, "facts.observe_time",
                                        "facts.observe_time: newer facts are known already"};
constexpr RequestError kPayerUnknownError{ErrorReason::kNotFound, "payer_id",
                                          "payer_id: no such payer"};
constexpr RequestError kTierUnknownError{ErrorReason::kInvalidField, "facts.tier",
                                         "facts.tier: the policy has no such tier"};
constexpr RequestError kPayerTierUnknownError{ErrorReason::kInvalidField, "facts.tier",
                                              "facts.tier: the policy has no such tier of payers"};
constexpr RequestError kNotFrozenError{ErrorReason::kWrongState, "payer_id",
                                       "payer_id: is not frozen"};
constexpr RequestError kOtherCaseError{ErrorReason::kWrongState, "case_reference",
                                       "case_reference: the payer is not frozen for this case"};
constexpr RequestError kFreezesFullError{
    ErrorReason::kCapacityReached, "case_reference",
    "case_reference: the payer is frozen for 4 other cases already, which is the most"};
static_assert(kPayerFreezesMax == 4);
constexpr RequestError kSameApproverError{
    ErrorReason::kWrongState, "payer_id",
    "payer_id: a second person must agree, not the one who asked first"};

// In some time zone it is tomorrow already.
bool IsBornAhead(const Age& age, Day today) {
  constexpr int32_t kZonesDaysMax = 1;
  return age.birth_date > DateOf(Day(static_cast<int32_t>(today) + kZonesDaysMax));
}

}  // namespace

template <typename Person, typename CommandType>
void Sequencer::PutFacts(const Person* known, CommandType* command) {
  auto& record = command->request;
  record.observe_time_ms = ObserveTimeMs(record.requested_observe_time_ms, batch_->entry.moment);
  if (record.requested_observe_time_ms > now_ms() + kClockAheadMaxMs) {
    command->answer = kObserveTimeAheadError;
  } else if (IsBornAhead(record.age, batch_->entry.moment.day)) {
    command->answer = kBirthDateAheadError;
  } else if (known != nullptr && record.observe_time_ms < known->observe_time_ms) {
    command->answer = kNewerFactsError;
  } else {
    command->answer = Put(record, command->key);
  }
}

void Sequencer::Run(PayerCommand& command) {
  PayerRecord& record = command.request;
  if (IsAnswered(record.intent, command.key, &command.answer)) return;
  const Payer* const payer = state_.FindPayer(record.payer);
  const auto count = static_cast<size_t>(state_.payers_count());
  if (payer == nullptr && IsFull(count, limits_.payers_max, &command.answer)) return;
  if (!record.tier.empty() && state_.policy->FindPayerTier(record.tier) == nullptr) {
    command.answer = kPayerTierUnknownError;
    return;
  }
  PutFacts(payer, &command);
  if (state_.payers.Find(record.payer) != nullptr) residents_.Insert(record.payer);
}

template <typename CommandType>
bool Sequencer::IsRefusedForPayer(CommandType* command) const {
  if (IsAnswered(command->request.intent, command->key, &command->answer)) return true;
  if (state_.FindPayer(command->request.payer) != nullptr) return false;
  command->answer = kPayerUnknownError;
  return true;
}

void Sequencer::Run(PauseCommand& command) {
  if (IsRefusedForPayer(&command)) return;
  const Payer& payer = *state_.FindPayer(command.request.payer);
  command.answer = Put(DecidePause(command.request, payer, batch_->entry), command.key);
}

void Sequencer::Run(SelfLimitsCommand& command) {
  if (IsRefusedForPayer(&command)) return;
  command.answer = Put(DecideSelfLimits(state_, command.request, &batch_->entry), command.key);
}

void Sequencer::Run(PreferencesCommand& command) {
  if (IsRefusedForPayer(&command)) return;
  command.answer = Put(DecidePreferences(state_, command.request, &batch_->entry), command.key);
}

void Sequencer::Run(ConfirmationCommand& command) {
  if (IsRefusedForPayer(&command)) return;
  command.answer = Put(DecideConfirmation(state_, command.request, batch_->entry), command.key);
}

void Sequencer::Run(CoolingOffCommand& command) {
  if (IsRefusedForPayer(&command)) return;
  command.answer = Put(DecideCoolingOff(state_, command.request, batch_->entry), command.key);
}

void Sequencer::Run(PayerFreezeCommand& command) {
  if (IsRefusedForPayer(&command)) return;
  switch (WhyFreezeRefused(state_, command.request)) {
    case FreezeRefusal::kNotFrozen:
      command.answer = kNotFrozenError;
      return;
    case FreezeRefusal::kOtherCase:
      command.answer = kOtherCaseError;
      return;
    case FreezeRefusal::kFull:
      command.answer = kFreezesFullError;
      return;
    case FreezeRefusal::kSameApprover:
      command.answer = kSameApproverError;
      return;
    case FreezeRefusal::kNone:
      break;
  }
  command.answer = Put(DecidePayerFreeze(state_, command.request), command.key);
}

void Sequencer::Run(StreamerCommand& command) {
  StreamerRecord& record = command.request;
  if (IsAnswered(record.intent, command.key, &command.answer)) return;
  const Streamer* const streamer = state_.streamers.Find(record.streamer);
  if (streamer == nullptr &&
      IsFull(state_.streamers.size(), limits_.streamers_max, &command.answer)) {
    return;
  }
  if (state_.policy->FindTier(record.tier) == nullptr) {
    command.answer = kTierUnknownError;
    return;
  }
  PutFacts(streamer, &command);
}

}  // namespace tipgate
