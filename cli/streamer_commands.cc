// tipctl streamer put, get.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/facts_options.h"
#include "cli/money_text.h"
#include "cli/options.h"
#include "cli/sanction_text.h"
#include "cli/table.h"
#include "cli/time_text.h"
#include "tipgate/v1/streamer.grpc.pb.h"

namespace tipgate {
namespace {

using StreamerStub = v1::StreamerService::Stub;

std::string IdText(int64_t id) { return id == 0 ? "" : absl::StrCat(id); }

// Of a Streamer, or a PutStreamerResponse: both have id, facts and update time.
template <typename Message>
Record FactsRecord(const Message& message) {
  const v1::StreamerFacts& facts = message.facts();
  Record record;
  record.Add("streamer", absl::StrCat(message.streamer_id()));
  AddFactsLines(facts, record);
  record.Add("guardian consent", facts.guardian_consent() ? "yes" : "no");
  record.Add("tier", facts.tier());
  record.AddIfSet("agency", IdText(facts.agency_id()));
  record.AddIfSet("pays as", IdText(facts.payer_id()));
  record.Add("updated", TimeText(message.update_time()));
  return record;
}

std::string StreamerText(const v1::Streamer& streamer) {
  Record record = FactsRecord(streamer);
  record.Add("held", MoneyText(streamer.held_minor()));
  record.Add("pending", MoneyText(streamer.pending_minor()));
  record.Add("frozen", MoneyText(streamer.frozen_minor()));
  record.Add("settled", MoneyText(streamer.settled_minor()));
  if (streamer.voided_minor() != 0) record.Add("voided", MoneyText(streamer.voided_minor()));
  if (streamer.refunded_minor() != 0) record.Add("refunded", MoneyText(streamer.refunded_minor()));
  record.Add("income", MoneyText(streamer.income_minor()));
  record.Add("receivable", MoneyText(streamer.receivable_minor()));
  if (streamer.has_income_delay()) {
    record.Add("income delay", DurationText(streamer.income_delay()));
  }
  record.Add("open session", IdText(streamer.open_session_id()));
  record.Add("sessions today", absl::StrCat(streamer.sessions_today_count()));
  AddSuspension(streamer.suspension(), record);
  const std::string sanctions = SanctionsText(streamer);
  return sanctions.empty() ? record.Render() : absl::StrCat(record.Render(), "\n", sanctions);
}

ExitCode Put(CommandContext& context, v1::PutStreamerRequest request) {
  EnsureKey(context, request);
  const auto response =
      context.client.Call<v1::StreamerService>(&StreamerStub::PutStreamer, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, FactsRecord(*response).Render());
  return kExitOk;
}

ExitCode Get(CommandContext& context, const v1::GetStreamerRequest& request) {
  const auto response =
      context.client.Call<v1::StreamerService>(&StreamerStub::GetStreamer, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, StreamerText(response->streamer()));
  return kExitOk;
}

void AddPut(CLI::App& put, Command& chosen) {
  const auto request = std::make_shared<v1::PutStreamerRequest>();
  const std::shared_ptr<v1::StreamerFacts> facts(request, request->mutable_facts());
  AddNumber(put, "STREAMER", request, &v1::PutStreamerRequest::set_streamer_id, "The streamer")
      ->required();
  AddFacts(put, facts);
  put.add_flag_function(
      "--guardian-consent", [facts](int64_t) { facts->set_guardian_consent(true); },
      "A guardian of a 16- or 17-year-old has consented");
  put.add_option_function<std::string>(
         "--tier", [facts](const std::string& tier) { facts->set_tier(tier); },
         "A tier of the policy")
      ->type_name("TIER")
      ->required();
  AddNumber(put, "--agency", facts, &v1::StreamerFacts::set_agency_id, "The agency, if any");
  AddNumber(put, "--payer", facts, &v1::StreamerFacts::set_payer_id,
            "The same person as a payer, who may not tip this streamer");
  AddKey(put, [request](const std::string& key) { request->set_idempotency_key(key); });
  put.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Put(context, *request); };
  });
}

void AddGet(CLI::App& get, Command& chosen) {
  const auto request = std::make_shared<v1::GetStreamerRequest>();
  AddNumber(get, "STREAMER", request, &v1::GetStreamerRequest::set_streamer_id, "The streamer")
      ->required();
  get.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Get(context, *request); };
  });
}

}  // namespace

void AddStreamerCommands(CLI::App& root, Command& chosen) {
  CLI::App& streamer = *root.add_subcommand("streamer", "Facts and income of streamers");
  streamer.require_subcommand(1);
  AddPut(*streamer.add_subcommand("put", "Set all facts; what is left out is not known any more"),
         chosen);
  AddSanctionCommands(streamer, chosen);
  AddGet(*streamer.add_subcommand("get", "Facts in force, income, open session and sanctions"),
         chosen);
}

}  // namespace tipgate
