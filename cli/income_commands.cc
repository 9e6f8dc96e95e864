// tipctl income freeze, release, refund, delay, job, jobs.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/income_text.h"
#include "cli/money_text.h"
#include "cli/options.h"
#include "cli/table.h"
#include "cli/time_text.h"
#include "tipgate/v1/streamer.grpc.pb.h"

namespace tipgate {
namespace {

using google::protobuf::Timestamp;
using StreamerStub = v1::StreamerService::Stub;

template <auto kMethod, typename Request>
ExitCode Order(CommandContext& context, Request request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::StreamerService>(kMethod, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, IncomeJobText(response->job()));
  return kExitOk;
}

ExitCode GetJob(CommandContext& context, const v1::GetIncomeJobRequest& request) {
  const auto response =
      context.client.Call<v1::StreamerService>(&StreamerStub::GetIncomeJob, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, IncomeJobText(response->job()));
  return kExitOk;
}

ExitCode ListJobs(CommandContext& context) {
  const auto response = context.client.Call<v1::StreamerService>(&StreamerStub::ListIncomeJobs,
                                                                 v1::ListIncomeJobsRequest());
  if (!response.ok()) return Fail(context, response.status());
  Table table = IncomeJobTable();
  for (const v1::IncomeJob& job : response->jobs()) AddIncomeJobRow(job, table);
  context.output.Print(*response, table.is_empty() ? "no job is open\n" : table.Render());
  return kExitOk;
}

ExitCode Delay(CommandContext& context, v1::DelayIncomeRequest request) {
  EnsureKey(context, request);
  const auto response =
      context.client.Call<v1::StreamerService>(&StreamerStub::DelayIncome, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("streamer", absl::StrCat(response->streamer_id()));
  record.Add("income settles after at least", DurationText(response->delay()));
  record.Add("since", TimeText(response->update_time()));
  context.output.Print(*response, record.Render());
  return kExitOk;
}

// Which tips: exactly one of the first options, and a stretch of time.
void AddScope(CLI::App& command, bool may_be_case, const std::shared_ptr<v1::IncomeScope>& scope) {
  using v1::IncomeScope;
  CLI::Option_group& group = *command.add_option_group("which tips", "Exactly one");
  AddNumber(group, "--tip", scope, &IncomeScope::set_tip_id, "One tip");
  AddNumber(group, "--session", scope, &IncomeScope::set_session_id, "The tips in a session");
  AddNumber(group, "--streamer", scope, &IncomeScope::set_streamer_id, "The tips to a streamer");
  AddNumber(group, "--agency", scope, &IncomeScope::set_agency_id, "The tips with its share");
  AddNumber(group, "--payer", scope, &IncomeScope::set_payer_id, "The tips of a payer");
  group.add_flag_function(
      "--everything", [scope](int64_t) { scope->set_everything(true); }, "All tips since --since");
  if (may_be_case) {
    group.add_flag_function(
        "--whole-case", [scope](int64_t) { scope->set_whole_case(true); },
        "All that the case has frozen");
  }
  group.require_option(1);
  AddTime(
      command, "--since", [scope](const Timestamp& time) { *scope->mutable_start_time() = time; },
      "Only accepted at this time or later");
  AddTime(
      command, "--until", [scope](const Timestamp& time) { *scope->mutable_end_time() = time; },
      "Only accepted before this time");
}

template <auto kMethod, typename Request>
std::shared_ptr<Request> AddOrder(CLI::App& command, bool may_be_case, bool needs_reason,
                                  Command& chosen) {
  const auto request = std::make_shared<Request>();
  AddScope(command, may_be_case,
           std::shared_ptr<v1::IncomeScope>(request, request->mutable_scope()));
  AddText(
      command, "--case", [request](const std::string& text) { request->set_case_reference(text); },
      "The case, a reference into the platform's own files; never a person's name")
      ->required();
  AddText(
      command, "--reason", [request](const std::string& text) { request->set_reason(text); },
      "Why; never a person's name")
      ->required(needs_reason);
  AddKey(command, [request](const std::string& key) { request->set_idempotency_key(key); });
  command.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Order<kMethod>(context, *request); };
  });
  return request;
}

void AddRefund(CLI::App& command, Command& chosen) {
  const auto request =
      AddOrder<&StreamerStub::RefundTips, v1::RefundTipsRequest>(command, true, true, chosen);
  AddNumber(command, "--permille", request, &v1::RefundTipsRequest::set_permille,
            "Thousandths of what each tip was captured with; 1000 is all")
      ->required();
}

void AddDelay(CLI::App& command, Command& chosen) {
  const auto request = std::make_shared<v1::DelayIncomeRequest>();
  AddNumber(command, "STREAMER", request, &v1::DelayIncomeRequest::set_streamer_id, "The streamer")
      ->required();
  AddDuration(
      command, "--delay",
      [request](absl::Duration length) { *request->mutable_delay() = ToProto(length); },
      "At least so long, whole days; 0s ends it")
      ->required();
  AddKey(command, [request](const std::string& key) { request->set_idempotency_key(key); });
  command.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Delay(context, *request); };
  });
}

void AddJob(CLI::App& command, Command& chosen) {
  const auto request = std::make_shared<v1::GetIncomeJobRequest>();
  AddNumber(command, "JOB", request, &v1::GetIncomeJobRequest::set_job_id, "The job")->required();
  command.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return GetJob(context, *request); };
  });
}

ExitCode GetAgency(CommandContext& context, const v1::GetAgencyRequest& request) {
  const auto response = context.client.Call<v1::StreamerService>(&StreamerStub::GetAgency, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("agency", absl::StrCat(response->agency().agency_id()));
  record.Add("income", MoneyText(response->agency().income_minor()));
  record.Add("receivable", MoneyText(response->agency().receivable_minor()));
  context.output.Print(*response, record.Render());
  return kExitOk;
}

void AddAgency(CLI::App& command, Command& chosen) {
  const auto request = std::make_shared<v1::GetAgencyRequest>();
  AddNumber(command, "AGENCY", request, &v1::GetAgencyRequest::set_agency_id, "The agency")
      ->required();
  command.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return GetAgency(context, *request); };
  });
}

}  // namespace

void AddIncomeCommands(CLI::App& root, Command& chosen) {
  CLI::App& income = *root.add_subcommand("income", "Hold income back, let it go on, refund it");
  income.require_subcommand(1);
  AddOrder<&StreamerStub::FreezeIncome, v1::FreezeIncomeRequest>(
      *income.add_subcommand("freeze", "Pending income no longer settles"), false, false, chosen);
  AddOrder<&StreamerStub::ReleaseIncome, v1::ReleaseIncomeRequest>(
      *income.add_subcommand("release", "What a case has frozen goes on"), true, false, chosen);
  AddRefund(*income.add_subcommand("refund", "Give a part of many tips back"), chosen);
  AddDelay(*income.add_subcommand("delay", "Hold a streamer's later income back for longer"),
           chosen);
  AddJob(*income.add_subcommand("job", "How far an order is"), chosen);
  AddAgency(*income.add_subcommand("agency", "What an agency has earned"), chosen);
  income.add_subcommand("jobs", "The orders that are not done")->callback([&chosen] {
    chosen = ListJobs;
  });
}

}  // namespace tipgate
