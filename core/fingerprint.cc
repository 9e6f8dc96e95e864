#include "core/fingerprint.h"

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

}  // namespace tipgate
