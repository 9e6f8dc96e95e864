#include "core/fingerprint.h"

#include <algorithm>
#include <cstring>
#include <variant>

namespace tipgate {

Hash128 FingerprintOf(const Entry& entry, const Record& record) {
  Hasher128 hasher;
  hasher.Add(uint64_t{record.index()});
  FingerprintVisitor visitor(&entry, &hasher);
  std::visit(
      [&](const auto& content) { std::decay_t<decltype(content)>::Fields(content, visitor); },
      record);
  return hasher.Finish();
}

void RecordWords::Read(const Entry& entry, const Record& record) {
  count_ = 0;
  Add(uint64_t{record.index()});
  WordsVisitor<RecordWords> visitor(&entry, this);
  std::visit(
      [&](const auto& content) { std::decay_t<decltype(content)>::Fields(content, visitor); },
      record);
}

void RecordWords::Add(absl::string_view bytes) {
  Add(uint64_t{bytes.size()});
  while (!bytes.empty()) {
    uint64_t word = 0;
    const size_t size = std::min(bytes.size(), sizeof(word));
    std::memcpy(&word, bytes.data(), size);
    Add(word);
    bytes.remove_prefix(size);
  }
}

}  // namespace tipgate
