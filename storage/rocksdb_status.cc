#include "storage/rocksdb_status.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "rocksdb/slice.h"
#include "rocksdb/status.h"

namespace tipgate {
namespace {

absl::StatusCode CodeOf(const rocksdb::Status& status) {
  if (status.IsNoSpace()) return absl::StatusCode::kResourceExhausted;
  if (status.IsPathNotFound()) return absl::StatusCode::kDataLoss;
  switch (status.code()) {
    case rocksdb::Status::kNotFound:
      return absl::StatusCode::kNotFound;
    case rocksdb::Status::kCorruption:
      return absl::StatusCode::kDataLoss;
    case rocksdb::Status::kIOError:
      return absl::StatusCode::kUnavailable;
    case rocksdb::Status::kInvalidArgument:
    case rocksdb::Status::kNotSupported:
      return absl::StatusCode::kFailedPrecondition;
    default:  // RocksDB's list grows
      return absl::StatusCode::kInternal;
  }
}

absl::string_view AdviceFor(absl::StatusCode code, absl::string_view damage_advice) {
  switch (code) {
    case absl::StatusCode::kDataLoss:
      return damage_advice;
    case absl::StatusCode::kResourceExhausted:
      return kSpaceAdvice;
    case absl::StatusCode::kUnavailable:
      return kDiskAdvice;
    case absl::StatusCode::kFailedPrecondition:
      return kVersionAdvice;
    default:  // CodeOf gives no other
      return kBugAdvice;
  }
}

}  // namespace

absl::Status FromRocksDb(const rocksdb::Status& status, absl::string_view doing,
                         absl::string_view damage_advice) {
  if (status.ok()) return absl::OkStatus();
  const absl::StatusCode code = CodeOf(status);
  const std::string what = absl::StrCat(doing, ": ", status.ToString());
  if (code == absl::StatusCode::kNotFound) return absl::NotFoundError(what);
  return WithAdvice(code, what, AdviceFor(code, damage_advice));
}

rocksdb::Slice ToSlice(absl::string_view bytes) { return {bytes.data(), bytes.size()}; }
absl::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace tipgate
