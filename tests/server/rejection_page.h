#pragma once

#include <string>

namespace tipgate {

// docs/rejections.md, as the table of the texts makes it.
std::string RejectionPage();

}  // namespace tipgate
