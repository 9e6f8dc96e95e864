#include "storage/bulk_file.h"

#include "absl/strings/str_cat.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_writer.h"
#include "storage/rocksdb_status.h"

namespace tipgate {

BulkFile::BulkFile(const Database* database, Family family, absl::string_view advice)
    : database_(database),
      family_(family),
      advice_(advice),
      path_(absl::StrCat(database->db().GetName(), "/new_", database->family(family)->GetName(),
                         ".tmp")) {}

BulkFile::~BulkFile() = default;

absl::Status BulkFile::Begin() {
  rocksdb::DB& db = database_->db();
  rocksdb::ColumnFamilyHandle* const family = database_->family(family_);
  // Taking in a file over unflushed rows would flush them while every write waits: do it before, on
  // the side.
  if (has_unflushed_) {
    const rocksdb::Status flushed = db.Flush(rocksdb::FlushOptions(), family);
    if (!flushed.ok()) return Fault(flushed, absl::StrCat("flush ", family->GetName()));
    has_unflushed_ = false;
  }
  // A crash can leave a file that is also linked as one of the database's: unlink it, never write
  // into it.
  const rocksdb::Status deleted = db.GetEnv()->DeleteFile(path_);
  if (!deleted.ok() && !deleted.IsPathNotFound()) {
    return Fault(deleted, absl::StrCat("delete ", path_));
  }
  writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(), db.GetOptions(family),
                                                     family);
  return Fault(writer_->Open(path_), "write new rows");
}

absl::Status BulkFile::Put(const rocksdb::Slice& key, const rocksdb::Slice& value) {
  return Fault(writer_->Put(key, value), "write new rows");
}

absl::Status BulkFile::Delete(const rocksdb::Slice& key) {
  return Fault(writer_->Delete(key), "write new rows");
}

absl::Status BulkFile::Finish() {
  const rocksdb::Status written = writer_->Finish();
  writer_.reset();
  if (!written.ok()) return Fault(written, "write new rows");
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  return Fault(database_->db().IngestExternalFile(database_->family(family_), {path_}, options),
               absl::StrCat("take in ", path_));
}

absl::Status BulkFile::Fault(const rocksdb::Status& status, absl::string_view doing) const {
  return FromRocksDb(status, doing, advice_);
}

}  // namespace tipgate
