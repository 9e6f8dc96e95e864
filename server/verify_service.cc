#include "server/verify_service.h"

#include <string>
#include <utility>
#include <variant>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/history_verification.h"
#include "server/error_status.h"
#include "server/totals_conversion.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

constexpr absl::Duration kProgressInterval = absl::Milliseconds(250);

StateSummary SummaryOf(const InfoVisit& running) {
  return {.last_sequence = running.last_sequence,
          .time_ms = running.time_ms,
          .totals = running.totals,
          .counts = {.payers = running.payers_count,
                     .streamers = running.streamers_count,
                     .sessions = running.sessions_count},
          .fingerprint = *running.fingerprint};
}

// One run through the journal.
class Verification {
 public:
  Verification(const Journal& journal, const InfoVisit& running, DamageAlarm& damage,
               ResponseStream& stream)
      : running_(SummaryOf(running)), damage_(damage), stream_(stream), history_(journal) {
    progress_.set_entries_total_count(running.last_sequence);
  }

  std::optional<CallError> Run() {
    absl::Status status = history_.Run(running_.last_sequence, [this](const Entry& entry) {
      return TellProgress(entry.sequence);
    });
    if (absl::IsCancelled(status)) return StoppingError();
    if (status.ok()) status = history_.Compare(running_, "the running");
    if (!status.ok()) return Damaged(status.message());
    return TellEnd() ? std::nullopt : std::make_optional(StoppingError());
  }

 private:
  // What the caller is told; operators hear of it too.
  CallError Damaged(absl::string_view message) {
    damage_.Raise("verification of the journal", message);
    return {.reason = ErrorReason::kDamaged, .field = "", .message = std::string(message)};
  }

  // False if nobody listens any more.
  bool TellProgress(int64_t sequence) {
    progress_.set_entries_verified_count(sequence);
    progress_.set_records_verified_count(history_.records_count());
    const absl::Time now = absl::Now();
    if (now - tell_time_ < kProgressInterval) return stream_.is_open();
    tell_time_ = now;
    return stream_.Write(progress_);
  }

  bool TellEnd() {
    progress_.set_is_done(true);
    progress_.set_chain_head(ToHex(history_.chain_head()));
    progress_.set_state_hash(running_.fingerprint.ToHex());
    *progress_.mutable_totals() = ToProto(running_.totals, running_.counts);
    return stream_.Write(progress_);
  }

  const StateSummary running_;
  DamageAlarm& damage_;
  ResponseStream& stream_;
  HistoryVerification history_;
  v1::VerifyJournalResponse progress_;
  absl::Time tell_time_ = absl::Now();
};

}  // namespace

std::optional<CallError> VerifyService::VerifyJournal(ResponseStream& stream) const {
  v1::VerifyJournalRequest request;
  if (auto error = stream.Parse(&request); error.has_value()) return error;
  Command command = InfoVisit();
  auto& visit = std::get<InfoVisit>(command);
  visit.wants_fingerprint = true;
  if (auto error = run_command_(&command); error.has_value()) return error;
  return Verification(journal_, visit, damage_, stream).Run();
}

}  // namespace tipgate
