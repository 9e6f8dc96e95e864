#include "tests/differ/gate.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/settlement.h"
#include "core/verifier.h"
#include "tests/differ/gate_answers.h"
#include "tests/differ/gate_conversion.h"

namespace tipgate::differ {
namespace {

// Tips are forgotten 7 days after their last change, sessions 31 days after their end; they must be
// in the store by then.
constexpr int64_t kCheckpointIntervalMs = 5 * oracle::kDayMs;

StateLimits LimitsOf(int64_t key_retention_ms, int64_t payers_resident_max) {
  StateLimits limits = CoreGate::DefaultLimits();
  limits.payers_resident_max = payers_resident_max;
  limits.idempotency_retention_ms = key_retention_ms;
  return limits;
}

}  // namespace

Gate::Gate(const oracle::Policy& policy, int64_t key_retention_ms, int64_t payers_resident_max)
    : core_(std::make_unique<CoreGate>(ToCore(policy),
                                       LimitsOf(key_retention_ms, payers_resident_max))),
      calendar_(*Calendar::Load(policy.time_zone)),
      checkpoint_time_ms_(core_->now_ms) {}

void Gate::SetTime(int64_t time_ms) {
  TIPGATE_CHECK(time_ms >= core_->now_ms);
  if (time_ms - checkpoint_time_ms_ > kCheckpointIntervalMs) {
    if (!frozen_keys_.has_value()) CheckpointBegin();
    while (!CheckpointPart(1'000)) continue;
  }
  core_->now_ms = time_ms;
}

const Entry& Gate::Execute(Command* command) {
  core_->Execute(command);
  return core_->journal->entries().back();
}

void Gate::Settle() {
  const std::vector<Entry>& entries = core_->journal->entries();
  for (const SettleCursor& cursor : std::vector<SettleCursor>(core_->state.totals.cursors)) {
    const auto end = std::partition_point(entries.begin(), entries.end(), [&](const Entry& entry) {
      return entry.moment.time_ms + cursor.delay_ms <= core_->now_ms;
    });
    const int64_t last_sequence = end - entries.begin();
    if (last_sequence <= cursor.last_sequence) continue;
    auto settle = CollectSettlement(*core_->journal, cursor.delay_ms, cursor.last_sequence + 1,
                                    last_sequence);
    TIPGATE_CHECK(settle.ok());
    Command command = *std::move(settle);
    Execute(&command);
  }
}

void Gate::CheckpointBegin() {
  if (frozen_keys_.has_value()) return;
  frozen_sequence_ = core_->journal->Head().sequence;
  core_->state.BeginCheckpoint(frozen_sequence_);
  frozen_keys_ = core_->keys.Freeze(frozen_sequence_);
  checkpoint_time_ms_ = core_->now_ms;
}

bool Gate::CheckpointPart(size_t entities_count) {
  if (!frozen_keys_.has_value()) return false;
  StateImage image;
  const bool has_more = core_->state.CopyCheckpoint(entities_count, &image);
  if (!has_more) image.keys = *frozen_keys_;
  TIPGATE_CHECK(core_->store->Write(image).ok());
  if (has_more) return false;
  core_->keys.NoteStored(frozen_sequence_);
  frozen_keys_.reset();
  return true;
}

void Gate::Restart() {
  core_ = core_->Recovered();
  frozen_keys_.reset();
}

std::string Gate::Verify() const {
  Verifier verifier(*core_->journal);
  for (const Entry& entry : core_->journal->entries()) {
    if (absl::Status status = verifier.Verify(entry); !status.ok()) {
      return std::string(status.message());
    }
  }
  if (verifier.state().Fingerprint(core_->now_ms) == core_->Fingerprint()) return "";
  return "the journal, decided again, leads to another state";
}

}  // namespace tipgate::differ
