// tipctl policy propose, validate, approve, withdraw, rollback, list, get; tipctl gifts put, list.
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "cli/command.h"
#include "cli/enum_text.h"
#include "cli/options.h"
#include "cli/table.h"
#include "cli/time_text.h"
#include "tipgate/v1/policy_service.grpc.pb.h"
#include "yaml/yaml_message.h"
#include "yaml/yaml_text.h"

namespace tipgate {
namespace {

using PolicyStub = v1::PolicyService::Stub;

std::string CountText(int64_t count) { return count == 0 ? "" : absl::StrCat(count); }

std::string ProposalText(const v1::Proposal& proposal) {
  Record record;
  record.Add("proposal", absl::StrCat(proposal.proposal_id()));
  record.Add("state", EnumText(proposal.state()));
  record.AddIfSet("version", CountText(proposal.version()));
  record.AddIfSet("says what version", CountText(proposal.restored_version()));
  record.AddIfSet("proposed by", proposal.proposed_by());
  record.Add("proposed", TimeText(proposal.propose_time()));
  record.Add("in force from",
             proposal.has_effective_time() ? TimeText(proposal.effective_time()) : "its approval");
  record.AddIfSet("note", proposal.note());
  return record.Render();
}

// What a file says; a fault of it is told and nothing is sent.
template <typename Message>
bool ReadFile(const CommandContext& context, const std::string& path, Message* message,
              YamlLocations* locations) {
  absl::StatusOr<YamlLocations> read = ReadYamlFile(path, message);
  if (!read.ok()) {
    context.output.Note(read.status().message());
    return false;
  }
  *locations = *std::move(read);
  return true;
}

struct ProposeOptions {
  std::string file;
  v1::ProposePolicyRequest request;
};

ExitCode Propose(CommandContext& context, ProposeOptions options) {
  YamlLocations locations(options.file);
  if (!ReadFile(context, options.file, options.request.mutable_policy(), &locations)) {
    return kExitUsage;
  }
  EnsureKey(context, options.request);
  const auto response =
      context.client.Call<v1::PolicyService>(&PolicyStub::ProposePolicy, options.request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, ProposalText(response->proposal()));
  return kExitOk;
}

// Each problem with its place in the file.
ExitCode Validate(CommandContext& context, const std::string& file) {
  v1::ValidatePolicyRequest request;
  YamlLocations locations(file);
  if (!ReadFile(context, file, request.mutable_policy(), &locations)) return kExitUsage;
  const auto response =
      context.client.Call<v1::PolicyService>(&PolicyStub::ValidatePolicy, request);
  if (!response.ok()) return Fail(context, response.status());
  std::string text;
  for (const v1::PolicyProblem& problem : response->problems()) {
    const absl::string_view field = absl::StripPrefix(problem.field(), "policy.");
    absl::StrAppend(&text, locations.PlaceOf(field), ": ", field, ": ", problem.message(), "\n");
  }
  const bool is_well = response->problems().empty();
  context.output.Print(*response, is_well ? "nothing is wrong\n" : text);
  return is_well ? kExitOk : kExitRejected;
}

ExitCode Approve(CommandContext& context, v1::ApprovePolicyRequest request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::PolicyService>(&PolicyStub::ApprovePolicy, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("proposal", absl::StrCat(response->proposal_id()));
  record.Add("in force from", TimeText(response->effective_time()));
  context.output.Print(*response, record.Render());
  return kExitOk;
}

ExitCode Withdraw(CommandContext& context, v1::WithdrawProposalRequest request) {
  EnsureKey(context, request);
  const auto response =
      context.client.Call<v1::PolicyService>(&PolicyStub::WithdrawProposal, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("proposal", absl::StrCat(response->proposal_id()));
  record.Add("withdrawn", TimeText(response->withdraw_time()));
  context.output.Print(*response, record.Render());
  return kExitOk;
}

ExitCode RollBack(CommandContext& context, v1::RollBackPolicyRequest request) {
  EnsureKey(context, request);
  const auto response =
      context.client.Call<v1::PolicyService>(&PolicyStub::RollBackPolicy, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, ProposalText(response->proposal()));
  return kExitOk;
}

ExitCode List(CommandContext& context, const v1::ListPoliciesRequest& request) {
  const auto response = context.client.Call<v1::PolicyService>(&PolicyStub::ListPolicies, request);
  if (!response.ok()) return Fail(context, response.status());
  Table table({{"proposal", Align::kRight},
               {"version", Align::kRight},
               {"state"},
               {"proposed by"},
               {"approved by"},
               {"in force from"},
               {"note"}});
  for (const v1::Proposal& proposal : response->proposals()) {
    table.AddRow({absl::StrCat(proposal.proposal_id()), CountText(proposal.version()),
                  EnumText(proposal.state()), proposal.proposed_by(), proposal.approved_by(),
                  TimeText(proposal.has_activate_time() ? proposal.activate_time()
                                                        : proposal.effective_time()),
                  proposal.note()});
  }
  context.output.Print(*response, table.Render());
  if (!response->next_page_token().empty()) {
    context.output.Note(absl::StrCat("more: --page-token ", response->next_page_token()));
  }
  return kExitOk;
}

// A file that could be proposed.
ExitCode Get(CommandContext& context, const v1::GetPolicyRequest& request) {
  const auto response = context.client.Call<v1::PolicyService>(&PolicyStub::GetPolicy, request);
  if (!response.ok()) return Fail(context, response.status());
  const v1::Proposal& proposal = response->proposal();
  context.output.Print(*response, absl::StrCat("# proposal ", proposal.proposal_id(), ", version ",
                                               proposal.version(), ", ", EnumText(proposal.state()),
                                               "\n", YamlText(response->policy())));
  return kExitOk;
}

ExitCode PutGifts(CommandContext& context, const std::string& file, v1::PutGiftsRequest request) {
  YamlLocations locations(file);
  if (!ReadFile(context, file, request.mutable_catalog(), &locations)) return kExitUsage;
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::PolicyService>(&PolicyStub::PutGifts, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("gifts version", absl::StrCat(response->gifts_version()));
  record.Add("put", TimeText(response->put_time()));
  context.output.Print(*response, record.Render());
  return kExitOk;
}

// A file that could be put.
ExitCode ListGifts(CommandContext& context) {
  const auto response =
      context.client.Call<v1::PolicyService>(&PolicyStub::ListGifts, v1::ListGiftsRequest());
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, absl::StrCat("# gifts version ", response->gifts_version(), "\n",
                                               YamlText(response->catalog())));
  return kExitOk;
}

// A time to come: a point in time, or so long from now.
google::protobuf::Timestamp ParseEffectiveTime(const std::string& text) {
  const absl::Time now = absl::Now();
  const absl::StatusOr<absl::Duration> wait = ParseDurationText(text);
  if (wait.ok()) return ToProto(absl::FromUnixMillis(absl::ToUnixMillis(now + *wait)));
  return ToProto(ValueOrThrow("--effective-time", ParseTimeText(text, now, absl::LocalTimeZone())));
}

void AddFile(CLI::App& command, std::string* file) {
  command.add_option("FILE", *file, "In the format of the server's own file")->required();
}

// When and why, of a request that proposes.
template <typename Request>
void AddProposal(CLI::App& command, Request* request, const std::shared_ptr<void>& owner) {
  command
      .add_option_function<std::string>(
          "--effective-time",
          [request, owner](const std::string& text) {
            *request->mutable_effective_time() = ParseEffectiveTime(text);
          },
          "When it comes into force, such as 2026-05-01T00:00:00+08:00, or 30m for so long from "
          "now; "
          "left out: as soon as it is approved")
      ->type_name("TIME");
  command
      .add_option_function<std::string>(
          "--note", [request, owner](const std::string& note) { request->set_note(note); }, "Why")
      ->type_name("TEXT");
  AddKey(command, [request, owner](const std::string& key) { request->set_idempotency_key(key); });
}

void AddPropose(CLI::App& propose, Command& chosen) {
  const auto options = std::make_shared<ProposeOptions>();
  AddFile(propose, &options->file);
  AddProposal(propose, &options->request, options);
  propose.callback([options, &chosen] {
    chosen = [options](CommandContext& context) { return Propose(context, *options); };
  });
}

void AddValidate(CLI::App& validate, Command& chosen) {
  const auto file = std::make_shared<std::string>();
  AddFile(validate, file.get());
  validate.callback([file, &chosen] {
    chosen = [file](CommandContext& context) { return Validate(context, *file); };
  });
}

// A command about one proposal.
template <typename Request>
void AddStep(CLI::App& step, ExitCode (*run)(CommandContext&, Request), Command& chosen) {
  const auto request = std::make_shared<Request>();
  AddNumber(step, "PROPOSAL", request, &Request::set_proposal_id, "The proposal")->required();
  AddKey(step, [request](const std::string& key) { request->set_idempotency_key(key); });
  step.callback([request, run, &chosen] {
    chosen = [request, run](CommandContext& context) { return run(context, *request); };
  });
}

void AddRollBack(CLI::App& roll_back, Command& chosen) {
  const auto request = std::make_shared<v1::RollBackPolicyRequest>();
  AddNumber(roll_back, "VERSION", request, &v1::RollBackPolicyRequest::set_version,
            "The version to go back to")
      ->required();
  AddProposal(roll_back, request.get(), request);
  roll_back.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return RollBack(context, *request); };
  });
}

void AddList(CLI::App& list, Command& chosen) {
  const auto request = std::make_shared<v1::ListPoliciesRequest>();
  AddNumber(list, "--page-size", request, &v1::ListPoliciesRequest::set_page_size, "1 .. 1000");
  list.add_option_function<std::string>(
          "--page-token", [request](const std::string& token) { request->set_page_token(token); },
          "Of the page before")
      ->type_name("TEXT");
  list.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return List(context, *request); };
  });
}

