#include "core/fold.h"

#include <algorithm>
#include <variant>

namespace tipgate {
namespace {

// True if the entity does not contain the record yet; from here on it counts as containing it.
template <typename T>
bool Claim(T& entity, RecordId id) {
  if (entity.changed >= id) return false;
  entity.changed = id;
  return true;
}

template <typename IdType, typename T>
T* FindAndClaim(Table<IdType, T>& table, IdType entity_id, RecordId id) {
  T* const entity = table.Find(entity_id);
  if (entity == nullptr || !Claim(*entity, id)) return nullptr;
  table.MarkDirty(*entity);
  return entity;
}

template <typename IdType, typename T>
T* InsertAndClaim(Table<IdType, T>& table, IdType entity_id, RecordId id) {
  T& entity = table.FindOrInsert(entity_id);
  if (!Claim(entity, id)) return nullptr;
  table.MarkDirty(entity);
  return &entity;
}

void CheckTotals(const Totals& totals) {
  TIPGATE_CHECK(totals.pending.minor() >= 0);
  TIPGATE_CHECK(totals.recharge_held.minor() >= 0);
  TIPGATE_CHECK(totals.recharge_expired.minor() >= 0);
  TIPGATE_CHECK(totals.accepted == totals.pending + totals.settled);
  TIPGATE_CHECK(totals.recharge_authorized == totals.recharge_held + totals.recharge_captured +
                                                  totals.recharge_voided + totals.recharge_expired);
}

// Moves the state by one record.
class Folder {
 public:
  Folder(const Entry& entry, size_t position, State* state)
      : entry_(entry), now_(entry.moment), id_(entry.IdAt(position)), state_(*state) {}

  void operator()(const TipRecord& tip) {
    const bool is_accepted = tip.outcome == Outcome::kAccepted;
    const Money amount = is_accepted ? tip.request.amount() : Money();
    if (Payer* payer = FindAndClaim(state_.payers, tip.request.payer, id_)) {
      payer->last_tip = id_;
      if (is_accepted) CountTip(tip, amount, payer);
    }
    if (tip.enters_window) RememberTip(tip, amount);
    if (tip.cooling_off_end_ms != 0) CoolOff(tip.request.payer, tip.cooling_off_end_ms);
    if (Streamer* streamer = FindAndClaim(state_.streamers, tip.request.streamer, id_)) {
      streamer->last_tip = id_;
      streamer->pending += amount;
    }
    if (Session* session = FindAndClaim(state_.sessions, tip.request.session, id_)) {
      session->last_tip = id_;
      session->received += amount;
    }
    Totals& totals = state_.totals;
    if (!Claim(totals, id_)) return;
    ++(is_accepted ? totals.tips_accepted_count : totals.tips_rejected_count);
    totals.reminders_count += tip.reminders.count;
    totals.accepted += amount;
    totals.pending += amount;
    if (is_accepted) NoteSettleDelay(tip.settle_delay_ms);
  }

  void operator()(const RechargeRecord& record) {
    if (record.outcome == Outcome::kRejected) return RefuseRecharge(record);
    switch (record.action) {
      case RechargeAction::kAuthorize:
        return AuthorizeRecharge(record);
      case RechargeAction::kCapture:
        return CaptureRecharge(record);
      case RechargeAction::kVoid:
        return ReleaseRecharge(record, &Totals::recharge_voided);
      case RechargeAction::kExpire:
        return ReleaseRecharge(record, &Totals::recharge_expired);
    }
  }

  void operator()(const PayerRecord& record) {
    if (Payer* payer = InsertAndClaim(state_.payers, record.payer, id_)) {
      payer->is_verified = record.is_verified;
      payer->age = record.age;
      payer->has_guardian_consent = record.has_guardian_consent;
      payer->has_youth_mode = record.has_youth_mode;
      payer->observe_time_ms = record.observe_time_ms;
      payer->facts_record = id_;
    }
    PutControls(record);
  }

