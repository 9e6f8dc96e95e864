#pragma once

#include <cstddef>
#include <memory>

#include "absl/strings/string_view.h"

namespace tipgate {

// Bytes that grow. Unlike std::string it does not fill new space with zeros, and Clear keeps the
// memory, so that a reused buffer allocates nothing. One thread.
class ByteBuffer {
 public:
  // Room for `size` bytes at the end, valid until the next Reserve; Advance says how many were
  // written.
  char* Reserve(size_t size) {
    if (capacity_ - size_ < size) [[unlikely]]
      Grow(size);
    return bytes_.get() + size_;
  }

  // Takes the reserved bytes up to `end` into the buffer.
  void AdvanceTo(const char* end) { size_ = static_cast<size_t>(end - bytes_.get()); }

  void Append(absl::string_view bytes);
  void Clear() { size_ = 0; }

  char* data() { return bytes_.get(); }
  size_t size() const { return size_; }
  absl::string_view view() const { return {bytes_.get(), size_}; }

 private:
  void Grow(size_t size);

  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace tipgate
