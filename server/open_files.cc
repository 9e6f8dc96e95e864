#include "server/open_files.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace tipgate {

absl::Status RaiseOpenFilesLimit(int64_t files_min) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return absl::InternalError(
        absl::StrCat("read the limit of open files: ", std::generic_category().message(errno)));
  }
  if (limit.rlim_max < static_cast<rlim_t>(files_min)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "this process may open ", limit.rlim_max, " files, and needs at least ", files_min,
        "; raise its hard limit (ulimit -Hn, or LimitNOFILE= of the service)"));
  }
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return absl::InternalError(absl::StrCat("raise the limit of open files to ", limit.rlim_max,
                                            ": ", std::generic_category().message(errno)));
  }
  return absl::OkStatus();
}

int OpenFilesMax() {
  rlimit limit{};
  const bool is_known = getrlimit(RLIMIT_NOFILE, &limit) == 0;
  constexpr rlim_t kMost = std::numeric_limits<int>::max();
  return is_known ? static_cast<int>(std::min(limit.rlim_cur, kMost)) : 0;
}

}  // namespace tipgate
