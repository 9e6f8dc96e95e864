#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "storage/bulk_file.h"
#include "storage/byte_buffer.h"
#include "storage/database.h"
#include "storage/sealed_value.h"
#include "storage/state_key.h"

namespace rocksdb {
class WriteBatch;
}  // namespace rocksdb

namespace tipgate {

// Changes of the family `state` that wait to be written together: puts and deletions, of which the
// last one of a key counts. Keeps its memory. One thread.
class StateRows {
 public:
  template <typename T>
  void Put(StateKind kind, int64_t id, const T& value) {
    const size_t begin = bytes_.size();
    AppendSealed(StateKey(kind, id).view(), value, &bytes_);
    rows_.push_back({.kind = kind, .id = id, .begin = begin, .size = bytes_.size() - begin});
  }
  template <typename T>
  void Put(StateKind kind, const std::vector<T>& entities) {
    for (const T& entity : entities) Put(kind, entity.id.value(), entity);
  }
  void Delete(StateKind kind, int64_t id) {
    rows_.push_back({.kind = kind, .id = id, .begin = 0, .size = 0});
  }

  size_t count() const { return rows_.size(); }
  size_t bytes() const { return bytes_.size() + rows_.size() * sizeof(Row); }

  void AddTo(const Database& database, rocksdb::WriteBatch* batch) const;
  // Everything, as one file. Sorts the rows.
  absl::Status WriteTo(BulkFile* file);

  void Clear();

 private:
  struct Row {
    StateKind kind;
    int64_t id;
    size_t begin;  // of the sealed value, in bytes_
    size_t size;   // 0: is to be deleted
  };

  absl::string_view ValueOf(const Row& row) const {
    return bytes_.view().substr(row.begin, row.size);
  }

  std::vector<Row> rows_;
  ByteBuffer bytes_;
};

}  // namespace tipgate
