#pragma once

#include <cstdint>
#include <string>

namespace tipgate {

// Numbers of the evening for people: 1,234,567 and, for fen, ¥12,345.67.
std::string EveningCount(int64_t count);
std::string EveningMoney(int64_t minor);

}  // namespace tipgate
