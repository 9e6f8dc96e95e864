#pragma once

#include <map>

#include "core/state_store.h"

namespace tipgate {

// Stored state in memory. One thread.
class MemoryStateStore final : public StateStore {
 public:
  absl::StatusOr<StoredState> Load() override;
  absl::Status LoadPayers(PayersTaker take) override;
  absl::Status Write(const StateImage& image) override;
  absl::StatusOr<std::optional<Payer>> FindPayer(PayerId id) const override;
  absl::StatusOr<std::optional<Session>> FindSession(SessionId id) const override;
  absl::StatusOr<std::optional<Tip>> FindTip(RecordId id) const override;
  absl::StatusOr<std::optional<Recharge>> FindRecharge(RecordId id) const override;
  absl::Status FindKeys(absl::Span<KeyLookup> keys) const override;

 private:
  std::map<PayerId, Payer> payers_;
  std::map<PayerId, PayerControls> controls_;
  std::map<PayerId, RecentTips> recent_tips_;
  std::map<StreamerId, Streamer> streamers_;
  std::map<StreamerId, StreamerSanctions> sanctions_;
  std::map<SessionId, Session> sessions_;
  std::map<SessionId, Session> old_sessions_;
  std::map<RecordId, Recharge> recharges_;
  std::map<RecordId, Recharge> old_recharges_;
  std::map<RecordId, Tip> tips_;
  std::map<RecordId, Tip> old_tips_;
  std::map<AgencyId, Agency> agencies_;
  std::map<RecordId, IncomeJob> income_jobs_;
  Totals totals_;
  Stops stops_;
  PolicyBook policies_;
  KeyTable keys_;
  int64_t complete_sequence_ = 0;
  int64_t forget_keys_before_ = 0;
};

}  // namespace tipgate
