// tipctl session open, close, get.
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
#include "tipgate/v1/session.grpc.pb.h"

namespace tipgate {
namespace {

using SessionStub = v1::SessionService::Stub;

void AddSessionLines(const v1::Session& session, Record& record) {
  record.Add("session", absl::StrCat(session.session_id()));
  record.Add("streamer", absl::StrCat(session.streamer_id()));
  record.Add("tier", session.tier());
  record.Add("opened", TimeText(session.open_time()));
  record.Add("ends by", TimeText(session.max_end_time()));
  record.Add("closed", TimeText(session.close_time()));
  record.Add("received", absl::StrCat(MoneyText(session.received_minor()), " of at most ",
                                      MoneyText(session.received_max_minor())));
}

std::string SessionText(const v1::Session& session) {
  Record record;
  AddSessionLines(session, record);
  return record.Render();
}

std::string OpenText(const v1::OpenSessionResponse& response) {
  Record record;
  record.Add("outcome", EnumText(response.outcome()));
  if (response.has_session()) AddSessionLines(response.session(), record);
  record.AddIfSet("passes from", TimeText(response.retry_time()));
  record.Add("decided", TimeText(response.decide_time()));
  record.Add("policy version", absl::StrCat(response.policy_version()));
  return record.Render() + ViolationsText(response.violations());
}

ExitCode Open(CommandContext& context, v1::OpenSessionRequest request) {
  EnsureKey(context, request);
  const auto response = context.client.Call<v1::SessionService>(&SessionStub::OpenSession, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, OpenText(*response));
  return ExitCodeOf(response->outcome());
}

ExitCode Close(CommandContext& context, v1::CloseSessionRequest request) {
  EnsureKey(context, request);
  const auto response =
      context.client.Call<v1::SessionService>(&SessionStub::CloseSession, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, SessionText(response->session()));
  return kExitOk;
}

ExitCode Get(CommandContext& context, const v1::GetSessionRequest& request) {
  const auto response = context.client.Call<v1::SessionService>(&SessionStub::GetSession, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, SessionText(response->session()));
  return kExitOk;
}

void AddOpen(CLI::App& open, Command& chosen) {
  using v1::OpenSessionRequest;
  const auto request = std::make_shared<OpenSessionRequest>();
  AddNumber(open, "SESSION", request, &OpenSessionRequest::set_session_id, "A new id")->required();
  AddNumber(open, "--streamer", request, &OpenSessionRequest::set_streamer_id, "Who streams")
      ->required();
  AddKey(open, [request](const std::string& key) { request->set_idempotency_key(key); });
  open.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Open(context, *request); };
  });
}

void AddClose(CLI::App& close, Command& chosen) {
  using v1::CloseSessionRequest;
  const auto request = std::make_shared<CloseSessionRequest>();
  AddNumber(close, "SESSION", request, &CloseSessionRequest::set_session_id, "The session")
      ->required();
  AddKey(close, [request](const std::string& key) { request->set_idempotency_key(key); });
  close.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Close(context, *request); };
  });
}

void AddGet(CLI::App& get, Command& chosen) {
  using v1::GetSessionRequest;
  const auto request = std::make_shared<GetSessionRequest>();
  AddNumber(get, "SESSION", request, &GetSessionRequest::set_session_id, "The session")->required();
  get.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return Get(context, *request); };
  });
}

}  // namespace

void AddSessionCommands(CLI::App& root, Command& chosen) {
  CLI::App& session = *root.add_subcommand("session", "Open, close or get a live session");
  session.require_subcommand(1);
  AddOpen(*session.add_subcommand("open", "Open a session if the streamer may go live"), chosen);
  AddClose(*session.add_subcommand("close", "End a session"), chosen);
  AddGet(*session.add_subcommand("get", "A session at this moment"), chosen);
}

}  // namespace tipgate
