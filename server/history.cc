#include "server/history.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/hash128.h"

namespace tipgate {
namespace {

// A page token is the version, the number of the next record in 16 hexadecimal digits, and a hash
// of both and the filter in 32: a token of something else or with a typo is told from a right one.
constexpr char kTokenVersion[] = "1";
constexpr size_t kTokenVersionSize = sizeof(kTokenVersion) - 1;
constexpr size_t kTokenNumberSize = 16;

// What reading an entry costs besides its records, in records.
constexpr int64_t kEntryWork = 16;

struct IdNumber {
  int64_t operator()(std::monostate) const { return 0; }
  template <typename IdType>
  int64_t operator()(IdType id) const {
    return id.value();
  }
};

std::string HashOf(const TipFilter& filter, RecordId next) {
  Hasher128 hasher;
  hasher.Add(uint64_t{filter.of.index()});
  hasher.Add(static_cast<uint64_t>(std::visit(IdNumber(), filter.of)));
  hasher.Add(static_cast<uint64_t>(filter.start_time_ms));
  hasher.Add(static_cast<uint64_t>(filter.end_time_ms));
  hasher.Add(static_cast<uint64_t>(next.value()));
  return hasher.Finish().ToHex();
}

// True if the tip is one of those that the filter names.
struct IsOf {
  const TipRequest& request;

  bool operator()(std::monostate) const { return true; }
  bool operator()(PayerId id) const { return request.payer == id; }
  bool operator()(StreamerId id) const { return request.streamer == id; }
  bool operator()(SessionId id) const { return request.session == id; }
};

// The tip before this one of the same payer, streamer or session.
struct PreviousTip {
  const TipRecord& tip;

  RecordId operator()(std::monostate) const { return RecordId(); }
  RecordId operator()(PayerId) const { return tip.previous_of_payer; }
  RecordId operator()(StreamerId) const { return tip.previous_of_streamer; }
  RecordId operator()(SessionId) const { return tip.previous_of_session; }
};

}  // namespace

RecordId LastRecordOf(int64_t sequence) {
  return sequence == 0 ? RecordId() : RecordId(sequence, RecordId::kPositionMax);
}

std::string MakePageToken(const TipFilter& filter, RecordId next) {
  return absl::StrCat(kTokenVersion, absl::Hex(next.value(), absl::kZeroPad16),
                      HashOf(filter, next));
}

std::optional<RecordId> ParsePageToken(const TipFilter& filter, absl::string_view token) {
  if (token.size() < kTokenVersionSize + kTokenNumberSize) return std::nullopt;
  int64_t number = 0;
  if (!absl::SimpleHexAtoi(token.substr(kTokenVersionSize, kTokenNumberSize), &number)) {
    return std::nullopt;
  }
  const RecordId next(number);
  if (token != MakePageToken(filter, next)) return std::nullopt;
  return next;
}

absl::StatusOr<bool> TipWalk::Advance() {
  while (next_.is_set() && work_ < kWorkMax) {
    id_ = next_;
    if (absl::Status status = ReadEntry(); !status.ok()) return status;
    if (entry_->moment.time_ms < filter_.start_time_ms) {
      next_ = RecordId();
      return false;
    }
    if (!IsInFilter()) return absl::InvalidArgumentError("the list has no such tip");
    next_ = Previous();
    if (tip_ != nullptr && entry_->moment.time_ms < filter_.end_time_ms) return true;
  }
  return false;
}

absl::Status TipWalk::ReadEntry() {
  const bool is_new = entry_ == nullptr || entry_->sequence != id_.sequence();
  const absl::StatusOr<const Entry*> entry = reader_.Read(id_.sequence());
  if (!entry.ok()) return entry.status();
  entry_ = *entry;
  const auto records_count = static_cast<int64_t>(entry_->records.size());
  if (is_new) work_ += kEntryWork + records_count;
  if (records_count == 0) {
    return absl::DataLossError(absl::StrCat("entry ", id_.sequence(), " has no records"));
  }
  if (std::holds_alternative<std::monostate>(filter_.of)) {
    id_ = RecordId(id_.sequence(), std::min(id_.position(), records_count - 1));
  } else if (id_.position() >= records_count) {
    return absl::InvalidArgumentError("the list has no such tip");
  }
  tip_ = std::get_if<TipRecord>(&entry_->records[id_.position()]);
  return absl::OkStatus();
}

bool TipWalk::IsInFilter() const {
  if (std::holds_alternative<std::monostate>(filter_.of)) return true;
  return tip_ != nullptr && std::visit(IsOf{tip_->request}, filter_.of);
}

RecordId TipWalk::Previous() const {
  if (!std::holds_alternative<std::monostate>(filter_.of)) {
    return std::visit(PreviousTip{*tip_}, filter_.of);
  }
  if (id_.position() > 0) return RecordId(id_.sequence(), id_.position() - 1);
  return LastRecordOf(id_.sequence() - 1);
}

}  // namespace tipgate
