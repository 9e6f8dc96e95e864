// The rules about recharges, in the order in which they report (rules.md 7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

struct RechargeQuestion {
  std::string app = {};
  int64_t payer_id = 0;
  int64_t amount = 0;
};

Violations RechargeViolations(const World& world, int64_t now_ms, const RechargeQuestion& question);
int64_t RechargeAmountMax(const World& world, int64_t now_ms, RechargeQuestion question);
std::optional<int64_t> RechargeRetryTime(const World& world, int64_t now_ms,
                                         const RechargeQuestion& question);

}  // namespace tipgate::oracle
