// Runs the real tipctl and collects what it says.
#pragma once

#include <string>
#include <vector>

namespace tipgate {

struct ProcessResult {
  int exit_code = -1;  // -1 if a signal ended it.
  std::string out;
  std::string err;
};

// Runs tipctl to its end. `environment` entries such as "TZ=UTC" are the only variables it sees.
// Its standard output goes to `out_path` if there is one, and into the result otherwise; its
// standard input is `in_path`.
ProcessResult RunTipctl(const std::vector<std::string>& arguments,
                        const std::vector<std::string>& environment,
                        const std::string& out_path = "", const std::string& in_path = "/dev/null");

}  // namespace tipgate
