// tipctl streamer sanction, lift-sanction.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/enum_text.h"
#include "cli/options.h"
#include "cli/sanction_text.h"
#include "cli/table.h"
#include "cli/time_text.h"
#include "tipgate/v1/streamer.grpc.pb.h"

namespace tipgate {
namespace {

using StreamerStub = v1::StreamerService::Stub;

ExitCode Sanction(CommandContext& context, v1::SanctionStreamerRequest request) {
  EnsureKey(context, request);
  const auto response =
      context.client.Call<v1::StreamerService>(&StreamerStub::SanctionStreamer, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("streamer", absl::StrCat(response->streamer_id()));
  record.Add("sanction", absl::StrCat(response->sanction().sanction_id()));
  record.Add("kind", EnumText(response->sanction().kind()));
  record.AddIfSet("until", TimeText(response->sanction().end_time()));
  AddSuspension(response->suspension(), record);
  context.output.Print(*response, record.Render());
  return kExitOk;
}

ExitCode Lift(CommandContext& context, v1::LiftSanctionRequest request) {
  EnsureKey(context, request);
  const auto response =
      context.client.Call<v1::StreamerService>(&StreamerStub::LiftSanction, request);
  if (!response.ok()) return Fail(context, response.status());
  Record record;
  record.Add("streamer", absl::StrCat(response->streamer_id()));
  record.Add("lifted", absl::StrCat(response->sanction_id()));
  AddSuspension(response->suspension(), record);
  context.output.Print(*response, record.Render());
  return kExitOk;
}

// What both requests have.
template <typename Request>
void AddCommon(CLI::App& command, const std::shared_ptr<Request>& request) {
  AddNumber(command, "STREAMER", request, &Request::set_streamer_id, "The streamer")->required();
  AddText(
      command, "--reason", [request](const std::string& text) { request->set_reason(text); },
      "Why; never a person's name")
      ->required();
  AddText(
      command, "--case", [request](const std::string& text) { request->set_case_reference(text); },
      "The case, a reference into the platform's own files; never a person's name")
      ->required();
  AddKey(command, [request](const std::string& key) { request->set_idempotency_key(key); });
}

void AddSanction(CLI::App& command, Command& chosen) {
  const auto request = std::make_shared<v1::SanctionStreamerRequest>();
  AddCommon(command, request);
  command
      .add_option_function<std::string>(
          "--kind",
          [request](const std::string& text) {
            request->set_kind(ValueOrThrow("--kind", ParseEnumText<v1::SanctionKind>(text)));
          },
          "WARN, SUSPEND_RECEIVING, MUTE or BAN")
      ->type_name("KIND")
      ->required();
  AddTime(
      command, "--until",
      [request](const google::protobuf::Timestamp& time) { *request->mutable_until_time() = time; },
      "The end, of SUSPEND_RECEIVING");
  AddDuration(
      command, "--for",
      [request](absl::Duration length) { *request->mutable_mute_duration() = ToProto(length); },
      "How long the platform's mute is, of MUTE");
  command.add_flag_function(
      "--violation", [request](int64_t) { request->set_violation(true); },
      "Receiving comes back only some months after the end");
  command.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Sanction(context, *request); };
  });
}

void AddLift(CLI::App& command, Command& chosen) {
  const auto request = std::make_shared<v1::LiftSanctionRequest>();
  AddCommon(command, request);
  AddNumber(command, "--sanction", request, &v1::LiftSanctionRequest::set_sanction_id,
            "The sanction, as `streamer get` names it")
      ->required();
  command.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Lift(context, *request); };
  });
}

}  // namespace

void AddSanctionCommands(CLI::App& streamer, Command& chosen) {
  AddSanction(*streamer.add_subcommand("sanction", "Warn, suspend, mute or ban, for a case"),
              chosen);
  AddLift(*streamer.add_subcommand("lift-sanction", "Take a sanction away at once"), chosen);
}

}  // namespace tipgate
