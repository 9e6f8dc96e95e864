// tipctl tip, check, tip get, tip list; cli/tip_batch_command.cc and
// cli/tip_change_commands.cc have the others of tip.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/time_text.h"
#include "cli/tip_text.h"
#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {
namespace {

using google::protobuf::Timestamp;
using TipStub = v1::TipService::Stub;

constexpr const char* kIntentOptions[] = {"--payer", "--streamer",         "--session",
                                          "--gift",  "--unit-price-minor", "--count"};

// The API's maximum of tips a page.
constexpr int64_t kPageSizeMax = 1000;

struct ListOptions {
  v1::ListTipsRequest request;
  int64_t limit = 100;
};

ExitCode AuthorizeTip(CommandContext& context, v1::AuthorizeTipRequest request) {
  EnsureKey(context, *request.mutable_tip());
  const auto response = context.client.Call<v1::TipService>(&TipStub::AuthorizeTip, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, DecisionText(response->decision()));
  return ExitCodeOf(response->decision().outcome());
}

ExitCode CheckTip(CommandContext& context, const v1::CheckTipRequest& request) {
  const auto response = context.client.Call<v1::TipService>(&TipStub::CheckTip, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, DecisionText(response->decision()));
  return ExitCodeOf(response->decision().outcome());
}

ExitCode GetTip(CommandContext& context, const v1::GetTipRequest& request) {
  const auto response = context.client.Call<v1::TipService>(&TipStub::GetTip, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, TipText(response->tip()));
  return kExitOk;
}

// Follows the pages until `limit` tips are there. JSON goes out page by page; the table at the end,
// when its widths are known.
ExitCode ListTips(CommandContext& context, ListOptions options) {
  v1::ListTipsRequest& request = options.request;
  if (request.page_size() == 0) {
    request.set_page_size(static_cast<int32_t>(std::min(options.limit, kPageSizeMax)));
  }
  Table table = TipTable();
  bool has_more = true;
  for (int64_t room = options.limit; has_more && room > 0;) {
    const auto response = context.client.Call<v1::TipService>(&TipStub::ListTips, request);
    if (!response.ok()) return Fail(context, response.status());
    const auto taken = static_cast<int>(std::min<int64_t>(room, response->tips_size()));
    for (int i = 0; i < taken; ++i) {
      AddTipRow(response->tips(i), table);
      context.output.Print(response->tips(i), "");
    }
    room -= taken;
    request.set_page_token(response->next_page_token());
    has_more = taken < response->tips_size() || !request.page_token().empty();
  }
  context.output.PrintText(table.Render());
  if (has_more) context.output.Note(absl::StrCat("more may match; --limit is ", options.limit));
  return kExitOk;
}

void AddIntentOptions(CLI::App& command, const std::shared_ptr<v1::TipIntent>& intent) {
  using v1::TipIntent;
  AddNumber(command, "--payer", intent, &TipIntent::set_payer_id, "Required. Who pays");
  AddNumber(command, "--streamer", intent, &TipIntent::set_streamer_id, "Required. Who receives");
  AddNumber(command, "--session", intent, &TipIntent::set_session_id, "Required. The session");
  AddNumber(command, "--gift", intent, &TipIntent::set_gift_id, "Required. Gift of the catalogue");
  AddNumber(command, "--unit-price-minor", intent, &TipIntent::set_unit_price_minor,
            "Required. Price of one piece in minor units (fen)");
  AddNumber(command, "--count", intent, &TipIntent::set_count, "Required. How many pieces");
  AddTime(
      command, "--create-time",
      [intent](const Timestamp& time) { *intent->mutable_create_time() = time; },
      "When the viewer wished it");
  command.add_flag_function(
      "--hold", [intent](int64_t) { intent->set_hold(true); },
      "Hold it until it is captured or voided");
  AddDuration(
      command, "--hold-ttl",
      [intent](absl::Duration length) { *intent->mutable_hold_ttl() = ToProto(length); },
      "How long to hold it; as the policy says if left out");
}

// By hand and not by CLI11's required(): `tipctl tip get` must not need the options of `tipctl
// tip`.
void RequireIntentOptions(const CLI::App& command) {
  for (const char* option : kIntentOptions) {
    if (command.count(option) == 0) throw CLI::RequiredError(option);
  }
}

// `tipctl tip --payer 1 list` would list the tips of everybody.
void RefuseOptionsBeforeVerb(const CLI::App& tip) {
  for (const CLI::Option* option : tip.get_options()) {
    if (option->count() == 0) continue;
    throw CLI::ExcludesError(option->get_name(), "tip " + tip.get_subcommands()[0]->get_name());
  }
}

void AddAuthorize(CLI::App& tip, Command& chosen) {
  const auto request = std::make_shared<v1::AuthorizeTipRequest>();
  const std::shared_ptr<v1::TipIntent> intent(request, request->mutable_tip());
  AddIntentOptions(tip, intent);
  AddKey(tip, [intent](const std::string& key) { intent->set_idempotency_key(key); });
  tip.callback([&tip, request, &chosen] {
    if (!tip.get_subcommands().empty()) return RefuseOptionsBeforeVerb(tip);
    RequireIntentOptions(tip);
    chosen = [request](CommandContext& context) { return AuthorizeTip(context, *request); };
  });
}

void AddCheck(CLI::App& check, Command& chosen) {
  const auto request = std::make_shared<v1::CheckTipRequest>();
  AddIntentOptions(check, std::shared_ptr<v1::TipIntent>(request, request->mutable_tip()));
  check.callback([&check, request, &chosen] {
    RequireIntentOptions(check);
    chosen = [request](CommandContext& context) { return CheckTip(context, *request); };
  });
}

void AddGet(CLI::App& get, Command& chosen) {
  const auto request = std::make_shared<v1::GetTipRequest>();
  CLI::Option* id = AddNumber(get, "TIP", request, &v1::GetTipRequest::set_tip_id, "The tip's id");
  AddKey(
      get, [request](const std::string& key) { request->set_idempotency_key(key); },
      "The key that the tip was sent with")
      ->excludes(id);
  get.callback([request, &chosen] {
    if (request->name_case() == v1::GetTipRequest::NAME_NOT_SET) {
      throw CLI::RequiredError("TIP or --key");
    }
    chosen = [request](CommandContext& context) { return GetTip(context, *request); };
  });
}

// To the gate 0 would mean everybody's tips. What is no number at all is refused when it is parsed.
std::string CheckAtLeast1(const std::string& text) {
  int64_t value = 1;
  return absl::SimpleAtoi(text, &value) && value < 1 ? "expected at least 1" : "";
}

void AddList(CLI::App& list, Command& chosen) {
  using v1::ListTipsRequest;
  const auto options = std::make_shared<ListOptions>();
  const std::shared_ptr<ListTipsRequest> request(options, &options->request);
  AddNumber(list, "--payer", request, &ListTipsRequest::set_payer_id, "Only of this payer")
      ->check(CheckAtLeast1);
  AddNumber(list, "--streamer", request, &ListTipsRequest::set_streamer_id, "Only to this streamer")
      ->check(CheckAtLeast1);
  AddNumber(list, "--session", request, &ListTipsRequest::set_session_id, "Only in this session")
      ->check(CheckAtLeast1);
  AddTime(
      list, "--since", [request](const Timestamp& time) { *request->mutable_start_time() = time; },
      "Only decided at this time or later; 30m is half an hour ago");
  AddTime(
      list, "--until", [request](const Timestamp& time) { *request->mutable_end_time() = time; },
      "Only decided before this time");
  AddNumber(list, "--page-size", request, &ListTipsRequest::set_page_size, "Tips a call");
  AddCount(list, "--limit", &options->limit, "Stop after so many tips; 100 if left out");
  list.callback([options, &chosen] {
    chosen = [options](CommandContext& context) { return ListTips(context, *options); };
  });
}

}  // namespace

void AddTipCommands(CLI::App& root, Command& chosen) {
  CLI::App& tip =
      *root.add_subcommand("tip", "Authorize a tip or many; or get, list or change tips");
  tip.require_subcommand(0, 1);
  AddAuthorize(tip, chosen);
  AddGet(*tip.add_subcommand("get", "One tip, by its id or by the key it was sent with"), chosen);
  AddList(*tip.add_subcommand("list", "Tips, newest first"), chosen);
  AddTipBatchCommand(tip, chosen);
  AddTipChangeCommands(tip, chosen);
  AddCheck(*root.add_subcommand("check", "What a tip would be answered; counts nothing"), chosen);
}

}  // namespace tipgate
