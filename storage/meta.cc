#include "storage/meta.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "storage/advice.h"
#include "storage/rocksdb_status.h"
#include "storage/sealed_value.h"

namespace tipgate {
namespace {

struct MetaNumber {
  int64_t value = 0;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.value);
  }
};

}  // namespace

absl::StatusOr<int64_t> GetMeta(const Database& database, absl::string_view name) {
  std::string bytes;
  const rocksdb::Status status = database.db().Get(
      rocksdb::ReadOptions(), database.family(Family::kMeta), ToSlice(name), &bytes);
  if (status.IsNotFound()) return 0;
  if (!status.ok()) return FromRocksDb(status, absl::StrCat("read the stored ", name));
  MetaNumber number;
  const absl::Status unsealed = Unseal(name, bytes, &number);
  if (!unsealed.ok()) {
    return DamageError(absl::StrCat("the stored ", name, " is damaged: ", unsealed.message()));
  }
  return number.value;
}

void PutMeta(const Database& database, absl::string_view name, int64_t value,
             rocksdb::WriteBatch* batch) {
  ByteBuffer buffer;
  AppendSealed(name, MetaNumber{value}, &buffer);
  // Fails only for a batch with a size limit, which ours have not.
  batch->Put(database.family(Family::kMeta), ToSlice(name), ToSlice(buffer.view()))
      .PermitUncheckedError();
}

}  // namespace tipgate
