#include "core/fingerprint.h"

#include <variant>

namespace tipgate {

Hash128 FingerprintOf(const Entry& entry, const Record& record) {
  Hasher128 hasher;
  hasher.Add(uint64_t{record.index()});
  FingerprintVisitor visitor(&entry, &hasher);
  std::visit(
      [&](const auto& content) {
        using Content = std::decay_t<decltype(content)>;
        if constexpr (std::is_same_v<Content, PolicyRecord>) {
          Policy::Fields(*content.policy, visitor);
        } else if constexpr (std::is_same_v<Content, CatalogRecord>) {
          visitor(content.catalog->gifts());
        } else {
          Content::Fields(content, visitor);
        }
      },
      record);
  return hasher.Finish();
}

}  // namespace tipgate
