#include "tests/damage/inspection.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/recovery.h"
#include "rocksdb/env.h"
#include "server/exit_code.h"
#include "storage/advice.h"
#include "storage/data_directory.h"
#include "storage/head_mark.h"
#include "storage/key_rebuild.h"
#include "tests/storage/faulty_file_system.h"

namespace tipgate::damage {
namespace {

constexpr int64_t kFilterBytes = int64_t{1} << 20;
constexpr int64_t kCacheBytes = int64_t{4} << 20;
constexpr int64_t kResidentMax = 1'000'000;

Finding Wrong(std::string words) {
  Finding finding;
  finding.verdict = Verdict::kWrong;
  finding.words = std::move(words);
  return finding;
}

bool SaysWhere(absl::string_view words) {
  for (const char* place :
       {"entry", "stored", "the journal", "key index", "idempotency key", ".sst", ".log",
        "MANIFEST", "CURRENT", "HEAD", "TAILS", "FORMAT", "/db", "the data directory"}) {
    if (absl::StrContains(words, place)) return true;
  }
  return false;
}

bool SaysWhatToDo(absl::string_view words) {
  for (const char* advice : {"restore", "--rebuild-keys", "needs a tipgate that knows format",
                             "begin with a new directory"}) {
    if (absl::StrContains(words, advice)) return true;
  }
  return false;
}

// The gate as far as main brings it before it listens.
class Start {
 public:
  explicit Start(const std::string& directory)
      : path_(directory), env_(rocksdb::NewCompositeEnv(std::make_shared<FaultyFileSystem>())) {}

  absl::Status Open(bool rebuilds_keys, int* exit_code) {
    absl::Status status = OpenStorage(rebuilds_keys);
    *exit_code = static_cast<int>(ExitCodeOfOpen(status));
    if (!status.ok()) return status;
    status = Recover(*open_.journal, *store_, kResidentMax, &state_, &keys_).status();
    *exit_code = static_cast<int>(ExitCodeOfRecovery(status));
    return status;
  }

  // Reads all that can be read. OK: it is a beginning of the book. DATA_LOSS: damage was found.
  // INTERNAL: something else is there.
  absl::Status ReadAll(const Book& book) {
    absl::Status status = WalkJournal(book);
    if (status.ok()) status = FindKeys(book);
    if (status.ok()) status = FindEntities();
    if (status.ok()) status = open_.database->BackgroundError();
    return status;
  }

  int64_t last_sequence() const { return open_.journal->Head().sequence; }

 private:
  absl::Status OpenStorage(bool rebuilds_keys) {
    absl::StatusOr<std::unique_ptr<DataDirectory>> directory = DataDirectory::Open(path_);
    if (!directory.ok()) return directory.status();
    directory_ = *std::move(directory);
    absl::StatusOr<OpenJournal> open = OpenJournalAt(
        directory_->database_path(),
        {.block_cache_bytes = kCacheBytes, .compacts_keys = !rebuilds_keys, .env = env_.get()});
    if (!open.ok()) return open.status();
    open_ = *std::move(open);
    absl::Status status = CheckHeadMark(path_, *open_.journal);
    if (!status.ok()) return status;
    status = RebuildKeys(open_.database.get(), *open_.journal, rebuilds_keys).status();
    if (!status.ok()) return status;
    auto store = RocksDbStateStore::Open(open_.database.get(), kFilterBytes);
    if (!store.ok()) return store.status();
    store_ = *std::move(store);
    return absl::OkStatus();
  }

  absl::Status WalkJournal(const Book& book) {
    if (last_sequence() > book.last_sequence()) {
      return absl::InternalError(absl::StrCat("entry ", last_sequence(), " was never written"));
    }
    const std::unique_ptr<JournalReader> reader = open_.journal->ReadFrom(1);
    Entry entry;
    int64_t sequence = 0;
    while (true) {
      const absl::StatusOr<bool> has_entry = reader->Next(&entry);
      if (!has_entry.ok()) return has_entry.status();
      if (!*has_entry) break;
      ++sequence;
      if (reader->hash() != book.hashes[static_cast<size_t>(sequence)]) {
        return absl::InternalError(absl::StrCat("entry ", sequence, " is another one"));
      }
      AddIds(entry);
    }
    if (sequence != last_sequence()) {
      return absl::InternalError(absl::StrCat("the walk ends at entry ", sequence));
    }
    if (state_.Fingerprint(entry.moment.time_ms) ==
        book.fingerprints[static_cast<size_t>(sequence)]) {
      return absl::OkStatus();
    }
    return absl::InternalError("the state is not that of the journal");
  }

