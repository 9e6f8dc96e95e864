// tipctl tip capture, void, refund.
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/tip_text.h"
#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {
namespace {

using TipStub = v1::TipService::Stub;

template <auto kMethod, typename Request>
ExitCode Change(CommandContext& context, Request request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::TipService>(kMethod, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, TipChangeText(response->change()));
  return ExitCodeOf(response->change().outcome());
}

template <auto kMethod, typename Request>
std::shared_ptr<Request> AddChange(CLI::App& command, Command& chosen) {
  const auto request = std::make_shared<Request>();
  AddNumber(command, "TIP", request, &Request::set_tip_id, "The tip")->required();
  AddKey(command, [request](const std::string& key) { request->set_idempotency_key(key); });
  command.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Change<kMethod>(context, *request); };
  });
  return request;
}

void AddCapture(CLI::App& command, Command& chosen) {
  const auto request = AddChange<&TipStub::CaptureTip, v1::CaptureTipRequest>(command, chosen);
  AddNumber(command, "--amount-minor", request, &v1::CaptureTipRequest::set_amount_minor,
            "How much in minor units (fen); all if left out");
}

void AddRefund(CLI::App& command, Command& chosen) {
  const auto request = AddChange<&TipStub::RefundTip, v1::RefundTipRequest>(command, chosen);
  CLI::Option_group& part = *command.add_option_group("how much", "Exactly one");
  AddNumber(part, "--amount-minor", request, &v1::RefundTipRequest::set_amount_minor,
            "In minor units (fen)");
  AddNumber(part, "--permille", request, &v1::RefundTipRequest::set_permille,
            "Thousandths of what was captured; 1000 is all");
  part.require_option(1);
  AddText(
      command, "--case", [request](const std::string& text) { request->set_case_reference(text); },
      "The case, a reference into the platform's own files; never a person's name")
      ->required();
  AddText(
      command, "--reason", [request](const std::string& text) { request->set_reason(text); },
      "Why; never a person's name")
      ->required();
}

}  // namespace

void AddTipChangeCommands(CLI::App& tip, Command& chosen) {
  AddCapture(*tip.add_subcommand("capture", "Pay a held tip, all of it or less"), chosen);
  AddChange<&TipStub::VoidTip, v1::VoidTipRequest>(
      *tip.add_subcommand("void", "Take a held tip back, or one within its remorse window"),
      chosen);
  AddRefund(*tip.add_subcommand("refund", "Give money of a tip back"), chosen);
}

}  // namespace tipgate
