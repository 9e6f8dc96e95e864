#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "core/state_store.h"
#include "tests/simulation/faults.h"
#include "tests/support/memory_state_store.h"

namespace tipgate::simulation {

// A store that keeps nothing for sure before the last image of a checkpoint, and the number which
// that promises perhaps not even then. One thread.
class SimulatedStore final : public StateStore {
 public:
  // `durable_sequence`: how far the journal is synced, which no image may lead. `on_slow`: called
  // while something takes long; may throw Death.
  SimulatedStore(Faults* faults, std::function<int64_t()> durable_sequence,
                 std::function<void()> on_slow)
      : faults_(*faults),
        durable_sequence_(std::move(durable_sequence)),
        on_slow_(std::move(on_slow)) {}

  absl::StatusOr<StoredState> Load() override;
  absl::Status LoadPayers(PayersTaker take) override;
  absl::Status Write(const StateImage& image) override;
  absl::StatusOr<std::optional<Payer>> FindPayer(PayerId id) const override;
  absl::StatusOr<std::optional<Session>> FindSession(SessionId id) const override;
  absl::StatusOr<std::optional<Tip>> FindTip(RecordId id) const override;
  absl::StatusOr<std::optional<Recharge>> FindRecharge(RecordId id) const override;
  absl::Status FindKeys(absl::Span<KeyLookup> keys) const override;

  // The machine loses its power: the newest images may be gone.
  void LosePower();

  // Images that led the journal.
  int64_t leads_count() const { return leads_count_; }

 private:
  absl::Status MaybeFail() const;

  Faults& faults_;
  const std::function<int64_t()> durable_sequence_;
  const std::function<void()> on_slow_;
  MemoryStateStore current_;
  MemoryStateStore durable_;
  std::deque<StateImage> unsynced_;  // in current_ and not in durable_
  int64_t leads_count_ = 0;
};

}  // namespace tipgate::simulation
