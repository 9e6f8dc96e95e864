// tipctl payer limits, preferences, confirm, freeze, unfreeze, cool-off: what holds one payer back.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/decision_text.h"
#include "cli/enum_text.h"
#include "cli/limit_text.h"
#include "cli/options.h"
#include "cli/table.h"
#include "cli/time_text.h"
#include "tipgate/v1/payer.grpc.pb.h"

namespace tipgate {
namespace {

using PayerStub = v1::PayerService::Stub;

// The payer and the key that each of these requests has.
template <typename Request>
void AddPayer(CLI::App& command, std::shared_ptr<Request> request) {
  AddNumber(command, "PAYER", request, &Request::set_payer_id, "The natural person")->required();
  AddKey(command, [request](const std::string& key) { request->set_idempotency_key(key); });
}

v1::SelfLimitChange ParseChange(const std::string& name, const std::string& text) {
  v1::SelfLimitChange change;
  if (text == "none") {
    change.set_kind(v1::SELF_LIMIT_CHANGE_KIND_REMOVE);
  } else if (text == "withdraw") {
    change.set_kind(v1::SELF_LIMIT_CHANGE_KIND_WITHDRAW_RAISE);
  } else {
    change.set_kind(v1::SELF_LIMIT_CHANGE_KIND_SET);
    change.set_limit_minor(ParseNumber<int64_t>(name, text));
  }
  return change;
}

void AddChange(CLI::App& command, const std::string& name,
               v1::SelfLimitChange* (*mutable_change)(v1::SetSelfLimitsRequest&),
               const std::shared_ptr<v1::SetSelfLimitsRequest>& request) {
  command
      .add_option_function<std::string>(
          name,
          [name, mutable_change, request](const std::string& text) {
            *mutable_change(*request) = ParseChange(name, text);
          },
          "Minor units; 'none' removes it, 'withdraw' takes back a raise that waits")
      ->type_name("LIMIT");
}

ExitCode SetLimits(CommandContext& context, v1::SetSelfLimitsRequest request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::PayerService>(&PayerStub::SetSelfLimits, request);
  if (!response.ok()) return Fail(context, response.status());
  const v1::SelfLimits& limits = response->self_limits();
  Record record;
  record.Add("payer", absl::StrCat(response->payer_id()));
  record.Add("outcome", EnumText(response->outcome()));
  record.Add("own tip limit", SelfLimitText(limits.tip_max()));
  record.Add("own day limit", SelfLimitText(limits.day_limit()));
  record.Add("own month limit", SelfLimitText(limits.month_limit()));
  context.output.Print(*response,
                       absl::StrCat(record.Render(), ViolationsText(response->violations())));
  return ExitCodeOf(response->outcome());
}

void AddLimits(CLI::App& limits, Command& chosen) {
  const auto request = std::make_shared<v1::SetSelfLimitsRequest>();
  AddPayer(limits, request);
  using Request = v1::SetSelfLimitsRequest;
  AddChange(
      limits, "--tip-max-minor", [](Request& set) { return set.mutable_tip_max(); }, request);
  AddChange(
      limits, "--day-limit-minor", [](Request& set) { return set.mutable_day_limit(); }, request);
  AddChange(
      limits, "--month-limit-minor", [](Request& set) { return set.mutable_month_limit(); },
      request);
  AddText(
      limits, "--token",
      [request](const std::string& token) { request->set_confirmation_token(token); },
      "Of a completed confirmation with scope SELF_LIMITS; to raise or remove");
  limits.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return SetLimits(context, *request); };
  });
}

ExitCode SetPreferences(CommandContext& context, v1::SetPreferencesRequest request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::PayerService>(&PayerStub::SetPreferences, request);
  if (!response.ok()) return Fail(context, response.status());
  const v1::Preferences& preferences = response->preferences();
  Record record;
  record.Add("payer", absl::StrCat(response->payer_id()));
  record.Add("outcome", EnumText(response->outcome()));
  record.Add("reminders", preferences.reminders() ? "on" : "off");
  record.Add("public display", preferences.public_display_allowed() ? "allowed" : "no");
  context.output.Print(*response,
                       absl::StrCat(record.Render(), ViolationsText(response->violations())));
  return ExitCodeOf(response->outcome());
}

