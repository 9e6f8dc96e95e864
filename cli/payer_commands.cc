// tipctl payer put, pause, get.
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/decision_text.h"
#include "cli/enum_text.h"
#include "cli/facts_options.h"
#include "cli/limit_text.h"
#include "cli/money_text.h"
#include "cli/options.h"
#include "cli/table.h"
#include "cli/time_text.h"
#include "tipgate/v1/payer.grpc.pb.h"

namespace tipgate {
namespace {

using PayerStub = v1::PayerService::Stub;

// Of a Payer, or a PutPayerResponse: both have id, facts and update time.
template <typename Message>
Record FactsRecord(const Message& message) {
  Record record;
  record.Add("payer", absl::StrCat(message.payer_id()));
  AddFactsLines(message.facts(), record);
  record.Add("guardian consent", message.facts().guardian_consent() ? "yes" : "no");
  record.Add("youth mode", message.facts().youth_mode() ? "on" : "off");
  record.AddIfSet("payer tier", message.facts().tier());
  record.AddIfSet("guardian's limits", LimitsText(message.facts().guardian_limits()));
  record.AddIfSet("risk limits", LimitsText(message.facts().risk_limits()));
  record.Add("updated", TimeText(message.update_time()));
  return record;
}

void AddUsage(const std::string& name, const v1::Usage& usage, Table& table) {
  table.AddRow({name, MoneyText(usage.limit_minor()), EnumText(usage.origin()),
                MoneyText(usage.used_minor()), MoneyText(usage.left_minor()),
                TimeText(usage.reset_time())});
}

std::string GateText(const v1::ConfirmationGate& gate) {
  return absl::StrCat(MoneyText(gate.threshold_minor()),
                      gate.passed() ? ", confirmed" : ", not confirmed");
}

// What holds the payer back now.
void AddControls(const v1::Payer& payer, Record& record) {
  const v1::SelfLimits& own = payer.self_limits();
  record.AddIfSet("balance", payer.has_balance_minor() ? MoneyText(payer.balance_minor()) : "");
  record.Add("reminders", payer.preferences().reminders() ? "on" : "off");
  record.Add("public display", payer.preferences().public_display_allowed() ? "allowed" : "no");
  record.AddIfSet("own tip limit", SelfLimitText(own.tip_max()));
  record.AddIfSet("own day limit", SelfLimitText(own.day_limit()));
  record.AddIfSet("own month limit", SelfLimitText(own.month_limit()));
  record.AddIfSet("day gate", payer.has_day_gate() ? GateText(payer.day_gate()) : "");
  record.AddIfSet("month gate", payer.has_month_gate() ? GateText(payer.month_gate()) : "");
  if (payer.has_pause_end_time()) record.Add("paused until", TimeText(payer.pause_end_time()));
  if (payer.has_cooling_off_end_time()) {
    record.Add("cools off until", TimeText(payer.cooling_off_end_time()));
  }
  for (const v1::PayerFreeze& freeze : payer.freezes()) {
    record.Add("frozen for", freeze.case_reference());
    record.AddIfSet("unfreezing agreed", freeze.unfreeze_approver());
  }
  record.AddIfSet("refused by", RejectionCodesText(payer.refused_by()));
}

std::string PayerText(const v1::Payer& payer) {
  Table usages({{"TOTAL"},
                {"LIMIT", Align::kRight},
                {"LIMIT FROM"},
                {"USED", Align::kRight},
                {"LEFT", Align::kRight},
                {"STARTS AGAIN"}});
  usages.AddRow(
      {"one tip", MoneyText(payer.tip_max().limit_minor()), EnumText(payer.tip_max().origin())});
  usages.AddRow({"one recharge", MoneyText(payer.recharge_max().limit_minor()),
                 EnumText(payer.recharge_max().origin())});
  AddUsage("tips, day", payer.tip_day(), usages);
  AddUsage("tips, month", payer.tip_month(), usages);
  AddUsage("recharges, day", payer.recharge_day(), usages);
  AddUsage("recharges, month", payer.recharge_month(), usages);
  Record record = FactsRecord(payer);
  AddControls(payer, record);
  return absl::StrCat(record.Render(), "\n", usages.Render());
}

ExitCode Put(CommandContext& context, v1::PutPayerRequest request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::PayerService>(&PayerStub::PutPayer, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, FactsRecord(*response).Render());
  return kExitOk;
}

ExitCode Get(CommandContext& context, const v1::GetPayerRequest& request) {
  const auto response = context.client.Call<v1::PayerService>(&PayerStub::GetPayer, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, PayerText(response->payer()));
  return kExitOk;
}

// --guardian-tip-max-minor and so on.
void AddPayerLimits(CLI::App& put, const std::string& prefix, const std::string& whose,
                    const std::function<v1::PayerLimits*()>& limits) {
  const auto add = [&](const std::string& name, void (v1::PayerLimits::*set)(int64_t)) {
    put.add_option_function<std::string>(
           name,
           [name, set, limits](const std::string& text) {
             (limits()->*set)(ParseNumber<int64_t>(name, text));
           },
           absl::StrCat("A limit that ", whose))
        ->type_name("INT");
  };
  add(prefix + "-tip-max-minor", &v1::PayerLimits::set_tip_max_minor);
  add(prefix + "-day-limit-minor", &v1::PayerLimits::set_day_limit_minor);
  add(prefix + "-month-limit-minor", &v1::PayerLimits::set_month_limit_minor);
}

void AddPut(CLI::App& put, Command& chosen) {
  const auto request = std::make_shared<v1::PutPayerRequest>();
  AddNumber(put, "PAYER", request, &v1::PutPayerRequest::set_payer_id, "The natural person")
      ->required();
  const std::shared_ptr<v1::PayerFacts> facts(request, request->mutable_facts());
  AddFacts(put, facts);
  put.add_flag_function(
      "--guardian-consent", [facts](int64_t) { facts->set_guardian_consent(true); },
      "A guardian of a minor has consented to payments");
  put.add_flag_function(
      "--youth-mode", [facts](int64_t) { facts->set_youth_mode(true); },
      "The youth mode is on: nothing is paid");
  put.add_option_function<std::string>(
         "--tier", [facts](const std::string& tier) { facts->set_tier(tier); },
         "The payer's tier among the policy's payer_tiers")
      ->type_name("TIER");
  AddPayerLimits(put, "--guardian", "a guardian has set",
                 [facts] { return facts->mutable_guardian_limits(); });
  AddPayerLimits(put, "--risk", "risk control has set",
                 [facts] { return facts->mutable_risk_limits(); });
  AddKey(put, [request](const std::string& key) { request->set_idempotency_key(key); });
  put.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Put(context, *request); };
  });
}

