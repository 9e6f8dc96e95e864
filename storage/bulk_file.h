#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "storage/advice.h"
#include "storage/database.h"

namespace rocksdb {
class Slice;
class SstFileWriter;
class Status;
}  // namespace rocksdb

namespace tipgate {

// Many rows of one family that become a file of the database as a whole, past log and memtable,
// whose search would cost several times as much for each. One thread; one at a time for a family.
class BulkFile {
 public:
  // From here on a file is cheaper than a batch.
  static constexpr size_t kRowsMin = 4096;

  // `advice`: what to do about damage. `database` outlives this.
  BulkFile(const Database* database, Family family, absl::string_view advice = kRestoreAdvice);
  ~BulkFile();

  // Tells that rows of the family were written to the log. Nobody else may write any.
  void NoteUnflushed() { has_unflushed_ = true; }

  // Rows between Begin and Finish come in ascending order, each key once. They are all synced and
  // visible once Finish returns OK; after an error none is.
  absl::Status Begin();
  absl::Status Put(const rocksdb::Slice& key, const rocksdb::Slice& value);
  absl::Status Delete(const rocksdb::Slice& key);
  absl::Status Finish();

 private:
  absl::Status Fault(const rocksdb::Status& status, absl::string_view doing) const;

  const Database* database_;
  const Family family_;
  const absl::string_view advice_;
  const std::string path_;  // of a file that is not the database's yet
  bool has_unflushed_ = false;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
};

}  // namespace tipgate
