#include "tests/damage/disk_faults.h"

#include <filesystem>
#include <memory>
#include <random>

#include "absl/strings/str_cat.h"
#include "server/exit_code.h"
#include "tests/damage/life.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate::damage {
namespace {

constexpr int64_t kBatchesMax = 700;
constexpr int64_t kBatchesAfter = 5;
constexpr int64_t kRoomOfAny = int64_t{1} << 60;

std::string KindOf(const std::string& file) {
  const std::filesystem::path path(file);
  if (!path.extension().empty()) return path.extension().string();
  const std::string name = path.filename().string();
  return name.substr(0, name.find('-'));
}

// RocksDB goes on without these: how it was opened, for people, and what it is about to delete.
bool IsNeeded(const std::string& file) {
  const std::filesystem::path path(file);
  return path.filename().string().rfind("OPTIONS-", 0) != 0 && path.extension() != ".trash";
}

// Two disks, one upon the other: faults, and what is left of them when the power goes.
struct Disks {
  std::shared_ptr<FaultyFileSystem> below = std::make_shared<FaultyFileSystem>();
  std::shared_ptr<FailingDisk> disk = std::make_shared<FailingDisk>(below);
  std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
};

// Lives until the end; the exit code must be the one that the documents tell.
std::string LiveInto(Disks* disks, const std::string& directory, uint64_t seed, ClientBooks* books,
                     FaultTally* tally) {
  ++tally->cases_count;
  std::string fault;
  {
    Life life(directory, disks->env.get(), books, seed, [&] { return disks->disk->failed_file(); });
    const Ending ending = life.Run(kBatchesMax);
    disks->below->CutPower();
    fault = ending.fault;
    const std::string file = disks->disk->failed_file();
    if (!file.empty()) {
      ++tally->struck_count;
      ++tally->exit_codes[ending.exit_code];
      ++tally->files[KindOf(file)];
    }
    const bool is_documented = ending.status.ok() ||
                               ending.exit_code == static_cast<int>(ExitCode::kCannotOpen) ||
                               ending.exit_code == static_cast<int>(ExitCode::kIoError);
    if (fault.empty() && !is_documented) {
      fault = absl::StrCat("exit code ", ending.exit_code, ": ", ending.status.ToString());
    }
    if (fault.empty() && ending.status.ok() && !file.empty() && IsNeeded(file)) {
      fault = absl::StrCat("the disk failed on ", file, ", and the gate went on");
    }
  }
  tally->answered_count += books->answered_count();
  return fault;
}

std::string LiveOn(const std::string& directory, uint64_t seed, ClientBooks* books) {
  Disks disks;
  Life life(directory, disks.env.get(), books, seed + 1, [] { return std::string(); });
  const Ending ending = life.Run(kBatchesAfter);
  if (!ending.status.ok()) return absl::StrCat("the next start: ", ending.status.ToString());
  return ending.fault.empty() ? "" : absl::StrCat("after the next start: ", ending.fault);
}

}  // namespace

std::string TryDiskFault(DiskOperation operation, int64_t k, FaultTally* tally) {
  const auto seed = static_cast<uint64_t>(2 * k + (operation == DiskOperation::kSync ? 1 : 0));
  const bool is_for_good = k % 2 == 0;
  const bool loses_power = k % 4 < 2;
  const TemporaryDirectory temporary;
  ClientBooks books;
  Disks disks;
  disks.disk->FailAt(operation, k, is_for_good);
  std::string fault = LiveInto(&disks, temporary.File("data"), seed, &books, tally);
  std::mt19937_64 random(seed);
  if (loses_power) disks.below->DropUnsynced(random);
  if (fault.empty()) fault = LiveOn(temporary.File("data"), seed, &books);
  if (fault.empty()) return "";
  return absl::StrCat(operation == DiskOperation::kSync ? "sync " : "write ", k,
                      is_for_good ? " and all after it" : "", loses_power ? ", power lost" : "",
                      ": ", fault);
}

std::string TryFullDisk(int64_t room_bytes, FaultTally* tally) {
  const auto seed = static_cast<uint64_t>(room_bytes);
  const TemporaryDirectory temporary;
  ClientBooks books;
  Disks disks;
  disks.disk->SetRoom(room_bytes);
  std::string fault = LiveInto(&disks, temporary.File("data"), seed, &books, tally);
  // While it is full: the room that a start needs is asked for before anything is written.
  const absl::Status refused =
      Database::Open(temporary.File("data/db"), {.free_bytes_min = kRoomOfAny}).status();
  if (fault.empty() &&
      (!absl::IsResourceExhausted(refused) || ExitCodeOfOpen(refused) != ExitCode::kCannotOpen)) {
    fault = absl::StrCat("a start on a full disk: ", refused.ToString());
  }
  if (fault.empty()) fault = LiveOn(temporary.File("data"), seed, &books);
  return fault.empty() ? "" : absl::StrCat("room for ", room_bytes, " bytes: ", fault);
}

}  // namespace tipgate::damage
