// tipctl recharge authorize, check, capture, void, refund, get.
#include <memory>
#include <string>
#include <utility>

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
  record.AddIfSet("recharge",
                  decision.recharge_id() == 0 ? "" : absl::StrCat(decision.recharge_id()));
  record.Add("state", EnumText(decision.state()));
  record.Add("amount", MoneyText(decision.amount_minor()));
  record.Add("would pass next", MoneyText(decision.amount_max_minor()));
  record.Add("day", TotalText(decision.day_total_minor(), decision.day_left_minor()));
  record.Add("month", TotalText(decision.month_total_minor(), decision.month_left_minor()));
  record.AddIfSet("balance",
                  decision.has_balance_minor() ? MoneyText(decision.balance_minor()) : "");
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

ExitCode Check(CommandContext& context, v1::AuthorizeRechargeRequest recharge) {
  v1::CheckRechargeRequest request;
  *request.mutable_recharge() = std::move(recharge);
  const auto response =
      context.client.Call<v1::RechargeService>(&RechargeStub::CheckRecharge, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, DecisionText(response->decision(), false));
  return ExitCodeOf(response->decision().outcome());
}

void AddTo(const v1::Recharge& recharge, Record& record) {
  record.Add("recharge", absl::StrCat(recharge.recharge_id()));
  record.Add("payer", absl::StrCat(recharge.payer_id()));
  record.Add("amount", MoneyText(recharge.amount_minor()));
  record.Add("state", EnumText(recharge.state()));
  record.Add("in balance", recharge.in_balance() ? "yes" : "no");
  record.Add("refunded", MoneyText(recharge.refunded_minor()));
  record.AddIfSet("expires", TimeText(recharge.expire_time()));
  record.AddIfSet("closed", TimeText(recharge.close_time()));
}

ExitCode Refund(CommandContext& context, v1::RefundRechargeRequest request) {
  EnsureKey(context, request);
  const auto response =
      context.client.Call<v1::RechargeService>(&RechargeStub::RefundRecharge, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("goes back", MoneyText(response->amount_minor()));
  record.Add("balance", MoneyText(response->balance_minor()));
  AddTo(response->recharge(), record);
  record.Add("decided", TimeText(response->decide_time()));
  record.Add("policy version", absl::StrCat(response->policy_version()));
  context.output.Print(*response, record.Render());
  return kExitOk;
}

ExitCode Get(CommandContext& context, const v1::GetRechargeRequest& request) {
  const auto response =
      context.client.Call<v1::RechargeService>(&RechargeStub::GetRecharge, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  AddTo(response->recharge(), record);
  context.output.Print(*response, record.Render());
  return kExitOk;
}

// What is asked for, and whether it is done or only checked.
void AddAuthorize(CLI::App& authorize, Command& chosen,
                  ExitCode (*run)(CommandContext& context, v1::AuthorizeRechargeRequest request)) {
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
  authorize.callback([request, run, &chosen] {
    chosen = [request, run](CommandContext& context) { return run(context, *request); };
  });
}

void AddRefund(CLI::App& refund, Command& chosen) {
  using v1::RefundRechargeRequest;
  const auto request = std::make_shared<RefundRechargeRequest>();
  AddNumber(refund, "RECHARGE", request, &RefundRechargeRequest::set_recharge_id,
            "The recharge's id")
      ->required();
  AddNumber(refund, "--amount-minor", request, &RefundRechargeRequest::set_amount_minor,
            "What goes back, in minor units (fen)")
      ->required();
  AddText(
      refund, "--case", [request](const std::string& text) { request->set_case_reference(text); },
      "The case, a reference into your own files")
      ->required();
  AddText(
      refund, "--reason", [request](const std::string& text) { request->set_reason(text); }, "Why")
      ->required();
  AddKey(refund, [request](const std::string& key) { request->set_idempotency_key(key); });
  refund.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Refund(context, *request); };
  });
}

void AddGet(CLI::App& get, Command& chosen) {
  const auto request = std::make_shared<v1::GetRechargeRequest>();
  AddNumber(get, "RECHARGE", request, &v1::GetRechargeRequest::set_recharge_id, "The recharge's id")
      ->required();
  get.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Get(context, *request); };
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
  CLI::App& recharge =
      *root.add_subcommand("recharge", "Authorize, capture, void, refund, look at a recharge");
  recharge.require_subcommand(1);
  AddAuthorize(*recharge.add_subcommand("authorize", "Ask before the payment channel"), chosen,
               &Authorize);
  AddAuthorize(*recharge.add_subcommand("check", "What would be decided; nothing is counted"),
               chosen, &Check);
  AddFollowUp(*recharge.add_subcommand("capture", "The channel has been paid"), chosen, &Capture);
  AddFollowUp(*recharge.add_subcommand("void", "The channel has failed"), chosen, &Void);
  AddRefund(*recharge.add_subcommand("refund", "Give back what is unspent of the balance"), chosen);
  AddGet(*recharge.add_subcommand("get", "One recharge as it is now"), chosen);
}

}  // namespace tipgate
