#include "storage/forget_filter.h"

#include "core/ids.h"
#include "storage/byte_order.h"

namespace tipgate {

bool ForgetFilter::Filter(int, const rocksdb::Slice&, const rocksdb::Slice& value, std::string*,
                          bool*) const {
  // A value of another size is damage: keep it for FindKey to report.
  if (value.size() != sizeof(int64_t)) return false;
  const RecordId id(static_cast<int64_t>(GetBigEndian(value.data())));
  return id.sequence() < forget_before();
}

}  // namespace tipgate
