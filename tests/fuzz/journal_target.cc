// What stands on the disk may be anything: it is refused, or it is exactly what would be written.
// So that what comes behind a checksum is reached, sizes and checksums are put right here.
//
// The first byte says what the others are: 'e' an entry without its hash, 'H' and 'F' the files
// HEAD and FORMAT, any other one the kind of a stored entity, whose fields follow.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "core/state_store.h"
#include "storage/data_directory.h"
#include "storage/entry_codec.h"
#include "storage/head_mark.h"
#include "storage/sealed_value.h"
#include "storage/state_key.h"
#include "tests/fuzz/target.h"
#include "tests/support/memory_journal.h"

namespace tipgate::fuzz {
namespace {

std::string CheckRefusal(const absl::Status& status, absl::StatusCode code) {
  if (status.code() != code) return absl::StrCat("refused as ", status.ToString());
  return status.message().empty() ? "refused without a word" : "";
}

std::string CheckEntry(const std::string& bytes) {
  static EntryDecoder* const kDecoder = new EntryDecoder;
  static EntryEncoder* const kEncoder = new EntryEncoder;
  Entry entry;
  EntryLink link;
  const absl::Status status = kDecoder->Decode(bytes, &entry, &link);
  if (!status.ok()) return CheckRefusal(status, absl::StatusCode::kDataLoss);
  if (kEncoder->Encode(entry, entry.term, link.previous) != bytes) {
    return "an entry was read that is written in other bytes";
  }
  return kEncoder->hash() == link.hash ? "" : "an entry was read under another hash";
}

std::string RunEntry(absl::string_view bytes) {
  const std::string as_it_is = CheckEntry(std::string(bytes));
  if (!as_it_is.empty() || bytes.size() < kEntryHeaderBytes) return as_it_is;
  std::string sealed(bytes);
  constexpr size_t kFormatOffset = 0;
  constexpr size_t kBodySizeOffset = 88;
  PutLittleEndian(kEntryFormat, sealed.data() + kFormatOffset);
  PutLittleEndian(static_cast<uint32_t>(bytes.size() - kEntryHeaderBytes),
                  sealed.data() + kBodySizeOffset);
  const ChainHash hash = Sha256().Hash(sealed);
  sealed.append(reinterpret_cast<const char*>(hash.data()), hash.size());
  return CheckEntry(sealed);
}

template <typename T>
std::string RunEntity(StateKind kind, absl::string_view fields) {
  const StateKey key(kind, 1);
  std::string sealed(sizeof(uint32_t), '\0');
  PutLittleEndian(SealOf(key.view(), fields), sealed.data());
  sealed.append(fields.data(), fields.size());
  T entity;
  const absl::Status status = Unseal(key.view(), sealed, &entity);
  if (!status.ok()) return CheckRefusal(status, absl::StatusCode::kDataLoss);
  ByteBuffer written;
  AppendSealed(key.view(), entity, &written);
  return written.view() == sealed ? "" : "an entity was read that is written in other bytes";
}

std::string RunState(StateKind kind, absl::string_view fields) {
  switch (kind) {
    case StateKind::kPayer:
      return RunEntity<Payer>(kind, fields);
    case StateKind::kStreamer:
      return RunEntity<Streamer>(kind, fields);
    case StateKind::kSession:
    case StateKind::kOldSession:
      return RunEntity<Session>(kind, fields);
    case StateKind::kRecharge:
    case StateKind::kOldRecharge:
      return RunEntity<Recharge>(kind, fields);
    case StateKind::kTotals:
      return RunEntity<Totals>(kind, fields);
    case StateKind::kControls:
      return RunEntity<PayerControls>(kind, fields);
    case StateKind::kRecentTips:
      return RunEntity<RecentTips>(kind, fields);
    case StateKind::kSanctions:
      return RunEntity<StreamerSanctions>(kind, fields);
    case StateKind::kStops:
      return RunEntity<Stops>(kind, fields);
    case StateKind::kPolicies:
      return RunEntity<PolicyBook>(kind, fields);
    case StateKind::kTip:
    case StateKind::kOldTip:
      return RunEntity<Tip>(kind, fields);
    case StateKind::kAgency:
      return RunEntity<Agency>(kind, fields);
    case StateKind::kIncomeJob:
      return RunEntity<IncomeJob>(kind, fields);
  }
  return "";  // there is no such kind
}

// A directory in memory, gone with the process.
class Directory {
 public:
  Directory() : path_(absl::StrCat("/dev/shm/tipgate-fuzz.", getpid())) {
    std::filesystem::create_directory(path_);
  }
  ~Directory() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }
  void Write(const char* name, absl::string_view bytes) const {
    std::ofstream file(absl::StrCat(path_, "/", name), std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

 private:
  std::string path_;
};

std::string RunHead(absl::string_view bytes) {
  static const Directory kDirectory;
  kDirectory.Write("HEAD", bytes);
  MemoryJournal journal;
  Entry entry;
  entry.sequence = 1;
  TIPGATE_CHECK(journal.Append(entry).ok());
  const absl::Status status = CheckHeadMark(kDirectory.path(), journal);
  return status.ok() ? "" : CheckRefusal(status, absl::StatusCode::kDataLoss);
}

std::string RunFormat(absl::string_view bytes) {
  static const Directory kDirectory;
  kDirectory.Write("FORMAT", bytes);
  const auto opened = DataDirectory::Open(kDirectory.path());
  return opened.ok() ? "" : CheckRefusal(opened.status(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace

std::string RunJournal(absl::string_view bytes) {
  if (bytes.empty()) return "";
  const char kind = bytes[0];
  bytes.remove_prefix(1);
  switch (kind) {
    case 'e':
      return RunEntry(bytes);
    case 'H':
      return RunHead(bytes);
    case 'F':
      return RunFormat(bytes);
    default:
      return RunState(static_cast<StateKind>(kind), bytes);
  }
}

}  // namespace tipgate::fuzz
