// Requests that the oracle has no type of its own for.
#pragma once

#include "tests/differ/fields.h"
#include "tests/oracle/requests.h"

namespace tipgate::differ {

// A dry run.
struct CheckTipRequest {
  oracle::TipRequest tip = {};
};

template <>
struct FieldsOf<CheckTipRequest> {
  static constexpr std::tuple kList{Field{"tip", &CheckTipRequest::tip}};
};

struct CheckRechargeRequest {
  oracle::AuthorizeRechargeRequest recharge = {};
};

template <>
struct FieldsOf<CheckRechargeRequest> {
  static constexpr std::tuple kList{Field{"recharge", &CheckRechargeRequest::recharge}};
};

}  // namespace tipgate::differ
