#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tipgate {

// The file that a report goes to after a long run: tried before it, so that a wrong name costs
// nobody a run. What the file held stays there until the report comes.
class ReportFile {
 public:
  // FAILED_PRECONDITION if the file cannot be written; the message names it and the cause.
  static absl::StatusOr<ReportFile> Open(const std::string& path);

  // Makes `report` all that the file holds. UNAVAILABLE if it cannot.
  absl::Status Write(absl::string_view report);

 private:
  explicit ReportFile(const std::string& path) : path_(path) {}

  std::string path_;
};

}  // namespace tipgate
