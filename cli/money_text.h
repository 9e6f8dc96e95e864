// Money for people.
#pragma once

#include <cstdint>
#include <string>

namespace tipgate {

// Minor units with a decimal point before the last two digits and commas: 1234567 is "12,345.67".
// Integer arithmetic only; every int64_t has an exact text.
std::string MoneyText(int64_t amount_minor);

}  // namespace tipgate
