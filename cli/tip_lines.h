// Tips from a file: TipIntent messages as protobuf JSON, one a line. Empty lines are passed over.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

struct TipLine {
  int64_t number = 0;  // >= 1
  v1::TipIntent intent;
};

// All tips of a file, or of standard input if `path` is empty. What cannot be read and a line that
// is no TipIntent are errors that name the file and the line. What the values may be is the gate's
// business.
absl::StatusOr<std::vector<TipLine>> ReadTipLines(const std::string& path);

}  // namespace tipgate
