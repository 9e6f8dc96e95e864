#include "storage/byte_buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tipgate {
namespace {

constexpr size_t kCapacityMin = 4096;

}  // namespace

void ByteBuffer::Append(absl::string_view bytes) {
  char* out = Reserve(bytes.size());
  if (!bytes.empty()) std::memcpy(out, bytes.data(), bytes.size());
  AdvanceTo(out + bytes.size());
}

void ByteBuffer::Grow(size_t size) {
  const size_t capacity = std::max({kCapacityMin, capacity_ * 2, size_ + size});
  std::unique_ptr<char[]> bytes(new char[capacity]);
  if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
  bytes_ = std::move(bytes);
  capacity_ = capacity;
}

}  // namespace tipgate
