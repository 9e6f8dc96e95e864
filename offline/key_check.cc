#include "offline/key_check.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/key_memory.h"
#include "core/record.h"
#include "storage/advice.h"
#include "storage/key_index.h"
#include "storage/meta.h"

namespace tipgate {
namespace {

std::string Text(RecordId record) {
  return absl::StrCat(record.position(), " of entry ", record.sequence());
}

absl::Status WrongIndexError(absl::string_view what) {
  return WithAdvice(absl::StatusCode::kDataLoss,
                    absl::StrCat("the key index is not what the journal says: ", what),
                    kRebuildKeysAdvice);
}

// True if this record of the entry has the same key.
bool HasIntent(const Entry& entry, RecordId id, const Intent& intent) {
  const auto position = static_cast<size_t>(id.position());
  if (position >= entry.records.size()) return false;
  const Intent* const other = IntentOf(entry.records[position]);
  return other != nullptr && other->caller == intent.caller && other->key == intent.key;
}

}  // namespace

void KeyCheck::Sum::Add(const Hash128& key, RecordId record) {
  Hasher128 hasher;
  hasher.Add(key.high);
  hasher.Add(key.low);
  hasher.Add(static_cast<uint64_t>(record.value()));
  hash += hasher.Finish();
  ++count;
}

absl::StatusOr<KeyCheck> KeyCheck::Of(const Database& database) {
  KeyCheck check;
  const absl::StatusOr<int64_t> rebuilding = GetMeta(database, kMetaKeysRebuilding);
  const absl::StatusOr<int64_t> forget_before = GetMeta(database, kMetaForgetKeysBefore);
  const absl::StatusOr<int64_t> complete = GetMeta(database, kMetaCompleteSequence);
  for (const auto* number : {&rebuilding, &forget_before, &complete}) {
    if (!number->ok()) return number->status();
  }
  check.is_rebuilding_ = *rebuilding != 0;
  check.forget_before_ = *forget_before;
  check.complete_sequence_ = *complete;
  if (check.is_rebuilding_) return check;
  const absl::Status status = ForEachKey(database, [&](const KeyRow& row) {
    if (row.record.sequence() < check.forget_before_) return true;
    if (row.record.sequence() <= check.complete_sequence_) {
      check.index_.Add(row.key, row.record);
    } else {
      check.newer_.emplace(row.key, row.record);
    }
    return true;
  });
  if (!status.ok()) return status;
  return check;
}

void KeyCheck::Add(const Entry& entry) {
  if (entry.sequence < forget_before_) return;
  const bool is_newer = entry.sequence > complete_sequence_;
  if (is_newer && newer_.empty()) return;
  for (size_t position = 0; position < entry.records.size(); ++position) {
    const Intent* const intent = IntentOf(entry.records[position]);
    if (intent == nullptr) continue;
    const Hash128 key = HashKey(intent->caller, intent->key.view());
    const RecordId record = entry.IdAt(position);
    if (!is_newer) {
      journal_.Add(key, record);
    } else if (const auto row = newer_.find(key); row != newer_.end() && row->second == record) {
      newer_.erase(row);
    }
  }
}

absl::Status KeyCheck::Compare(const Journal& journal, const StateStore& store) const {
  if (is_rebuilding_) return absl::OkStatus();
  if (!newer_.empty()) {
    const auto& [key, record] = *newer_.begin();
    return WrongIndexError(
        absl::StrCat("it names record ", Text(record), " for a key that this record has not"));
  }
  if (index_.count == journal_.count && index_.hash == journal_.hash) return absl::OkStatus();
  return LookUpAll(journal, store);
}

absl::Status KeyCheck::LookUpAll(const Journal& journal, const StateStore& store) const {
  const std::unique_ptr<JournalReader> reader =
      journal.ReadFrom(std::max<int64_t>(forget_before_, 1));
  int64_t matches_count = 0;
  Entry entry;
  Entry named;
  while (true) {
    const absl::StatusOr<bool> has_entry = reader->Next(&entry);
    if (!has_entry.ok()) return has_entry.status();
    if (!*has_entry || entry.sequence > complete_sequence_) break;
    for (size_t position = 0; position < entry.records.size(); ++position) {
      const Intent* const intent = IntentOf(entry.records[position]);
      if (intent == nullptr) continue;
      const RecordId record = entry.IdAt(position);
      const absl::StatusOr<RecordId> found =
          store.FindKey(HashKey(intent->caller, intent->key.view()));
      if (!found.ok()) return found.status();
      if (*found == record) {
        ++matches_count;
        continue;
      }
      const bool is_later = *found > record && journal.Read(found->sequence(), &named).ok() &&
                            HasIntent(named, *found, *intent);
      if (is_later) continue;
      return WrongIndexError(absl::StrCat(
          "the key of record ", Text(record),
          found->is_set() ? absl::StrCat(" leads to record ", Text(*found)) : " is missing"));
    }
  }
  if (matches_count == index_.count) return absl::OkStatus();
  return WrongIndexError(
      absl::StrCat("it has ", index_.count - matches_count, " keys that no record has"));
}

}  // namespace tipgate