  void operator()(const SelfLimitsRecord& record) {
    if (record.outcome == Outcome::kRejected) return;
    PayerControls* const controls = ClaimControls(record.payer);
    if (controls == nullptr) return;
    if (record.uses_confirmation) controls->self_limits = Confirmation();
    controls->tip_max = record.tip_max;
    controls->day_limit = record.day_limit;
    controls->month_limit = record.month_limit;
  }

  void operator()(const ConfirmationRecord& record) {
    PayerControls* const controls = ClaimControls(record.payer);
    if (controls == nullptr) return;
    Confirmation& confirmation = controls->ConfirmationOf(record.scope);
    if (record.action == ConfirmationAction::kStart) {
      confirmation = {.token = record.token,
                      .expire_time_ms = record.expire_time_ms,
                      .policy_version = record.policy_version,
                      .day = now_.day,
                      .month = now_.month,
                      .attempts_left = record.attempts_left};
    } else if (record.outcome == Outcome::kAccepted) {
      Confirm(record.scope, controls);
    } else if (record.refusal == ConfirmationRefusal::kNotStarted) {
      return;
    } else if (record.attempts_left == 0) {
      confirmation = Confirmation();
    } else {
      confirmation.attempts_left = record.attempts_left;
    }
  }

  void operator()(const CoolingOffRecord& record) { CoolOff(record.payer, record.end_time_ms); }

  void operator()(const PayerFreezeRecord& record) {
    PayerControls* const controls = ClaimControls(record.payer);
    if (controls == nullptr) return;
    controls->is_frozen = record.is_frozen;
    controls->unfreeze_approver = record.first_approver;
    if (record.action == FreezeAction::kFreeze) {
      controls->freeze_case = record.case_name;
    } else if (!record.is_frozen) {
      controls->freeze_case = CaseName();
    }
  }

  void operator()(const PauseRecord& record) {
    Payer* const payer = FindAndClaim(state_.payers, record.payer, id_);
    if (payer == nullptr) return;
    TIPGATE_CHECK(payer->pause_end_ms <= record.end_time_ms);
    payer->pause_end_ms = record.end_time_ms;
  }

  void operator()(const StreamerRecord& record) {
    Streamer* const streamer = InsertAndClaim(state_.streamers, record.streamer, id_);
    if (streamer == nullptr) return;
    streamer->is_verified = record.is_verified;
    streamer->age = record.age;
    streamer->has_guardian_consent = record.has_guardian_consent;
    streamer->tier = record.tier;
    streamer->agency = record.agency;
    streamer->payer = record.payer;
    streamer->observe_time_ms = record.observe_time_ms;
    streamer->facts_record = id_;
  }

  void operator()(const SessionRecord& record) {
    if (record.outcome == Outcome::kRejected) return;
    if (record.action == SessionAction::kOpen) {
      OpenSession(record);
    } else {
      CloseSession(record);
    }
  }

  void operator()(const SettlementRecord& settlement) {
    for (const SettlementShare& share : entry_.View(settlement.shares)) {
      Streamer* const streamer = FindAndClaim(state_.streamers, share.streamer, id_);
      if (streamer == nullptr) continue;
      streamer->pending -= share.amount;
      streamer->settled += share.amount;
      TIPGATE_CHECK(streamer->pending.minor() >= 0);
    }
    if (!Claim(state_.totals, id_)) return;
    SettleCursor* const cursor = state_.totals.FindCursor(settlement.delay_ms);
    TIPGATE_CHECK(cursor != nullptr);
    TIPGATE_CHECK(cursor->last_sequence + 1 == settlement.first_sequence);
    cursor->last_sequence = settlement.last_sequence;
    state_.totals.pending -= settlement.amount;
    state_.totals.settled += settlement.amount;
  }

  void operator()(const PolicyRecord& record) {
    state_.policy = record.policy;
    if (Claim(state_.totals, id_)) state_.totals.policy_record = id_;
  }

