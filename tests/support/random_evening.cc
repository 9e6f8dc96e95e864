#include "tests/support/random_evening.h"

#include <vector>

namespace tipgate {
namespace {

constexpr int64_t kDayMs = 24 * 3'600'000;

// With every rule that a policy may switch on.
Policy EveningPolicy() {
  Policy policy = SamplePolicy();
  policy.payer_tiers = {{.name = TierName("P1"), .limits = {.day_limit = Money(800'000)}}};
  policy.confirmation = {.day_permille = 500, .month_permille = 100, .is_strict = true};
  policy.cooling_off = {.single_min = Money(300'000),
                        .window_sum_min = Money(500'000),
                        .window_count_min = 4,
                        .window_ms = 600'000,
                        .duration_ms = 300'000};
  return policy;
}

// SplitMix64: small, and the same everywhere.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  int64_t Below(int64_t bound) {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t word = state_;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    return static_cast<int64_t>((word ^ (word >> 31)) % static_cast<uint64_t>(bound));
  }

 private:
  uint64_t state_;
};

class Evening {
 public:
  Evening(uint64_t seed, CoreGate* gate, bool checkpoints)
      : random_(seed), gate_(*gate), takes_checkpoints_(checkpoints) {}

  void Step() {
    gate_.now_ms += random_.Below(60'000);
    const int64_t choice = random_.Below(100);
    if (choice < 60) {
      Tip();
    } else if (choice < 70) {
      Recharge();
    } else if (choice < 78) {
      FinishRecharge();
    } else if (choice < 82) {
      PutPayer();
    } else if (choice < 84) {
      ControlPayer();
    } else if (choice < 87) {
      PutStreamer();
      if (random_.Below(3) == 0) Stop();
      if (random_.Below(3) == 0) Sanction();
    } else if (choice < 91) {
      gate_.OpenSession(SessionId(++sessions_), AnyStreamer());
    } else if (choice < 94 && sessions_ > 0) {
      gate_.CloseSession(AnySession());
    } else if (choice < 98) {
      for (const int64_t days : {1, 3, 7}) gate_.Settle(days * kDayMs);
    } else if (choice < 99) {
      gate_.now_ms += random_.Below(kDayMs);
    } else if (takes_checkpoints_) {
      gate_.Checkpoint(static_cast<size_t>(1 + random_.Below(7)));
    }
  }

 private:
  PayerId AnyPayer() { return PayerId(1 + random_.Below(12)); }
  StreamerId AnyStreamer() { return StreamerId(1 + random_.Below(4)); }
  SessionId AnySession() { return SessionId(1 + random_.Below(sessions_)); }

  void Tip() {
    constexpr int32_t kCounts[] = {1, 10, 66, 99, 520, 1314, 9'999};
    TipRequest request =
        gate_.MakeTip(AnyPayer(), GiftId(1 + random_.Below(6)), kCounts[random_.Below(7)]);
    request.session = SessionId(1 + random_.Below(sessions_ + 1));
    const Session* const session = gate_.state.sessions.Find(request.session);
    request.streamer = session == nullptr ? AnyStreamer() : session->streamer;
    gate_.Tip(request);
    if (random_.Below(20) == 0) gate_.Tip(request);
  }

  void Recharge() {
    const Decided decided =
        gate_.Recharge(AnyPayer(), Money(1 + random_.Below(600'000)), random_.Below(2) * 90'000);
    if (decided.is_accepted()) recharges_.push_back(decided.id);
  }

  void FinishRecharge() {
    if (recharges_.empty()) return;
    const RecordId id =
        recharges_[static_cast<size_t>(random_.Below(static_cast<int64_t>(recharges_.size())))];
    if (random_.Below(3) == 0) {
      gate_.Void(id);
    } else {
      gate_.Capture(id);
    }
  }

  void PutPayer() {
    PayerRecord record;
    record.payer = AnyPayer();
    record.is_verified = random_.Below(10) != 0;
    if (random_.Below(2) == 0) {
      record.age.birth_date = {.year = static_cast<int16_t>(2000 + random_.Below(12)),
                               .month = 11,
                               .day = static_cast<int8_t>(1 + random_.Below(28))};
    } else {
      record.age.band = random_.Below(5) == 0 ? AgeBand::k8To15 : AgeBand::kAdult;
    }
    record.has_guardian_consent = random_.Below(2) == 0;
    record.has_youth_mode = random_.Below(20) == 0;
    if (random_.Below(8) == 0) record.tier = TierName("P1");
    if (random_.Below(8) == 0) record.guardian.tip_max = Money(random_.Below(300'000));
    if (random_.Below(8) == 0) record.risk.day_limit = Money(random_.Below(1'000'000));
    gate_.PutPayer(record);
    if (random_.Below(20) == 0) gate_.Pause(record.payer, absl::Minutes(1 + random_.Below(30)));
  }

  // Something that holds a payer back, or lets them go on. Most are asked for a payer who is there.
  void ControlPayer() {
    const PayerId payer = AnyPayer();
    switch (random_.Below(8)) {
      case 0:
        return SetSelfLimits(payer);
      case 1:
        return Confirm(payer);
      case 2:
        gate_.CoolOff(payer, absl::Seconds(1 + random_.Below(3'600)));
        return;
      case 3:
        gate_.Freeze(payer);
        return;
      case 4:
        return SetPreferences(payer);
      default:  // more often than frozen, or all are in the end
        gate_.Unfreeze(payer, "a");
        if (random_.Below(2) == 0) gate_.Unfreeze(payer, "b");
        return;
    }
  }

  LimitChange AnyLimitChange() {
    return {.kind = static_cast<LimitChangeKind>(random_.Below(4)),
            .amount = Money(random_.Below(2'000'000))};
  }

  void SetSelfLimits(PayerId payer) {
    SelfLimitsRecord record;
    record.payer = payer;
    record.tip_max_change = AnyLimitChange();
    record.day_limit_change = AnyLimitChange();
    record.month_limit_change = AnyLimitChange();
    record.token = token_;
    gate_.SetSelfLimits(record);
  }

  void SetPreferences(PayerId payer) {
    PreferencesRecord record;
    record.payer = payer;
    record.reminders_change = static_cast<SwitchChange>(random_.Below(3));
    record.public_display_change = static_cast<SwitchChange>(random_.Below(3));
    record.token = token_;
    gate_.SetPreferences(record);
  }

  // With the right token mostly, and not always in time.
  void Confirm(PayerId payer) {
    const auto scope = static_cast<ConfirmationScope>(1 + random_.Below(4));
    if (random_.Below(4) != 0) token_ = gate_.StartConfirmation(payer, scope).confirmation.token;
    gate_.now_ms += random_.Below(2) * random_.Below(400'000);
    const auto completed =
        random_.Below(4) == 0 ? static_cast<ConfirmationScope>(1 + random_.Below(4)) : scope;
    gate_.CompleteConfirmation(payer, completed, token_);
  }

  void PutStreamer() {
    constexpr const char* kTiers[] = {"L1", "L2", "L3"};
    StreamerRecord record;
    record.streamer = AnyStreamer();
    record.is_verified = random_.Below(10) != 0;
    record.age.band = AgeBand::kAdult;
    if (random_.Below(4) == 0) record.payer = AnyPayer();
    record.tier = TierName(kTiers[random_.Below(3)]);
    gate_.PutStreamer(record);
  }

  // For a while, mostly.
  void Stop() {
    StopScope scope = {.kind = static_cast<StopKind>(1 + random_.Below(5))};
    if (scope.kind == StopKind::kApp) scope.app = ActorName("app-1");
    if (scope.kind >= StopKind::kSession) scope.id = 1 + random_.Below(4);
    gate_.Stop(scope);
    gate_.LiftStop(scope, "a");
    if (random_.Below(4) != 0) gate_.LiftStop(scope, "b");
  }

  void Sanction() {
    SanctionRecord record;
    record.streamer = AnyStreamer();
    record.kind = static_cast<SanctionKind>(1 + random_.Below(4));
    if (record.kind == SanctionKind::kSuspendReceiving) {
      record.until_ms = gate_.now_ms + random_.Below(kDayMs);
    }
    if (record.kind == SanctionKind::kMute) record.mute_ms = 1 + random_.Below(3'600'000);
    record.is_violation = random_.Below(4) == 0;
    const Decided decided = gate_.Sanction(record);
    const bool stays = record.kind == SanctionKind::kBan || record.is_violation;
    if (stays || random_.Below(4) == 0) gate_.LiftSanction(record.streamer, decided.id);
  }

  Random random_;
  CoreGate& gate_;
  const bool takes_checkpoints_;
  int64_t sessions_ = 0;
  std::vector<RecordId> recharges_;
  ConfirmationToken token_;  // the newest
};

}  // namespace

void RunRandomEvening(uint64_t seed, int operations, CoreGate* gate, bool checkpoints) {
  gate->Activate(EveningPolicy());
  Evening evening(seed, gate, checkpoints);
  for (int i = 0; i < operations; ++i) evening.Step();
}

}  // namespace tipgate
