#pragma once

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace tipgate {

// What an operator does next, each written once: a message of storage/ is "what is wrong; advice".
inline constexpr char kRestoreAdvice[] = "restore the data directory from a backup";
inline constexpr char kRebuildKeysAdvice[] =
    "start with --rebuild-keys, which makes the key index anew from the journal";
inline constexpr char kSpaceAdvice[] = "free some space, then start again";
inline constexpr char kDiskAdvice[] =
    "check the disk, and that the user of this process may write there, then start again";
inline constexpr char kVersionAdvice[] =
    "start the tipgate that made the data directory, or a newer one";
inline constexpr char kBugAdvice[] = "start again, and report it if it comes back";

inline absl::Status WithAdvice(absl::StatusCode code, absl::string_view what,
                               absl::string_view advice) {
  return absl::Status(code, absl::StrCat(what, "; ", advice));
}

// DATA_LOSS of what only a backup has.
inline absl::Status DamageError(absl::string_view what) {
  return WithAdvice(absl::StatusCode::kDataLoss, what, kRestoreAdvice);
}

}  // namespace tipgate
