#include "server/verify_service.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/error_status.h"
#include "server/totals_conversion.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

constexpr absl::Duration kProgressInterval = absl::Milliseconds(250);

EntityCounts CountsOf(const State& state) {
  return {.payers = state.payers_count(),
          .streamers = static_cast<int64_t>(state.streamers.size()),
          .sessions = static_cast<int64_t>(state.sessions.size())};
}

EntityCounts CountsOf(const InfoVisit& info) {
  return {.payers = info.payers_count,
          .streamers = info.streamers_count,
          .sessions = info.sessions_count};
}

// What differs between the running state and the one that the journal folds into; "" if nothing
// does.
std::string DifferenceOf(const InfoVisit& running, const State& folded) {
  const std::string running_totals = ToProto(running.totals, CountsOf(running)).ShortDebugString();
  const std::string folded_totals = ToProto(folded.totals, CountsOf(folded)).ShortDebugString();
  if (running_totals != folded_totals) {
    return absl::StrCat("totals {", running_totals, "}, the journal folds into {", folded_totals,
                        "}");
  }
  const Hash128 folded_hash = folded.Fingerprint(running.time_ms);
  if (running.fingerprint != folded_hash) {
    return absl::StrCat("state hash ", running.fingerprint->ToHex(), ", the journal folds into ",
                        folded_hash.ToHex());
  }
  return "";
}

// One run through the journal.
class Verification {
 public:
  Verification(const Journal& journal, const InfoVisit& running, DamageAlarm& damage,
               ResponseStream& stream)
      : running_(running),
        damage_(damage),
        stream_(stream),
        reader_(journal.ReadFrom(1)),
        verifier_(journal) {
    progress_.set_entries_total_count(running.last_sequence);
  }

  std::optional<CallError> Run() {
    Entry entry;
    for (int64_t sequence = 1; sequence <= running_.last_sequence; ++sequence) {
      const absl::StatusOr<bool> has_entry = reader_->Next(&entry);
      if (!has_entry.ok()) return Damaged(has_entry.status().message());
      if (!*has_entry) return Damaged(absl::StrCat("journal entry ", sequence, " is missing"));
      if (absl::Status status = verifier_.Verify(entry); !status.ok()) {
        return Damaged(status.message());
      }
      if (!TellProgress(sequence)) return StoppingError();
    }
    const std::string difference = DifferenceOf(running_, verifier_.state());
    if (!difference.empty()) {
      return Damaged(absl::StrCat("after journal entry ", running_.last_sequence,
                                  " the running state has ", difference));
    }
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
    progress_.set_records_verified_count(verifier_.records_count());
    const absl::Time now = absl::Now();
    if (now - tell_time_ < kProgressInterval) return stream_.is_open();
    tell_time_ = now;
    return stream_.Write(progress_);
  }

  bool TellEnd() {
    const ChainHash chain_head = running_.last_sequence == 0 ? ChainHash() : reader_->hash();
    progress_.set_is_done(true);
    progress_.set_chain_head(ToHex(chain_head));
    progress_.set_state_hash(running_.fingerprint->ToHex());
    *progress_.mutable_totals() = ToProto(running_.totals, CountsOf(running_));
    return stream_.Write(progress_);
  }

  const InfoVisit& running_;
  DamageAlarm& damage_;
  ResponseStream& stream_;
  const std::unique_ptr<JournalReader> reader_;
  Verifier verifier_;
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
