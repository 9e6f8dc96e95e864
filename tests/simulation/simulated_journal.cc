#include "tests/simulation/simulated_journal.h"

#include <string>
#include <utility>

#include "core/check.h"
#include "storage/byte_order.h"

namespace tipgate::simulation {
namespace {

constexpr size_t kSizeBytes = sizeof(uint32_t);
constexpr int64_t kDeathPermille = 4;  // at each of the points of an append
constexpr int64_t kSlowPermille = 15;

}  // namespace

absl::StatusOr<std::unique_ptr<SimulatedJournal>> SimulatedJournal::Open(SimulatedDisk* disk,
                                                                         Faults* faults,
                                                                         DurableListener on_durable,
                                                                         SlowListener on_slow) {
  const absl::StatusOr<std::string> bytes = disk->Read();
  if (!bytes.ok()) return bytes.status();
  std::unique_ptr<SimulatedJournal> journal(
      new SimulatedJournal(disk, faults, std::move(on_durable), std::move(on_slow)));
  disk->Truncate(journal->Load(*bytes));
  return journal;
}

size_t SimulatedJournal::Load(const std::string& bytes) {
  EntryDecoder decoder;
  size_t begin = 0;
  while (bytes.size() - begin >= kSizeBytes) {
    const auto size = GetLittleEndian<uint32_t>(bytes.data() + begin);
    if (size == 0 || bytes.size() - begin - kSizeBytes < size) break;
    Entry entry;
    EntryLink link;
    const absl::string_view stored(bytes.data() + begin + kSizeBytes, size);
    if (!decoder.Decode(stored, &entry, &link).ok()) break;
    if (!hashes_.empty() && link.previous != hashes_.back()) break;
    faults_.Reach("death in recovery", kDeathPermille);
    term_ = entry.term;
    Remember(entry, link.hash);
    begin += kSizeBytes + size;
  }
  return begin;
}

absl::StatusOr<int64_t> SimulatedJournal::Claim() { return ++term_; }

absl::Status SimulatedJournal::Append(const Entry& entry) {
  if (!failure_.ok()) return failure_;
  const ChainHash previous = hashes_.empty() ? ChainHash() : hashes_.back();
  const absl::string_view bytes = encoder_.Encode(entry, term_, previous);
  std::string framed(kSizeBytes, '\0');
  PutLittleEndian(static_cast<uint32_t>(bytes.size()), framed.data());
  framed.append(bytes.data(), bytes.size());
  faults_.Reach("death before the write", kDeathPermille);
  if (faults_.Strikes("slow write", kSlowPermille)) on_slow_();
  failure_ = disk_.Append(framed);
  if (failure_.ok()) faults_.Reach("death before the sync", kDeathPermille);
  if (failure_.ok() && faults_.Strikes("slow sync", kSlowPermille)) on_slow_();
  if (failure_.ok()) failure_ = disk_.Sync();
  if (!failure_.ok()) return failure_;
  faults_.Reach("death after the sync", kDeathPermille);
  Remember(entry, encoder_.hash());
  on_durable_(memory_.entries().back(), hashes_.back());
  return absl::OkStatus();
}

void SimulatedJournal::Remember(const Entry& entry, const ChainHash& hash) {
  TIPGATE_CHECK(memory_.Append(entry).ok());
  hashes_.push_back(hash);
}

JournalHead SimulatedJournal::Head() const {
  JournalHead head = memory_.Head();
  head.term = term_;
  if (!hashes_.empty()) head.hash = hashes_.back();
  return head;
}

absl::Status SimulatedJournal::Read(int64_t sequence, Entry* entry) const {
  return memory_.Read(sequence, entry);
}

std::unique_ptr<JournalReader> SimulatedJournal::ReadFrom(int64_t first_sequence) const {
  return memory_.ReadFrom(first_sequence);
}

}  // namespace tipgate::simulation
