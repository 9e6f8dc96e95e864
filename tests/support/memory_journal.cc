#include "tests/support/memory_journal.h"

#include "absl/strings/str_cat.h"

namespace tipgate {
namespace {

class MemoryReader final : public JournalReader {
 public:
  MemoryReader(const MemoryJournal* journal, int64_t first_sequence)
      : journal_(*journal), next_(first_sequence) {}

  absl::StatusOr<bool> Next(Entry* entry) override {
    if (next_ > journal_.Head().sequence) return false;
    if (absl::Status status = journal_.Read(next_, entry); !status.ok()) return status;
    ++next_;
    return true;
  }
  const ChainHash& hash() const override { return hash_; }

 private:
  const MemoryJournal& journal_;
  int64_t next_;
  ChainHash hash_{};
};

}  // namespace

absl::Status MemoryJournal::Append(const Entry& entry) {
  TIPGATE_CHECK(entry.sequence == Head().sequence + 1);
  TIPGATE_CHECK(entry.moment.time_ms >= Head().time_ms);
  entries_.push_back(entry);
  return absl::OkStatus();
}

JournalHead MemoryJournal::Head() const {
  JournalHead head{.term = term_};
  if (entries_.empty()) return head;
  head.sequence = entries_.back().sequence;
  head.time_ms = entries_.back().moment.time_ms;
  return head;
}

absl::Status MemoryJournal::Read(int64_t sequence, Entry* entry) const {
  ++reads_count_;
  if (sequence < 1 || sequence > static_cast<int64_t>(entries_.size())) {
    return absl::NotFoundError(absl::StrCat("no entry ", sequence));
  }
  if (spoiled_.contains(sequence)) return absl::DataLossError("spoiled");
  *entry = entries_[static_cast<size_t>(sequence - 1)];
  return absl::OkStatus();
}

std::unique_ptr<JournalReader> MemoryJournal::ReadFrom(int64_t first_sequence) const {
  return std::make_unique<MemoryReader>(this, first_sequence);
}

}  // namespace tipgate
