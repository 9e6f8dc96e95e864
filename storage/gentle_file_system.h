#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "rocksdb/file_system.h"

namespace tipgate {

// The real file system, for copies of files that are large and not urgent: what is written goes to
// the disk in small steps at once, so that the fsync at a file's end, and with it each fsync of the
// journal beside it, has little left to wait for. Counts what is written. Any thread.
class GentleFileSystem : public rocksdb::FileSystemWrapper {
 public:
  GentleFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "tipgate.GentleFileSystem"; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;

  int64_t written_bytes() const { return written_bytes_.load(std::memory_order_relaxed); }
  void NoteWritten(size_t bytes) {
    written_bytes_.fetch_add(static_cast<int64_t>(bytes), std::memory_order_relaxed);
  }

 private:
  std::atomic<int64_t> written_bytes_{0};
};

}  // namespace tipgate