void AddSwitch(CLI::App& command, const std::string& name, const std::string& help,
               const std::shared_ptr<v1::SetPreferencesRequest>& request,
               void (v1::SetPreferencesRequest::*set)(bool)) {
  command
      .add_option_function<std::string>(
          name, [request, set](const std::string& text) { (*request.*set)(text == "on"); }, help)
      ->check(CLI::IsMember({"on", "off"}));
}

void AddPreferences(CLI::App& preferences, Command& chosen) {
  using Request = v1::SetPreferencesRequest;
  const auto request = std::make_shared<Request>();
  AddPayer(preferences, request);
  AddSwitch(preferences, "--reminders", "on or off; off needs --token", request,
            &Request::set_reminders);
  AddSwitch(preferences, "--public-display", "on or off: whether their tips may be shown", request,
            &Request::set_public_display_allowed);
  AddText(
      preferences, "--token",
      [request](const std::string& token) { request->set_confirmation_token(token); },
      "Of a completed confirmation with scope REMINDERS; to switch reminders off");
  preferences.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return SetPreferences(context, *request); };
  });
}

// One command for both ends of a confirmation.
struct ConfirmOptions {
  int64_t payer_id = 0;
  std::string key;
  v1::ConfirmationScope scope = v1::CONFIRMATION_SCOPE_UNSPECIFIED;
  std::string token;
  std::string proof;
};

template <typename Request>
Request MakeConfirmation(const CommandContext& context, const ConfirmOptions& options) {
  Request request;
  request.set_idempotency_key(options.key);
  request.set_payer_id(options.payer_id);
  request.set_scope(options.scope);
  EnsureKey(context, request);
  return request;
}