  void operator()(const CatalogRecord& record) {
    state_.catalog = record.catalog;
    if (Claim(state_.totals, id_)) state_.totals.catalog_record = id_;
  }

 private:
  // Null if the controls contain the record already. Who has controls is marked.
  PayerControls* ClaimControls(PayerId id) {
    if (Payer* payer = state_.payers.Find(id); payer != nullptr && !payer->has_controls) {
      payer->has_controls = true;
      state_.payers.MarkDirty(*payer);
    }
    return InsertAndClaim(state_.controls, id, id_);
  }

  void PutControls(const PayerRecord& record) {
    const bool has_any =
        !record.tier.empty() || record.guardian != PayerLimits() || record.risk != PayerLimits();
    if (!has_any && state_.controls.Find(record.payer) == nullptr) return;
    PayerControls* const controls = ClaimControls(record.payer);
    if (controls == nullptr) return;
    controls->tier = record.tier;
    controls->guardian = record.guardian;
    controls->risk = record.risk;
  }

  void Confirm(ConfirmationScope scope, PayerControls* controls) {
    Confirmation& confirmation = controls->ConfirmationOf(scope);
    switch (scope) {
      case ConfirmationScope::kDayGate:
        controls->confirmed_day = now_.day;
        break;
      case ConfirmationScope::kMonthGate:
        controls->confirmed_month = now_.month;
        break;
      case ConfirmationScope::kSelfLimits:
        confirmation.is_complete = true;
        return;
    }
    confirmation = Confirmation();
  }

  void CoolOff(PayerId payer, int64_t end_time_ms) {
    PayerControls* const controls = ClaimControls(payer);
    if (controls == nullptr) return;
    TIPGATE_CHECK(controls->cooling_off_end_ms <= end_time_ms);
    controls->cooling_off_end_ms = end_time_ms;
  }

  void RememberTip(const TipRecord& tip, Money amount) {
    RecentTips* const recent = InsertAndClaim(state_.recent_tips, tip.request.payer, id_);
    if (recent == nullptr) return;
    const bool is_new = recent->newest_ms == 0;
    recent->Add(now_.time_ms, amount);
    if (is_new) state_.PushDue(DueOf(*recent));
  }

  void CountTip(const TipRecord& tip, Money amount, Payer* payer) {
    if (payer->tips.day != now_.day) payer->day_permille_told = 0;
    if (payer->tips.month != now_.month) payer->month_permille_told = 0;
    payer->tips.Add(now_, amount);
    TIPGATE_CHECK(payer->tips.day_total == tip.day_total);
    TIPGATE_CHECK(payer->tips.month_total == tip.month_total);
    for (const Reminder& reminder : entry_.View(tip.reminders)) {
      int16_t& told =
          reminder.period == Period::kDay ? payer->day_permille_told : payer->month_permille_told;
      TIPGATE_CHECK(told < reminder.permille);
      told = static_cast<int16_t>(reminder.permille);
    }
  }

  // The first tip of a delay starts its cursor just before this entry.
  void NoteSettleDelay(int64_t delay_ms) {
    std::vector<SettleCursor>& cursors = state_.totals.cursors;
    if (state_.totals.FindCursor(delay_ms) != nullptr) return;
    const auto place =
        std::find_if(cursors.begin(), cursors.end(),
                     [&](const SettleCursor& cursor) { return cursor.delay_ms > delay_ms; });
    cursors.insert(place, {.delay_ms = delay_ms, .last_sequence = entry_.sequence - 1});
  }

  void AuthorizeRecharge(const RechargeRecord& record) {
    CountRecharge(record);
    if (Recharge* recharge = InsertAndClaim(state_.recharges, id_, id_)) {
      recharge->payer = record.payer;
      recharge->amount = record.amount;
      recharge->state = RechargeState::kHeld;
      recharge->counted_day = record.counted_day;
      recharge->counted_month = record.counted_month;
      recharge->expire_time_ms = record.expire_time_ms;
      state_.PushDue(DueOf(*recharge));
    }
    if (!Claim(state_.totals, id_)) return;
    state_.totals.recharge_authorized += record.amount;
    state_.totals.recharge_held += record.amount;
  }

