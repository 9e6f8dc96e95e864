#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "rocksdb/compaction_filter.h"

namespace tipgate {

// Drops keys of old entries whenever RocksDB rewrites the file they stand in. Any thread.
class ForgetFilter : public rocksdb::CompactionFilter {
 public:
  // Keys whose record is in an entry before this sequence may go.
  void SetForgetBefore(int64_t sequence) {
    forget_before_.store(sequence, std::memory_order_relaxed);
  }
  int64_t forget_before() const { return forget_before_.load(std::memory_order_relaxed); }

  bool Filter(int level, const rocksdb::Slice& key, const rocksdb::Slice& value,
              std::string* new_value, bool* value_changed) const override;
  const char* Name() const override { return "tipgate.ForgetFilter"; }

 private:
  std::atomic<int64_t> forget_before_{0};
};

}  // namespace tipgate