ExitCode StartConfirmation(CommandContext& context, const ConfirmOptions& options) {
  const auto request = MakeConfirmation<v1::StartConfirmationRequest>(context, options);
  const auto response =
      context.client.Call<v1::PayerService>(&PayerStub::StartConfirmation, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("payer", absl::StrCat(response->payer_id()));
  record.Add("scope", EnumText(response->scope()));
  record.Add("token", response->token());
  record.Add("expires", TimeText(response->expire_time()));
  context.output.Print(*response, record.Render());
  return kExitOk;
}

ExitCode CompleteConfirmation(CommandContext& context, const ConfirmOptions& options) {
  auto request = MakeConfirmation<v1::CompleteConfirmationRequest>(context, options);
  request.set_token(options.token);
  request.set_proof_reference(options.proof);
  const auto response =
      context.client.Call<v1::PayerService>(&PayerStub::CompleteConfirmation, request);
  if (!response.ok()) return Fail(context, response.status());
  const bool is_refused = response->outcome() == v1::OUTCOME_REJECTED;
  Record record;
  record.Add("payer", absl::StrCat(response->payer_id()));
  record.Add("scope", EnumText(response->scope()));
  record.Add("outcome", EnumText(response->outcome()));
  record.AddIfSet("refusal", EnumText(response->refusal()));
  record.AddIfSet("attempts left", is_refused ? absl::StrCat(response->attempts_left()) : "");
  context.output.Print(*response, record.Render());
  return ExitCodeOf(response->outcome());
}

void AddConfirm(CLI::App& confirm, Command& chosen) {
  const auto options = std::make_shared<ConfirmOptions>();
  confirm
      .add_option_function<std::string>(
          "PAYER",
          [options](const std::string& text) {
            options->payer_id = ParseNumber<int64_t>("PAYER", text);
          },
          "The natural person")
      ->type_name("INT")
      ->required();
  AddKey(confirm, [options](const std::string& key) { options->key = key; });
  confirm
      .add_option_function<std::string>(
          "--scope",
          [options](const std::string& text) {
            options->scope = ValueOrThrow("--scope", ParseEnumText<v1::ConfirmationScope>(text));
          },
          "DAY_GATE, MONTH_GATE, SELF_LIMITS or REMINDERS")
      ->type_name("SCOPE")
      ->required();
  CLI::Option* token = AddText(
      confirm, "--token", [options](const std::string& text) { options->token = text; },
      "Completes the confirmation that gave this token; starts one if left out");
  CLI::Option* proof = AddText(
      confirm, "--proof", [options](const std::string& text) { options->proof = text; },
      "Where the platform keeps the proof that the payer has confirmed");
  token->needs(proof);
  proof->needs(token);
  confirm.callback([options, token, &chosen] {
    const bool completes = token->count() > 0;
    chosen = [options, completes](CommandContext& context) {
      return completes ? CompleteConfirmation(context, *options)
                       : StartConfirmation(context, *options);
    };
  });
}

ExitCode Freeze(CommandContext& context, v1::FreezePayerRequest request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::PayerService>(&PayerStub::FreezePayer, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("payer", absl::StrCat(response->payer_id()));
  record.Add("frozen for", response->freeze().case_reference());
  context.output.Print(*response, record.Render());
  return kExitOk;
}

std::string FrozenText(const v1::UnfreezePayerResponse& response) {
  if (!response.frozen()) return "no";
  return response.unfreeze_approver().empty() ? "yes, for another case"
                                              : "yes, until a second person agrees";
}

ExitCode Unfreeze(CommandContext& context, v1::UnfreezePayerRequest request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::PayerService>(&PayerStub::UnfreezePayer, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("payer", absl::StrCat(response->payer_id()));
  record.Add("frozen", FrozenText(*response));
  record.AddIfSet("agreed", response->unfreeze_approver());
  context.output.Print(*response, record.Render());
  return kExitOk;
}

// Both have a payer and a case.
template <typename Request>
void AddFreeze(CLI::App& command, ExitCode (*run)(CommandContext&, Request), Command& chosen) {
  const auto request = std::make_shared<Request>();
  AddPayer(command, request);
  AddText(
      command, "--case", [request](const std::string& text) { request->set_case_reference(text); },
      "The case, a reference into the platform's own files; never a person's name")
      ->required();
  command.callback([request, run, &chosen] {
    chosen = [request, run](CommandContext& context) { return run(context, *request); };
  });
}

ExitCode CoolOff(CommandContext& context, v1::StartCoolingOffRequest request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::PayerService>(&PayerStub::StartCoolingOff, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("payer", absl::StrCat(response->payer_id()));
  record.Add("cools off until", TimeText(response->cooling_off_end_time()));
  context.output.Print(*response, record.Render());
  return kExitOk;
}

void AddCoolOff(CLI::App& command, Command& chosen) {
  const auto request = std::make_shared<v1::StartCoolingOffRequest>();
  AddPayer(command, request);
  AddDuration(
      command, "--for",
      [request](absl::Duration length) { *request->mutable_duration() = ToProto(length); },
      "1s .. 30d")
      ->required();
  command.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return CoolOff(context, *request); };
  });
}

}  // namespace

void AddPayerControlCommands(CLI::App& payer, Command& chosen) {
  AddLimits(*payer.add_subcommand("limits", "Change limits that the payer sets for themself"),
            chosen);
  AddPreferences(*payer.add_subcommand("preferences", "Reminders, and whether tips may be shown"),
                 chosen);
  AddConfirm(*payer.add_subcommand("confirm", "Start a confirmation, or complete it with --token"),
             chosen);
  AddFreeze(*payer.add_subcommand("freeze", "Refuse all their payments, for a case"), Freeze,
            chosen);
  AddFreeze(*payer.add_subcommand("unfreeze", "Agree to end a freeze; two people must"), Unfreeze,
            chosen);
  AddCoolOff(*payer.add_subcommand("cool-off", "Refuse their tips for a while"), chosen);
}

}  // namespace tipgate
