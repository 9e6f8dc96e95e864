#include "storage/gentle_file_system.h"

#include <utility>

namespace tipgate {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

// As much as the database itself leaves to the kernel at a time (database_options.cc).
constexpr uint64_t kStepBytes = uint64_t{1} << 20;

class GentleFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  GentleFile(std::unique_ptr<rocksdb::FSWritableFile> file, GentleFileSystem* file_system)
      : FSWritableFileOwnerWrapper(std::move(file)), file_system_(*file_system) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    return After(FSWritableFileOwnerWrapper::Append(data, options, debug), data.size(), options,
                 debug);
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& verification,
                  IODebugContext* debug) override {
    return After(FSWritableFileOwnerWrapper::Append(data, options, verification, debug),
                 data.size(), options, debug);
  }

 private:
  IOStatus After(IOStatus appended, size_t bytes, const IOOptions& options, IODebugContext* debug) {
    if (!appended.ok()) return appended;
    file_system_.NoteWritten(bytes);
    appended_bytes_ += bytes;
    const uint64_t waiting_bytes = appended_bytes_ - sent_bytes_;
    if (waiting_bytes < kStepBytes) return appended;
    IOStatus sent = RangeSync(sent_bytes_, waiting_bytes, options, debug);
    sent_bytes_ = appended_bytes_;
    return sent;
  }

  GentleFileSystem& file_system_;
  uint64_t appended_bytes_ = 0;
  uint64_t sent_bytes_ = 0;  // to the disk
};

}  // namespace

rocksdb::IOStatus GentleFileSystem::NewWritableFile(const std::string& name,
                                                    const rocksdb::FileOptions& options,
                                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                                    rocksdb::IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSWritableFile> real;
  IOStatus status = FileSystemWrapper::NewWritableFile(name, options, &real, debug);
  if (status.ok()) *file = std::make_unique<GentleFile>(std::move(real), this);
  return status;
}

}  // namespace tipgate
