#include "tests/differ/text.h"

namespace tipgate::differ {

std::string Text(oracle::Code code) { return absl::StrCat("T", static_cast<int>(code)); }

}  // namespace tipgate::differ
