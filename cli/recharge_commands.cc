// tipctl recharge authorize, capture, void.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/decision_text.h"
#include "cli/enum_text.h"
#include "cli/money_text.h"
#include "cli/options.h"
#include "cli/table.h"
#include "cli/time_text.h"
#include "tipgate/v1/recharge.grpc.pb.h"

namespace tipgate {
namespace {

using RechargeStub = v1::RechargeService::Stub;

std::string DecisionText(const v1::RechargeDecision& decision, bool return_money) {
  Record record;
  record.Add("outcome", EnumText(decision.outcome()));
  record.AddIfSet("return money", return_money ? "yes: give it back to the payer" : "");
  record.Add("recharge", absl::StrCat(decision.recharge_id()));
  record.Add("state", EnumText(decision.state()));
  record.Add("amount", MoneyText(decision.amount_minor()));
  record.Add("would pass next", MoneyText(decision.amount_max_minor()));
  record.Add("day", TotalText(decision.day_total_minor(), decision.day_left_minor()));
  record.Add("month", TotalText(decision.month_total_minor(), decision.month_left_minor()));
  record.AddIfSet("expires", TimeText(decision.expire_time()));
  record.AddIfSet("passes from", TimeText(decision.retry_time()));
  record.Add("decided", TimeText(decision.decide_time()));
  record.Add("policy version", absl::StrCat(decision.policy_version()));
  return record.Render() + ViolationsText(decision.violations());
}

ExitCode Authorize(CommandContext& context, v1::AuthorizeRechargeRequest request) {
  EnsureKey(context, request);
  const auto response =
      context.client.Call<v1::RechargeService>(&RechargeStub::AuthorizeRecharge, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, DecisionText(response->decision(), false));
  return ExitCodeOf(response->decision().outcome());
}

ExitCode Capture(CommandContext& context, v1::CaptureRechargeRequest request) {
  EnsureKey(context, request);
  const auto response =
      context.client.Call<v1::RechargeService>(&RechargeStub::CaptureRecharge, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, DecisionText(response->decision(), response->return_money()));
  return ExitCodeOf(response->decision().outcome());
}

ExitCode Void(CommandContext& context, v1::VoidRechargeRequest request) {
  EnsureKey(context, request);
  const auto response =
      context.client.Call<v1::RechargeService>(&RechargeStub::VoidRecharge, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, DecisionText(response->decision(), false));
  return kExitOk;
}

void AddAuthorize(CLI::App& authorize, Command& chosen) {
  using v1::AuthorizeRechargeRequest;
  const auto request = std::make_shared<AuthorizeRechargeRequest>();
  AddNumber(authorize, "--payer", request, &AuthorizeRechargeRequest::set_payer_id, "Who pays")
      ->required();
  AddNumber(authorize, "--amount-minor", request, &AuthorizeRechargeRequest::set_amount_minor,
            "Amount in minor units (fen)")
      ->required();
  AddDuration(
      authorize, "--hold",
      [request](absl::Duration hold) { *request->mutable_hold_duration() = ToProto(hold); },
      "How long it is held; the policy's time if left out");
  AddTime(
      authorize, "--create-time",
      [request](const google::protobuf::Timestamp& time) {
        *request->mutable_create_time() = time;
      },
      "When the payer wished it");
  AddKey(authorize, [request](const std::string& key) { request->set_idempotency_key(key); });
  authorize.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Authorize(context, *request); };
  });
}

// Capture and void take the same line.
template <typename Request>
void AddFollowUp(CLI::App& command, Command& chosen,
                 ExitCode (*run)(CommandContext& context, Request request)) {
  const auto request = std::make_shared<Request>();
  AddNumber(command, "RECHARGE", request, &Request::set_recharge_id, "The recharge's id")
      ->required();
  AddKey(command, [request](const std::string& key) { request->set_idempotency_key(key); });
  command.callback([request, run, &chosen] {
    chosen = [request, run](CommandContext& context) { return run(context, *request); };
  });
}

}  // namespace

void AddRechargeCommands(CLI::App& root, Command& chosen) {
  CLI::App& recharge = *root.add_subcommand("recharge", "Authorize, capture or void a recharge");
  recharge.require_subcommand(1);
  AddAuthorize(*recharge.add_subcommand("authorize", "Ask before the payment channel"), chosen);
  AddFollowUp(*recharge.add_subcommand("capture", "The channel has been paid"), chosen, &Capture);
  AddFollowUp(*recharge.add_subcommand("void", "The channel has failed"), chosen, &Void);
}

}  // namespace tipgate
