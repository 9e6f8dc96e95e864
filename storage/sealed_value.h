#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/byte_buffer.h"
#include "storage/byte_order.h"
#include "storage/field_reader.h"
#include "storage/field_writer.h"

namespace tipgate {

// A struct stored under a key: 4 bytes of checksum over the key and the fields, then the fields
// (field_codec.h). A value that stands under another key than its own does not pass.

// The low bits of Hasher128: the value has to survive a flipped bit, not an enemy.
uint32_t SealOf(absl::string_view key, absl::string_view fields);

// Appends the value's bytes.
template <typename T>
void AppendSealed(absl::string_view key, const T& value, ByteBuffer* buffer) {
  const size_t begin = buffer->size();
  buffer->AdvanceTo(buffer->Reserve(sizeof(uint32_t)) + sizeof(uint32_t));
  AppendFields(value, nullptr, buffer);
  const absl::string_view fields = buffer->view().substr(begin + sizeof(uint32_t));
  PutLittleEndian(SealOf(key, fields), buffer->data() + begin);
}

// DATA_LOSS unless `bytes` are what AppendSealed wrote for this key.
template <typename T>
absl::Status Unseal(absl::string_view key, absl::string_view bytes, T* value) {
  if (bytes.size() < sizeof(uint32_t)) return absl::DataLossError("a value without a checksum");
  const absl::string_view fields = bytes.substr(sizeof(uint32_t));
  if (GetLittleEndian<uint32_t>(bytes.data()) != SealOf(key, fields)) {
    return absl::DataLossError("the checksum does not match");
  }
  FieldReader reader(fields, nullptr);
  T::Fields(*value, reader);
  return reader.Finish();
}

}  // namespace tipgate
