#include "server/totals_conversion.h"

#include <cstdint>

#include "core/check.h"

namespace tipgate {

v1::Totals ToProto(const Totals& totals, const EntityCounts& counts) {
  v1::Totals proto;
  const auto& descriptor = *proto.GetDescriptor();
  ForEachSum(totals, counts, [&](const char* name, int64_t value) {
    const auto* const field = descriptor.FindFieldByName(name);
    TIPGATE_CHECK(field != nullptr);
    proto.GetReflection()->SetInt64(&proto, field, value);
  });
  return proto;
}

}  // namespace tipgate
