#include "tests/damage/damaged_copy.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>

#include "absl/strings/match.h"
#include "core/check.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate::damage {
namespace {

namespace fs = std::filesystem;

// Empty: of a file that holds nothing that was acknowledged.
std::string KindOf(const std::string& name) {
  if (absl::EndsWith(name, ".log")) return "log";
  if (absl::EndsWith(name, ".sst")) return "table";
  if (absl::StartsWith(name, "db/MANIFEST-")) return "MANIFEST";
  if (name == "db/CURRENT") return "CURRENT";
  return name == "HEAD" || name == "TAILS" || name == "FORMAT" ? name : "";
}

// Files that a start writes into.
bool IsWrittenInPlace(const std::string& name) { return absl::EndsWith(name, "LOCK"); }

}  // namespace

std::vector<DataFile> ReadDataFiles(const std::string& directory) {
  std::vector<DataFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const std::string name = entry.path().lexically_relative(directory).string();
    const std::string kind = KindOf(name);
    if (!kind.empty()) files.push_back({kind, name, ReadWholeFile(entry.path().string())});
  }
  std::sort(files.begin(), files.end(),
            [](const DataFile& a, const DataFile& b) { return a.name < b.name; });
  return files;
}

void CopyWith(const std::string& from, const std::string& name, const std::string& bytes,
              const std::string& to) {
  fs::remove_all(to);
  fs::create_directories(to + "/db");
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    const std::string relative = entry.path().lexically_relative(from).string();
    if (!entry.is_regular_file() || relative == name) continue;
    const fs::path copy = fs::path(to) / relative;
    if (IsWrittenInPlace(relative)) {
      fs::copy_file(entry.path(), copy);
    } else {
      fs::create_hard_link(entry.path(), copy);
    }
  }
  WriteWholeFile(to + "/" + name, bytes);
}

// Blocks of 32 KiB hold records: checksum 4, length 2, type 1, content. A write is one record, or a
// first one, middle ones and a last one.
std::vector<size_t> RecordBounds(const std::string& log_bytes) {
  constexpr size_t kBlockBytes = 32'768;
  constexpr size_t kHeaderBytes = 7;
  constexpr uint8_t kFull = 1;
  constexpr uint8_t kFirst = 2;
  std::vector<size_t> bounds;
  size_t at = 0;
  size_t end = 0;
  while (at + kHeaderBytes <= log_bytes.size()) {
    const size_t left = kBlockBytes - at % kBlockBytes;
    const auto byte = [&](size_t i) { return static_cast<uint8_t>(log_bytes[at + i]); };
    const uint8_t type = left < kHeaderBytes ? 0 : byte(6);
    if (type == 0) {  // the rest of a block
      at += left;
      continue;
    }
    if (type == kFull || type == kFirst) bounds.push_back(at);
    at += kHeaderBytes + byte(4) + size_t{256} * byte(5);
    end = at;
  }
  TIPGATE_CHECK(end == log_bytes.size());
  bounds.push_back(end);
  return bounds;
}

}  // namespace tipgate::damage