  void CountRecharge(const RechargeRecord& record) {
    Payer* const payer = FindAndClaim(state_.payers, record.payer, id_);
    if (payer == nullptr) return;
    payer->recharges.Add(now_, record.amount);
    TIPGATE_CHECK(payer->recharges.day_total == record.day_total);
    TIPGATE_CHECK(payer->recharges.month_total == record.month_total);
  }

  // A refused authorization leaves nothing behind, a refused late capture is final.
  void RefuseRecharge(const RechargeRecord& record) {
    if (record.action != RechargeAction::kCapture) return;
    if (Recharge* recharge = FindAndClaim(state_.recharges, record.recharge, id_)) {
      recharge->state = record.state;
    }
  }

  void CaptureRecharge(const RechargeRecord& record) {
    if (record.is_late) CountRecharge(record);  // its expiry had taken it out
    if (Recharge* recharge = FindAndClaim(state_.recharges, record.recharge, id_)) {
      recharge->counted_day = record.counted_day;
      recharge->counted_month = record.counted_month;
      Close(RechargeState::kCaptured, recharge);
    }
    if (!Claim(state_.totals, id_)) return;
    (record.is_late ? state_.totals.recharge_expired : state_.totals.recharge_held) -=
        record.amount;
    state_.totals.recharge_captured += record.amount;
  }

  void ReleaseRecharge(const RechargeRecord& record, Money Totals::*released) {
    if (Payer* payer = FindAndClaim(state_.payers, record.payer, id_)) {
      payer->recharges.TakeBack(record.counted_day, record.counted_month, record.amount);
    }
    if (Recharge* recharge = FindAndClaim(state_.recharges, record.recharge, id_)) {
      Close(record.state, recharge);
    }
    if (!Claim(state_.totals, id_)) return;
    state_.totals.recharge_held -= record.amount;
    state_.totals.*released += record.amount;
  }

  void Close(RechargeState recharge_state, Recharge* recharge) {
    recharge->state = recharge_state;
    recharge->close_time_ms = now_.time_ms;
    state_.PushDue(DueOf(*recharge));
  }

  void OpenSession(const SessionRecord& record) {
    if (Session* session = InsertAndClaim(state_.sessions, record.session, id_)) {
      session->streamer = record.streamer;
      session->tier = record.tier;
      session->open_time_ms = record.open_time_ms;
      session->max_end_time_ms = record.max_end_time_ms;
    }
    if (Streamer* streamer = FindAndClaim(state_.streamers, record.streamer, id_)) {
      streamer->sessions_today_count = streamer->SessionsToday(now_.day) + 1;
      streamer->sessions_day = now_.day;
      streamer->open_session = record.session;
    }
  }

  void CloseSession(const SessionRecord& record) {
    if (Session* session = FindAndClaim(state_.sessions, record.session, id_)) {
      session->close_time_ms = now_.time_ms;
      state_.PushDue(DueOf(*session));
    }
    if (Streamer* streamer = FindAndClaim(state_.streamers, record.streamer, id_)) {
      TIPGATE_CHECK(streamer->open_session == record.session);
      streamer->open_session = SessionId();
      streamer->last_session_end_ms = now_.time_ms;
    }
  }

  const Entry& entry_;
  const Moment& now_;
  RecordId id_;
  State& state_;
};

}  // namespace

void FoldRecord(const Entry& entry, size_t position, State* state) {
  std::visit(Folder(entry, position, state), entry.records[position]);
  CheckTotals(state->totals);
}

void FoldEntry(const Entry& entry, State* state) {
  for (size_t position = 0; position < entry.records.size(); ++position) {
    FoldRecord(entry, position, state);
  }
}

}  // namespace tipgate
