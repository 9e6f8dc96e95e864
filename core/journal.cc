#include "core/journal.h"

#include "absl/strings/escaping.h"

namespace tipgate {

std::string ToHex(const ChainHash& hash) {
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
}

}  // namespace tipgate