ExitCode Pause(CommandContext& context, v1::PausePayerRequest request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::PayerService>(&PayerStub::PausePayer, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("payer", absl::StrCat(response->payer_id()));
  record.Add("paused until", TimeText(response->pause_end_time()));
  context.output.Print(*response, record.Render());
  return kExitOk;
}

void AddPause(CLI::App& pause, Command& chosen) {
  const auto request = std::make_shared<v1::PausePayerRequest>();
  AddNumber(pause, "PAYER", request, &v1::PausePayerRequest::set_payer_id, "The natural person")
      ->required();
  AddDuration(
      pause, "--for",
      [request](absl::Duration length) { *request->mutable_duration() = ToProto(length); },
      "24h, 7d, 30d or 42d; 184d or more to exclude")
      ->required();
  AddKey(pause, [request](const std::string& key) { request->set_idempotency_key(key); });
  pause.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Pause(context, *request); };
  });
}

void AddGet(CLI::App& get, Command& chosen) {
  const auto request = std::make_shared<v1::GetPayerRequest>();
  AddNumber(get, "PAYER", request, &v1::GetPayerRequest::set_payer_id, "The natural person")
      ->required();
  get.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Get(context, *request); };
  });
}

}  // namespace

void AddPayerCommands(CLI::App& root, Command& chosen) {
  CLI::App& payer = *root.add_subcommand("payer", "Facts, totals and limits of payers");
  payer.require_subcommand(1);
  AddPut(*payer.add_subcommand("put", "Set all facts; what is left out is not known any more"),
         chosen);
  AddPause(
      *payer.add_subcommand("pause", "Refuse all their payments for a time; nobody can end it"),
      chosen);
  AddPayerControlCommands(payer, chosen);
  AddGet(*payer.add_subcommand("get", "Facts in force, totals and limits"), chosen);
}

}  // namespace tipgate
