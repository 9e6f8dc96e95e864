#include "storage/log_tail.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "storage/advice.h"

namespace tipgate {
namespace {

// RocksDB's log: blocks of 32 KiB, in which no record starts in the last 6 bytes. A record is
//
//   checksum 4  length 2  type 1  content
//
// in little-endian; the checksum is the masked CRC-32C of type and content.
constexpr size_t kBlockBytes = 32'768;
constexpr size_t kHeaderBytes = 7;
constexpr size_t kTypeOffset = 6;
constexpr uint8_t kFullRecord = 1;   // the whole of a write,
constexpr uint8_t kFirstRecord = 2;  // or the first part of one
// Of logs that are written into the files of older ones, which ours are not.
constexpr uint8_t kRecycledMin = 5;
constexpr uint8_t kRecycledMax = 8;

uint32_t ByteAt(absl::string_view bytes, size_t at) { return static_cast<uint8_t>(bytes[at]); }

// Castagnoli's polynomial, bit by bit: a block is small.
uint32_t MaskedCrc32c(absl::string_view bytes) {
  uint32_t crc = 0xffffffff;
  for (size_t i = 0; i < bytes.size(); ++i) {
    crc ^= ByteAt(bytes, i);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
  }
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
}

size_t LengthAt(absl::string_view block, size_t at) {
  return ByteAt(block, at + 4) | ByteAt(block, at + 5) << 8;
}

// True if RocksDB would read no further in a full block, or in its log, and not tell: at what looks
// like the end of a log in a recycled file, or like zeros that no one has written to. Checksums are
// RocksDB's to look at.
bool HasSilentEnd(absl::string_view block) {
  for (size_t at = 0; at + kHeaderBytes <= block.size();) {
    const uint32_t type = ByteAt(block, at + kTypeOffset);
    if (type == 0 || (type >= kRecycledMin && type <= kRecycledMax)) return true;
    at += kHeaderBytes + LengthAt(block, at);
  }
  return false;
}

// The same for all full blocks of a log.
bool HasSilentEndIn(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string block(kBlockBytes, '\0');
  while (file.read(block.data(), static_cast<std::streamsize>(block.size()))) {
    if (HasSilentEnd(block)) return true;
  }
  return false;
}

// The size of the whole record that starts at `at`, or 0 if there is none.
size_t RecordBytes(absl::string_view block, size_t at) {
  if (at + kHeaderBytes > block.size()) return 0;
  const size_t length = LengthAt(block, at);
  if (ByteAt(block, at + kTypeOffset) == 0 || length > block.size() - at - kHeaderBytes) return 0;
  uint32_t checksum = 0;
  for (size_t i = 4; i-- > 0;) checksum = checksum << 8 | ByteAt(block, at + i);
  const absl::string_view checked = block.substr(at + kTypeOffset, 1 + length);
  return MaskedCrc32c(checked) == checksum ? kHeaderBytes + length : 0;
}

// The first byte that belongs to no whole record.
size_t TearOf(absl::string_view block) {
  size_t tear = 0;
  while (const size_t bytes = RecordBytes(block, tear)) tear += bytes;
  return tear;
}

// True if a write begins behind the tear.
bool HasRecordBehindTear(absl::string_view block) {
  const size_t tear = TearOf(block);
  for (size_t at = tear + 1; at + kHeaderBytes <= block.size(); ++at) {
    const uint32_t type = ByteAt(block, at + kTypeOffset);
    if ((type == kFullRecord || type == kFirstRecord) && RecordBytes(block, at) != 0) return true;
  }
  return false;
}

struct LastBlock {
  size_t begin = 0;  // in its file
  std::string bytes;
};

LastBlock ReadLastBlock(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto bytes = static_cast<size_t>(std::max<std::streamoff>(file.tellg(), 0));
  LastBlock block{.begin = bytes / kBlockBytes * kBlockBytes, .bytes = {}};
  file.seekg(static_cast<std::streamoff>(block.begin));
  block.bytes.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  return block;
}

}  // namespace

absl::Status CheckLogTails(const std::string& database_path) {
  std::error_code no_directory;
  for (const auto& file : std::filesystem::directory_iterator(database_path, no_directory)) {
    const std::string name = file.path().filename().string();
    if (!IsLogName(name)) continue;
    if (HasSilentEndIn(file.path())) {
      return DamageError(absl::StrCat("the log ", file.path().string(), " is damaged"));
    }
    if (!HasRecordBehindTear(ReadLastBlock(file.path()).bytes)) continue;
    return DamageError(absl::StrCat("the log ", file.path().string(), " is damaged near its end"));
  }
  return absl::OkStatus();
}

bool IsLogName(absl::string_view name) {
  return absl::EndsWith(name, ".log") || absl::StartsWith(name, "MANIFEST-");
}

int64_t WholeLogBytes(const std::string& path) {
  const LastBlock block = ReadLastBlock(path);
  return static_cast<int64_t>(block.begin + TearOf(block.bytes));
}

}  // namespace tipgate
