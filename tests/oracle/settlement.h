// When income settles (rules.md 6).
#pragma once

#include <cstdint>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

// The longest of the delays that apply to this amount in this session.
int64_t SettleDelay(const World& world, int64_t session_id, int64_t amount);

// Settles what is pending and due.
void SettleDue(World& world, int64_t now_ms);

}  // namespace tipgate::oracle
