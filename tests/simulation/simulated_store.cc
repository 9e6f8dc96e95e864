#include "tests/simulation/simulated_store.h"

#include "core/check.h"

namespace tipgate::simulation {
namespace {

constexpr int64_t kErrorPermille = 1;
constexpr int64_t kWriteErrorPermille = 10;
constexpr int64_t kSlowPermille = 20;
constexpr int64_t kDeathPermille = 10;  // before and after an image is written

}  // namespace

absl::Status SimulatedStore::MaybeFail() const {
  if (!faults_.Strikes("store read error", kErrorPermille)) return absl::OkStatus();
  return absl::UnavailableError("the store: I/O error");
}

absl::StatusOr<StoredState> SimulatedStore::Load() {
  if (absl::Status status = MaybeFail(); !status.ok()) return status;
  faults_.Reach("death before state is loaded", kDeathPermille);
  return current_.Load();
}

absl::Status SimulatedStore::LoadPayers(PayersTaker take) {
  if (absl::Status status = MaybeFail(); !status.ok()) return status;
  return current_.LoadPayers(take);
}

absl::Status SimulatedStore::Write(const StateImage& image) {
  const bool is_last = image.complete_sequence > 0;
  faults_.Reach(is_last ? "death before a checkpoint ends" : "death in a checkpoint",
                kDeathPermille);
  if (faults_.Strikes("slow checkpoint", kSlowPermille)) on_slow_();
  if (image.decided_sequence > durable_sequence_()) ++leads_count_;
  if (faults_.Strikes("store write error", kWriteErrorPermille)) {
    return absl::UnavailableError("the store: I/O error");
  }
  TIPGATE_CHECK(current_.Write(image).ok());
  unsynced_.push_back(image);
  if (is_last) {
    // All of it is synced, but for the number.
    StateImage number;
    number.decided_sequence = image.decided_sequence;
    number.complete_sequence = image.complete_sequence;
    for (StateImage& synced : unsynced_) {
      synced.complete_sequence = 0;
      TIPGATE_CHECK(durable_.Write(synced).ok());
    }
    unsynced_.clear();
    unsynced_.push_back(std::move(number));
    faults_.Reach("death after a checkpoint", kDeathPermille);
  }
  return absl::OkStatus();
}

void SimulatedStore::LosePower() {
  const int64_t kept = faults_.random().Between(0, static_cast<int64_t>(unsynced_.size()));
  for (int64_t i = 0; i < kept; ++i) {
    TIPGATE_CHECK(durable_.Write(unsynced_[static_cast<size_t>(i)]).ok());
  }
  unsynced_.clear();
  current_ = durable_;
}

absl::StatusOr<std::optional<Payer>> SimulatedStore::FindPayer(PayerId id) const {
  if (absl::Status status = MaybeFail(); !status.ok()) return status;
  return current_.FindPayer(id);
}

absl::StatusOr<std::optional<Session>> SimulatedStore::FindSession(SessionId id) const {
  return current_.FindSession(id);
}

absl::StatusOr<std::optional<Tip>> SimulatedStore::FindTip(RecordId id) const {
  return current_.FindTip(id);
}

absl::StatusOr<std::optional<Recharge>> SimulatedStore::FindRecharge(RecordId id) const {
  return current_.FindRecharge(id);
}

absl::Status SimulatedStore::FindKeys(absl::Span<KeyLookup> keys) const {
  if (absl::Status status = MaybeFail(); !status.ok()) return status;
  return current_.FindKeys(keys);
}

}  // namespace tipgate::simulation