void AddGet(CLI::App& get, Command& chosen) {
  const auto request = std::make_shared<v1::GetPolicyRequest>();
  AddNumber(get, "VERSION", request, &v1::GetPolicyRequest::set_version,
            "That in force, if left out");
  AddNumber(get, "--proposal", request, &v1::GetPolicyRequest::set_proposal_id,
            "A proposal, in force or not");
  get.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Get(context, *request); };
  });
}

void AddPutGifts(CLI::App& put, Command& chosen) {
  const auto file = std::make_shared<std::string>();
  const auto request = std::make_shared<v1::PutGiftsRequest>();
  AddFile(put, file.get());
  AddKey(put, [request](const std::string& key) { request->set_idempotency_key(key); });
  put.callback([file, request, &chosen] {
    chosen = [file, request](CommandContext& context) {
      return PutGifts(context, *file, *request);
    };
  });
}

}  // namespace

void AddPolicyCommands(CLI::App& root, Command& chosen) {
  CLI::App& policy = *root.add_subcommand("policy", "Propose, approve and look at policies");
  policy.require_subcommand(1);
  AddPropose(*policy.add_subcommand("propose", "Propose the policy of a file"), chosen);
  AddValidate(*policy.add_subcommand("validate", "All that is wrong with the policy of a file"),
              chosen);
  AddStep(*policy.add_subcommand("approve", "Approve what somebody else has proposed"), Approve,
          chosen);
  AddStep(*policy.add_subcommand("withdraw", "Withdraw what is not in force yet"), Withdraw,
          chosen);
  AddRollBack(*policy.add_subcommand("rollback", "Propose what an older version says"), chosen);
  AddList(*policy.add_subcommand("list", "Policies and proposals, newest first"), chosen);
  AddGet(*policy.add_subcommand("get", "A policy, as a file that could be proposed"), chosen);

  CLI::App& gifts = *root.add_subcommand("gifts", "Put or list the gift catalogue");
  gifts.require_subcommand(1);
  AddPutGifts(*gifts.add_subcommand("put", "Replace the gift catalogue by that of a file"), chosen);
  CLI::App& list = *gifts.add_subcommand("list", "The gifts, as a file that could be put");
  list.callback([&chosen] { chosen = ListGifts; });
}

}  // namespace tipgate
