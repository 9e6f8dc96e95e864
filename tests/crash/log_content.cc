#include "tests/crash/log_content.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>

namespace tipgate::crash {
namespace {

// A record of the log: checksum 4, length 2, type 1, content. In front of it may stand the zeros
// that fill a block.
constexpr size_t kRecordHeadBytes = 7;
constexpr size_t kFillerBytesMax = 6;
constexpr size_t kTypeOffset = 6;
constexpr uint8_t kFullRecord = 1;
constexpr uint8_t kFirstRecord = 2;
// A batch: sequence 8, count 4, rows. A row: tag 1, family, key, value.
constexpr size_t kBatchHeadBytes = 12;
constexpr uint8_t kPutToFamily = 5;
// Of the families journal and keys.
constexpr size_t kSequenceBytes = 8;
constexpr size_t kKeyHashBytes = 16;
// docs/disk-format.md: where the first record of an entry begins.
constexpr size_t kFirstRecordOffset = 92;

struct NamedNumber {
  std::string_view name;
  LogContent content;
};
constexpr NamedNumber kNumbers[] = {{"decided_sequence", LogContent::kRows},
                                    {"complete_sequence", LogContent::kComplete},
                                    {"term", LogContent::kTerm},
                                    {"keys_rebuilding", LogContent::kRebuild}};

// Takes bytes off the front; what is not there is empty or 0, and the rest then is empty too.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  std::string_view Take(size_t size) {
    if (size > bytes_.size()) size = bytes_.size();
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  uint8_t Byte() {
    const std::string_view byte = Take(1);
    return byte.empty() ? 0 : static_cast<uint8_t>(byte[0]);
  }
  size_t Varint() {
    size_t value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      const uint8_t byte = Byte();
      value |= static_cast<size_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) break;
    }
    return value;
  }

 private:
  std::string_view bytes_;
};

bool IsHead(std::string_view bytes) {
  if (bytes.size() < kRecordHeadBytes) return false;
  const auto type = static_cast<uint8_t>(bytes[kTypeOffset]);
  return type == kFullRecord || type == kFirstRecord;
}

LogWrite ParseRow(std::string_view key, std::string_view value) {
  for (const NamedNumber& number : kNumbers) {
    if (key == number.name) return {.content = number.content};
  }
  if (key.size() == kKeyHashBytes) return {.content = LogContent::kKeys};
  if (key.size() != kSequenceBytes) return {};
  LogWrite write{.content = LogContent::kEntry};
  if (value.size() < kFirstRecordOffset + 4) return write;
  Cursor record(value.substr(kFirstRecordOffset));
  write.record_kind = record.Byte();
  write.record_action = record.Byte();
  record.Varint();  // the caller
  write.record_key_bytes = static_cast<int>(record.Varint());
  return write;
}

}  // namespace

LogWrite ParseLogWrite(const char* bytes, size_t size) {
  std::string_view rest(bytes, size);
  size_t filler = 0;
  while (filler < kFillerBytesMax && !IsHead(rest)) {
    if (rest.empty() || rest[0] != 0) return {};
    rest.remove_prefix(1);
    ++filler;
  }
  if (!IsHead(rest)) return {};
  Cursor cursor(rest.substr(kRecordHeadBytes));
  cursor.Take(kBatchHeadBytes);
  if (cursor.Byte() != kPutToFamily) return {};
  cursor.Varint();  // the family
  const std::string_view key = cursor.Take(cursor.Varint());
  const std::string_view value = cursor.Take(cursor.Varint());
  return ParseRow(key, value);
}

bool Means(const CallPattern& pattern, const LogWrite& write) {
  const auto fits = [](int wanted, int found) { return wanted < 0 || wanted == found; };
  if (pattern.content == LogContent::kAny) return true;
  return pattern.content == write.content && fits(pattern.record_kind, write.record_kind) &&
         fits(pattern.record_action, write.record_action) &&
         fits(pattern.record_key_bytes, write.record_key_bytes);
}

}  // namespace tipgate::crash
