#include "offline/point_in_time.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/fold.h"
#include "core/journal_search.h"
#include "core/state.h"
#include "storage/database.h"
#include "storage/journal_cut.h"
#include "storage/key_rebuild.h"
#include "storage/rocksdb_journal.h"
#include "storage/rocksdb_state_store.h"

namespace tipgate {
namespace {

// Entities that are copied at a time.
constexpr size_t kImagePart = 100'000;

absl::Status FoldAll(const Journal& journal, State* state) {
  const std::unique_ptr<JournalReader> reader = journal.ReadFrom(1);
  Entry entry;
  while (true) {
    const absl::StatusOr<bool> has_entry = reader->Next(&entry);
    if (!has_entry.ok()) return has_entry.status();
    if (!*has_entry) return absl::OkStatus();
    FoldEntry(entry, state);
  }
}

absl::Status Store(int64_t sequence, State* state, StateStore* store) {
  state->BeginCheckpoint(sequence);
  for (bool has_more = true; has_more;) {
    StateImage image;
    has_more = state->CopyCheckpoint(kImagePart, &image);
    image.decided_sequence = sequence;
    if (absl::Status status = store->Write(image); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Of a database whose journal is all that it has.
absl::Status MakeAnew(Database* database) {
  const auto journal = RocksDbJournal::Open(database);
  if (!journal.ok()) return journal.status();
  const absl::StatusOr<bool> keys = RebuildKeys(database, **journal, /*is_wanted=*/true);
  if (!keys.ok()) return keys.status();
  State state;
  if (absl::Status status = FoldAll(**journal, &state); !status.ok()) return status;
  const auto store = RocksDbStateStore::OpenWithoutFilter(database);
  if (!store.ok()) return store.status();
  return Store((*journal)->Head().sequence, &state, store->get());
}

}  // namespace

absl::StatusOr<int64_t> SequenceOf(const PointInTime& point, const Journal& journal) {
  const JournalHead head = journal.Head();
  if (point.last_sequence > 0) {
    if (point.last_sequence <= head.sequence) return point.last_sequence;
    return absl::OutOfRangeError(absl::StrCat("the backup ends at entry ", head.sequence,
                                              ", before entry ", point.last_sequence,
                                              "; take a later backup"));
  }
  const absl::StatusOr<int64_t> next = FirstSequenceAt(journal, point.time_ms + 1);
  if (!next.ok()) return next.status();
  if (*next > 1) return *next - 1;
  return absl::OutOfRangeError(absl::StrCat("nothing was decided by ",
                                            absl::FormatTime(absl::FromUnixMillis(point.time_ms)),
                                            "; name a later time"));
}

absl::Status GoBackTo(const PointInTime& point, const std::string& database_path) {
  const auto database = Database::Open(database_path, {});
  if (!database.ok()) return database.status();
  absl::StatusOr<int64_t> sequence = absl::UnknownError("");
  {
    const auto journal = RocksDbJournal::Open(database->get());
    if (!journal.ok()) return journal.status();
    sequence = SequenceOf(point, **journal);
  }
  if (!sequence.ok()) return sequence.status();
  absl::Status status = CutJournal(database->get(), *sequence);
  if (status.ok()) status = MakeAnew(database->get());
  if (status.ok()) status = FlushAll(**database);
  return status;
}

}  // namespace tipgate
