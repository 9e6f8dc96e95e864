#include "server/rejection_handler.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_split.h"
#include "core/rules/recharge_rules.h"
#include "core/rules/session_rules.h"
#include "core/rules/tip_rules.h"
#include "server/call_error.h"
#include "server/rejection_texts.h"
#include "server/rpc_job.h"

namespace tipgate {
namespace {

template <typename Rules>
bool AnyRefusesWith(v1::RejectionCode code, const Rules& rules) {
  return std::any_of(rules.begin(), rules.end(), [&](const auto& rule) {
    return static_cast<v1::RejectionCode>(rule.code) == code;
  });
}

void FillText(const RejectionTextEntry& entry, v1::RejectionText* out) {
  out->set_code(entry.code);
  for (const absl::string_view id : absl::StrSplit(entry.rule_ids, ' ')) {
    out->add_rule_ids(std::string(id));
  }
  for (const absl::string_view source : absl::StrSplit(entry.sources, ' ')) {
    out->add_sources(std::string(source));
  }
  out->set_refuses_tips(AnyRefusesWith(entry.code, TipRules()));
  out->set_refuses_recharges(AnyRefusesWith(entry.code, RechargeRules()));
  out->set_refuses_sessions(AnyRefusesWith(entry.code, SessionRules()));
  out->set_viewer_zh(std::string(entry.viewer_zh));
  out->set_viewer_en(std::string(entry.viewer_en));
  out->set_staff_zh(std::string(entry.staff_zh));
  out->set_staff_en(std::string(entry.staff_en));
}

}  // namespace

v1::ListRejectionCodesResponse ListRejectionCodes(v1::RejectionCode code) {
  v1::ListRejectionCodesResponse response;
  for (const RejectionTextEntry& entry : RejectionTexts()) {
    if (code == v1::REJECTION_CODE_UNSPECIFIED || code == entry.code) {
      FillText(entry, response.add_texts());
    }
  }
  return response;
}

RpcHandler ListRejectionCodesHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    v1::ListRejectionCodesRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    if (!v1::RejectionCode_IsValid(message.code())) {
      return RefuseMalformed(context, rpc.get(), InvalidField("code", "no such rejection code"));
    }
    rpc->Reply(ListRejectionCodes(message.code()));
  };
}

}  // namespace tipgate