  // Of what may be in the store alone.
  void AddIds(const Entry& entry) {
    for (size_t position = 0; position < entry.records.size(); ++position) {
      const Record& record = entry.records[position];
      if (std::holds_alternative<TipRecord>(record)) tips_.push_back(entry.IdAt(position));
      if (std::holds_alternative<RechargeRecord>(record))
        recharges_.push_back(entry.IdAt(position));
      if (const auto* payer = std::get_if<PayerRecord>(&record)) payers_.push_back(payer->payer);
      if (const auto* session = std::get_if<SessionRecord>(&record)) {
        sessions_.push_back(session->session);
      }
    }
  }

  absl::Status FindKeys(const Book& book) {
    for (const auto& [key, record] : book.keys) {
      RecordId found = keys_.Find(key);
      if (!found.is_set()) {
        const absl::StatusOr<RecordId> stored = store_->FindKey(key);
        if (!stored.ok()) return stored.status();
        found = *stored;
      }
      if (found == (record.sequence() <= last_sequence() ? record : RecordId())) continue;
      return absl::InternalError(absl::StrCat("the key of record ", record.position(), " of entry ",
                                              record.sequence(), " is ",
                                              found.is_set() ? "another's" : "forgotten"));
    }
    return absl::OkStatus();
  }

  absl::Status FindEntities() {
    for (const RecordId id : tips_) {
      if (const auto found = store_->FindTip(id); !found.ok()) return found.status();
    }
    for (const RecordId id : recharges_) {
      if (const auto found = store_->FindRecharge(id); !found.ok()) return found.status();
    }
    for (const SessionId id : sessions_) {
      if (const auto found = store_->FindSession(id); !found.ok()) return found.status();
    }
    for (const PayerId id : payers_) {
      if (const auto found = store_->FindPayer(id); !found.ok()) return found.status();
    }
    return absl::OkStatus();
  }

  const std::string path_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<DataDirectory> directory_;
  OpenJournal open_;
  std::unique_ptr<RocksDbStateStore> store_;
  State state_;
  KeyMemory keys_;
  std::vector<RecordId> tips_;
  std::vector<RecordId> recharges_;
  std::vector<SessionId> sessions_;
  std::vector<PayerId> payers_;
};

Finding InspectOnce(const std::string& directory, const Book& book, bool rebuilds_keys) {
  Start start(directory);
  Finding finding;
  absl::Status status = start.Open(rebuilds_keys, &finding.exit_code);
  finding.verdict = Verdict::kRefused;
  if (status.ok()) {
    finding.last_sequence = start.last_sequence();
    status = start.ReadAll(book);
    finding.exit_code = static_cast<int>(ExitCodeOfStop(status));
    finding.verdict = Verdict::kFoundByRead;
  }
  if (status.ok()) {
    const bool is_whole = finding.last_sequence == book.last_sequence();
    finding.verdict = is_whole ? Verdict::kRecovered : Verdict::kShorter;
    finding.exit_code = 0;
    return finding;
  }
  finding.words = std::string(status.message());
  if (absl::IsInternal(status)) return Wrong(finding.words);
  if (!SaysWhere(finding.words)) return Wrong("a refusal does not say where: " + finding.words);
  if (!SaysWhatToDo(finding.words)) {
    return Wrong("a refusal does not say what to do: " + finding.words);
  }
  return finding;
}

}  // namespace

Finding Inspect(const std::string& directory, const Book& book) {
  Finding finding = InspectOnce(directory, book, /*rebuilds_keys=*/false);
  if (!absl::StrContains(finding.words, kRebuildKeysAdvice)) return finding;
  const Finding rebuilt = InspectOnce(directory, book, /*rebuilds_keys=*/true);
  if (rebuilt.verdict != Verdict::kRecovered) {
    return Wrong(absl::StrCat("--rebuild-keys was advised and did not help: ", rebuilt.words));
  }
  finding.was_rebuilt = true;
  return finding;
}

}  // namespace tipgate::damage
