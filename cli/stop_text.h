// What an emergency stop covers, in words.
#pragma once

#include <string>

#include "tipgate/v1/stop.pb.h"

namespace tipgate {

// "everything", or such as "session 9"; empty for none.
std::string ScopeText(const v1::StopScope& scope);

}  // namespace tipgate
