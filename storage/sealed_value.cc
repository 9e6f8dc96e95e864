#include "storage/sealed_value.h"

#include "core/hash128.h"

namespace tipgate {

uint32_t SealOf(absl::string_view key, absl::string_view fields) {
  Hasher128 hasher;
  hasher.Add(key);
  hasher.Add(fields);
  return static_cast<uint32_t>(hasher.Finish().low);
}

}  // namespace tipgate
