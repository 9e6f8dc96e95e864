#pragma once

#include <cstdint>

#include "absl/types/span.h"
#include "core/entry.h"
#include "core/state.h"
#include "core/tip_parties.h"

namespace tipgate {

// Moves the state by one record: the inside of the fold, whose promises stand in core/fold.h. One
// file for each family of records.
class Folder {
 public:
  Folder(const Entry& entry, size_t position, State* state)
      : entry_(entry), now_(entry.moment), id_(entry.IdAt(position)), state_(*state) {}

  void operator()(const TipRecord& tip) { FoldTip(tip, FindParties(tip.request, &state_)); }
  void operator()(const RechargeRecord& record);
  void operator()(const PayerRecord& record);
  void operator()(const StreamerRecord& record);
  void operator()(const SessionRecord& record);
  void operator()(const SettlementRecord& settlement);
  void operator()(const PolicyRecord& record);
  void operator()(const CatalogRecord& record);
  void operator()(const PauseRecord& record);
  void operator()(const SelfLimitsRecord& record);
  void operator()(const ConfirmationRecord& record);
  void operator()(const CoolingOffRecord& record);
  void operator()(const PayerFreezeRecord& record);
  void operator()(const StopRecord& record);
  void operator()(const SanctionRecord& record);
  void operator()(const ProposalRecord& record);
  void operator()(const ProposalStepRecord& record);
  void operator()(const TipChangeRecord& record);
  void operator()(const IncomeJobRecord& record);
  void operator()(const IncomeStepRecord& record);
  void operator()(const ManualDelayRecord& record);
  void operator()(const PreferencesRecord& record);

  void FoldTip(const TipRecord& tip, const TipParties& parties);

 private:
  // True if the entity does not contain the record yet; from here on it counts as containing it.
  template <typename T>
  bool Claim(T& entity) {
    if (entity.changed >= id_) return false;
    entity.changed = id_;
    return true;
  }

  // The entity to change; null if it is not there, or contains the record already.
  template <typename IdType, typename T>
  T* FindAndClaim(Table<IdType, T>& table, IdType entity_id) {
    return ClaimFound(table, table.Find(entity_id));
  }
  template <typename IdType, typename T>
  T* ClaimFound(Table<IdType, T>& table, T* found) {
    if (found == nullptr || !Claim(*found)) return nullptr;
    table.MarkDirty(*found);
    return found;
  }

  // The same of a payer, whom the fold must not miss.
  Payer* ClaimPayer(PayerId id) {
    Payer* const payer = state_.FindPayer(id);
    if (payer == nullptr || !Claim(*payer)) return nullptr;
    state_.payers.MarkDirty(*payer);
    return payer;
  }
  Payer* InsertAndClaimPayer(PayerId id) {
    state_.FindPayer(id);  // not one who is only cold
    return InsertAndClaim(state_.payers, id);
  }

  // The same, made if it was not there.
  template <typename IdType, typename T>
  T* InsertAndClaim(Table<IdType, T>& table, IdType entity_id) {
    T& entity = table.FindOrInsert(entity_id);
    if (!Claim(entity)) return nullptr;
    table.MarkDirty(entity);
    return &entity;
  }

  // Makes an entity that was claimed what the record says that it is then.
  template <typename T>
  void Become(const T& after, T* entity) {
    const bool is_dirty = entity->is_dirty;
    *entity = after;
    entity->changed = id_;
    entity->is_dirty = is_dirty;
  }

  static void MoveBalance(Money change, Money after, Payer* payer);
  void RememberTip(const TipRecord& tip, Money amount);
  void CountTip(const TipRecord& tip, Money amount, Payer* payer);
  void PutTip(const Tip& after);
  void MoveTip(const TipChangeRecord& record, const Tip& after);
  void GiveBack(const TipChangeRecord& record, const Tip& after);
  void PayOut(absl::Span<const SettlementShare> shares);
  // The first tip of a delay starts its cursor just before this entry.
  void NoteSettleDelay(int64_t delay_ms);

  void AuthorizeRecharge(const RechargeRecord& record);
  void CountRecharge(const RechargeRecord& record, Payer* payer);
  // A refused authorization leaves nothing behind, a refused late capture is final.
  void RefuseRecharge(const RechargeRecord& record);
  void CaptureRecharge(const RechargeRecord& record);
  void ReleaseRecharge(const RechargeRecord& record, Money Totals::*released);
  void RefundRecharge(const RechargeRecord& record);
  void CloseRecharge(RechargeState recharge_state, Recharge* recharge);

  // Null if the controls contain the record already. Who has controls is marked.
  PayerControls* ClaimControls(PayerId id);
  void PutControls(const PayerRecord& record);
  void Confirm(ConfirmationScope scope, PayerControls* controls);
  void CoolOff(PayerId payer, int64_t end_time_ms);

  void OpenSession(const SessionRecord& record);
  void CloseSession(const SessionRecord& record);

  PolicyBook* ClaimPolicies();

  const Entry& entry_;
  const Moment& now_;
  RecordId id_;
  State& state_;
};

}  // namespace tipgate
