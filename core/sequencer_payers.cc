// Which payers are in memory.

#include <algorithm>
#include <utility>
#include <variant>

#include "core/sequencer.h"
#include "core/touched_payers.h"

namespace tipgate {
namespace {

// Slots that one batch looks at to find whom it may evict: some, and a few for each who is too
// many; never more than take a fraction of a millisecond.
constexpr int64_t kLooksMin = 256;
constexpr int64_t kLooksPerPayer = 4;
constexpr int64_t kLooksMax = 16'384;
// By which part of the bound the memory may go over it before a checkpoint is taken early.
constexpr int64_t kSlackDivisor = 32;
// As many tips as are looked for while a line of memory comes.
constexpr size_t kPrefetchDistance = 12;

}  // namespace

bool Sequencer::Admit(const Command& command, PayerLookUps* look_ups) {
  is_admitted_ = true;
  if (state_.cold_payers_count() == 0) return true;
  std::vector<PayerId> absent;
  const size_t missing_before = look_ups->missing.size();
  const auto admit = [&](PayerId id) {
    if (state_.payers.Find(id) != nullptr) return;
    const PayerLookUp* const look_up = look_ups->Find(id);
    if (look_up == nullptr) {
      look_ups->missing.push_back(id);
    } else if (look_up->found.has_value()) {
      state_.Admit(*look_up->found);
      residents_.Insert(id);
    } else {
      absent.push_back(id);
    }
  };
  if (const auto* tips = std::get_if<TipsCommand>(&command)) {
    const std::vector<TipRequest>& requests = tips->requests;
    for (size_t i = 0; i < requests.size(); ++i) {
      const size_t ahead = i + kPrefetchDistance;
      if (ahead < requests.size()) state_.payers.PrefetchIndex(requests[ahead].payer);
      admit(requests[i].payer);
    }
  } else {
    ForEachPayer(command, &state_, admit);
  }
  SortOnce(&absent);
  state_.SetAbsentPayers(std::move(absent));
  is_admitted_ = look_ups->missing.size() == missing_before;
  return is_admitted_;
}

// Nothing has changed them since the hand came by before; and the store knows them as they are, as
// does every look-up that is not sent back for being older.
bool Sequencer::MayEvict(const Payer& payer) const {
  return payer.changed.sequence() <= before_last_pass_ && IsStored(payer.changed) &&
         !payer.is_dirty && !state_.HasHolds(payer.id);
}

void Sequencer::EvictPayers() {
  int64_t over = static_cast<int64_t>(state_.payers.size()) - limits_.payers_resident_max;
  int64_t looks = over <= 0 ? 0 : std::min(kLooksMin + kLooksPerPayer * over, kLooksMax);
  for (; looks > 0 && over > 0; --looks) {
    if (hand_ >= state_.payers.slots_count()) {
      hand_ = 0;
      before_last_pass_ = std::exchange(last_pass_, last_sequence_);
    }
    const Payer* const payer = state_.payers.InSlot(hand_++);
    if (payer == nullptr || !MayEvict(*payer)) continue;
    residents_.Erase(payer->id);
    state_.Evict(payer->id);
    --over;
  }
  wants_checkpoint_ = over > limits_.payers_resident_max / kSlackDivisor;
  residents_.SetHasCold(state_.cold_payers_count() != 0);
}

}  // namespace tipgate
