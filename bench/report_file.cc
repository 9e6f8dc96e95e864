#include "bench/report_file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace tipgate {

absl::StatusOr<ReportFile> ReportFile::Open(const std::string& path) {
  if (std::ofstream(path, std::ios::app)) return ReportFile(path);
  return absl::FailedPreconditionError(
      absl::StrCat("cannot write ", path, ": ", std::generic_category().message(errno)));
}

absl::Status ReportFile::Write(absl::string_view report) {
  std::ofstream file(path_);
  if (file << report << std::flush) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write ", path_));
}

}  // namespace tipgate
