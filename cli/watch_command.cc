// tipctl watch.
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/decision_text.h"
#include "cli/display_text.h"
#include "cli/enum_text.h"
#include "cli/income_text.h"
#include "cli/money_text.h"
#include "cli/options.h"
#include "cli/stop_text.h"
#include "cli/time_text.h"
#include "tipgate/v1/event.grpc.pb.h"

namespace tipgate {
namespace {

struct WatchOptions {
  v1::WatchEventsRequest request;
  int64_t count = std::numeric_limits<int64_t>::max();
};

// One line an event: time, kind, what is set, and the cursor to resume after it.
std::string EventText(const v1::Event& event) {
  std::string line =
      absl::StrFormat("%s  %-19s", TimeText(event.event_time()), EnumText(event.kind()));
  AppendId("tip", event.tip_id(), line);
  AppendId("recharge", event.recharge_id(), line);
  AppendId("payer", event.payer_id(), line);
  AppendId("streamer", event.streamer_id(), line);
  AppendId("session", event.session_id(), line);
  if (event.amount_minor() != 0) {
    absl::StrAppend(&line, " amount=", MoneyText(event.amount_minor()));
  }
  AppendText("refused_by", RejectionCodesText(event.rejection_codes()), line);
  if (event.has_reminder()) absl::StrAppend(&line, " reached=", ReminderText(event.reminder()));
  AppendId("policy", event.policy_version(), line);
  AppendText("until", TimeText(event.end_time()), line);
  AppendText("scope", EnumText(event.confirmation_scope()), line);
  AppendText("stop", ScopeText(event.stop_scope()), line);
  AppendId("sanction", event.sanction_id(), line);
  AppendText("kind", EnumText(event.sanction_kind()), line);
  AppendId("job", event.income_job_id(), line);
  AppendText("what", EnumText(event.income_action()), line);
  AppendText("which", IncomeScopeText(event.income_scope()), line);
  if (event.has_income_delay()) AppendText("delay", DurationText(event.income_delay()), line);
  if (event.has_preferences()) {
    AppendText("reminders", event.preferences().reminders() ? "on" : "off", line);
    AppendText("public_display", event.preferences().public_display_allowed() ? "on" : "off", line);
  }
  if (event.to_balance()) AppendText("to", "balance", line);
  AppendText("case", event.case_reference(), line);
  AppendText("by", event.identity(), line);
  return EscapeControls(absl::StrCat(line, " cursor=", event.cursor())) + "\n";
}

ExitCode Watch(CommandContext& context, const WatchOptions& options) {
  int64_t left_count = options.count;
  const auto print = [&](const v1::WatchEventsResponse& response) {
    for (const v1::Event& event : response.events()) {
      context.output.Print(event, EventText(event));
      if (--left_count == 0) return false;
    }
    return context.output.is_writable();
  };
  const absl::Status status = context.client.Read<v1::EventService>(
      &v1::EventService::Stub::WatchEvents, options.request, print);
  return status.ok() ? kExitOk : Fail(context, status);
}

void AddKinds(const std::vector<std::string>& texts, v1::WatchEventsRequest& request) {
  for (const std::string& text : texts) {
    request.add_kinds(ValueOrThrow("--kind", ParseEnumText<v1::EventKind>(text)));
  }
}

}  // namespace

void AddWatchCommand(CLI::App& root, Command& chosen) {
  CLI::App& watch = *root.add_subcommand("watch", "Follow what happens; Ctrl-C ends it");
  const auto options = std::make_shared<WatchOptions>();
  CLI::Option* cursor =
      watch
          .add_option_function<std::string>(
              "--cursor", [options](const std::string& text) { options->request.set_cursor(text); },
              "Start after this event; at the oldest one if left out")
          ->type_name("CURSOR");
  watch
      .add_flag_function(
          "--new", [options](int64_t) { options->request.set_only_new(true); },
          "Start after the newest event")
      ->excludes(cursor);
  watch
      .add_option_function<std::vector<std::string>>(
          "--kind",
          [options](const std::vector<std::string>& texts) { AddKinds(texts, options->request); },
          "Only this kind, such as TIP_ACCEPTED; may be repeated")
      ->type_name("KIND")
      ->allow_extra_args(false);
  AddCount(watch, "--count", &options->count, "Stop after so many events");
  watch.callback([options, &chosen] {
    chosen = [options](CommandContext& context) { return Watch(context, *options); };
  });
}

}  // namespace tipgate
