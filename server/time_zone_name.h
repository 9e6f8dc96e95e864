#pragma once

#include "absl/strings/string_view.h"

namespace tipgate {

// True for the name of a time zone of the machine's zone database (IANA), such as Asia/Shanghai.
// Not for what absl takes besides: "localtime", paths and fixed offsets would make the calendar
// depend on the machine, and "Asia//Shanghai" is no name.
//
// Costs a look at the file system, and no memory: absl keeps for ever what it was once asked for,
// so whoever may send names could fill the memory with it. Any thread.
bool IsTimeZoneName(absl::string_view text);

}  // namespace tipgate
