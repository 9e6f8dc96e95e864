#include "core/rules/payer_blocks.h"

#include "core/rules/cooling_off.h"
#include "core/rules/payer_rules.h"

namespace tipgate {
namespace {

// What the rules about who pays look at.
struct PayerContext {
  const Moment& now;
  const Policy& policy;
  const Payer* payer;
  const PayerControls* controls;
  const MinorLimits* minor_limits;
};

bool CoolsOff(const PayerContext& context, Violation*) {
  return RefusesTips(context.policy.cooling_off, context.controls, context.now.time_ms);
}

struct PayerRule {
  RejectionCode code;
  bool (*refuses)(const PayerContext& context, Violation* violation);
};

constexpr PayerRule kRules[] = {
    {RejectionCode::kMinorBlocked, MinorBlocked},
    {RejectionCode::kYouthMode, YouthMode},
    {RejectionCode::kRealNameRequired, RealNameRequired},
    {RejectionCode::kPayerFrozen, PayerFrozen},
    {RejectionCode::kPayerPaused, PayerPaused},
    {RejectionCode::kCoolingOff, CoolsOff},
};

}  // namespace

std::vector<RejectionCode> RulesAgainst(const Payer& payer, const PayerControls& controls,
                                        const Policy& policy, const Moment& now) {
  const PayerContext context{.now = now,
                             .policy = policy,
                             .payer = &payer,
                             .controls = &controls,
                             .minor_limits = LimitsOfMinor(&payer, policy, now)};
  std::vector<RejectionCode> codes;
  for (const PayerRule& rule : kRules) {
    Violation violation;
    if (rule.refuses(context, &violation)) codes.push_back(rule.code);
  }
  return codes;
}

}  // namespace tipgate
