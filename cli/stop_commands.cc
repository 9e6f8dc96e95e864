// tipctl stop, lift-stop, stops: emergency stops.
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/stop_text.h"
#include "cli/table.h"
#include "cli/time_text.h"
#include "tipgate/v1/policy_service.grpc.pb.h"

namespace tipgate {
namespace {

using PolicyStub = v1::PolicyService::Stub;

ExitCode Stop(CommandContext& context, v1::EmergencyStopRequest request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::PolicyService>(&PolicyStub::EmergencyStop, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("stopped", ScopeText(response->scope()));
  record.Add("since", TimeText(response->start_time()));
  context.output.Print(*response, record.Render());
  return kExitOk;
}

ExitCode LiftStop(CommandContext& context, v1::LiftStopRequest request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::PolicyService>(&PolicyStub::LiftStop, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("what", ScopeText(response->scope()));
  record.Add("stopped", response->stopped() ? "yes, until a second person agrees" : "no");
  record.AddIfSet("agreed", response->lift_approver());
  context.output.Print(*response, record.Render());
  return kExitOk;
}

ExitCode ListStops(CommandContext& context) {
  const auto response =
      context.client.Call<v1::PolicyService>(&PolicyStub::ListStops, v1::ListStopsRequest());
  if (!response.ok()) return Fail(context, response.status());
  Table table({{"stopped"}, {"since"}, {"by"}, {"lifting agreed"}, {"reason"}});
  for (const v1::Stop& stop : response->stops()) {
    table.AddRow({ScopeText(stop.scope()), TimeText(stop.start_time()), stop.identity(),
                  stop.lift_approver(), stop.reason()});
  }
  context.output.Print(*response, table.is_empty() ? "nothing is stopped\n" : table.Render());
  return kExitOk;
}

// What is covered: exactly one of these.
void AddScope(CLI::App& command, const std::shared_ptr<v1::StopScope>& scope) {
  CLI::Option_group& group = *command.add_option_group("what", "Exactly one");
  group.add_flag_function(
      "--everything", [scope](int64_t) { scope->set_everything(true); }, "All tips and recharges");
  group
      .add_option_function<std::string>(
          "--app", [scope](const std::string& name) { scope->set_app(name); },
          "The tips and recharges that this caller asks for")
      ->type_name("NAME");
  AddNumber(group, "--session", scope, &v1::StopScope::set_session_id, "The tips in a session");
  AddNumber(group, "--streamer", scope, &v1::StopScope::set_streamer_id, "The tips to a streamer");
  AddNumber(group, "--gift", scope, &v1::StopScope::set_gift_id, "The tips of a gift");
  group.require_option(1);
}

// Both have a scope, a reason and a key.
template <typename Request>
void AddStop(CLI::App& command, ExitCode (*run)(CommandContext&, Request), Command& chosen) {
  const auto request = std::make_shared<Request>();
  AddScope(command, std::shared_ptr<v1::StopScope>(request, request->mutable_scope()));
  AddText(
      command, "--reason", [request](const std::string& text) { request->set_reason(text); },
      "Why; never a person's name");
  AddKey(command, [request](const std::string& key) { request->set_idempotency_key(key); });
  command.callback([request, run, &chosen] {
    chosen = [request, run](CommandContext& context) { return run(context, *request); };
  });
}

}  // namespace

void AddStopCommands(CLI::App& root, Command& chosen) {
  AddStop(*root.add_subcommand("stop", "Refuse tips and recharges at once"), Stop, chosen);
  AddStop(*root.add_subcommand("lift-stop", "Agree to end a stop; two people must"), LiftStop,
          chosen);
  root.add_subcommand("stops", "What is stopped")->callback([&chosen] { chosen = ListStops; });
}

}  // namespace tipgate
