#include "cli/tip_text.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "cli/decision_text.h"
#include "cli/display_text.h"
#include "cli/enum_text.h"
#include "cli/money_text.h"
#include "cli/time_text.h"

namespace tipgate {
namespace {

void AddDecisionLines(const v1::TipDecision& decision, Record& record) {
  record.Add("outcome", EnumText(decision.outcome()));
  record.AddIfSet("tip", decision.tip_id() == 0 ? "" : absl::StrCat(decision.tip_id()));
  record.Add("amount", MoneyText(decision.amount_minor()));
  record.Add("would pass next", absl::StrCat(MoneyText(decision.amount_max_minor()), " (",
                                             decision.count_max(), " pieces)"));
  record.Add("day", TotalText(decision.day_total_minor(), decision.day_left_minor()));
  record.Add("month", TotalText(decision.month_total_minor(), decision.month_left_minor()));
  record.AddIfSet("reminders", RemindersText(decision.reminders()));
  record.AddIfSet("settles", TimeText(decision.settle_time()));
  record.AddIfSet("held until", TimeText(decision.expire_time()));
  record.AddIfSet("cools off until", TimeText(decision.cooling_off_end_time()));
  record.AddIfSet("balance",
                  decision.has_balance_minor() ? MoneyText(decision.balance_minor()) : "");
  record.AddIfSet("passes from", TimeText(decision.retry_time()));
  record.Add("decided", TimeText(decision.decide_time()));
  record.Add("policy version", absl::StrCat(decision.policy_version()));
}

void AddMoneyIfAny(const char* name, int64_t minor, Record& record) {
  if (minor != 0) record.Add(name, MoneyText(minor));
}

// What has become of it since the decision.
void AddLifeLines(const v1::Tip& tip, Record& record) {
  record.Add("state", EnumText(tip.state()));
  if (tip.state() == v1::TIP_STATE_REJECTED) return;
  record.Add("left", MoneyText(tip.left_minor()));
  AddMoneyIfAny("released", tip.released_minor(), record);
  AddMoneyIfAny("refunded", tip.refunded_minor(), record);
  record.AddIfSet("paid from", tip.paid_from_balance() ? "the balance" : "");
  if (!tip.decision().has_settle_time()) {
    record.AddIfSet("income settles", TimeText(tip.settle_time()));
  }
  record.AddIfSet("frozen for", absl::StrJoin(tip.freeze_case_references(), ", "));
  record.AddIfSet("agency", tip.agency_id() == 0 ? "" : absl::StrCat(tip.agency_id()));
  AddMoneyIfAny("streamer's share", tip.streamer_share_minor(), record);
  AddMoneyIfAny("agency's share", tip.agency_share_minor(), record);
  AddMoneyIfAny("platform's share", tip.platform_share_minor(), record);
}

std::string CodesText(const v1::TipDecision& decision) {
  return absl::StrJoin(decision.violations(), ",",
                       [](std::string* text, const v1::Violation& violation) {
                         text->append(EnumText(violation.code()));
                       });
}

std::string DecisionLine(const std::string& key, const v1::TipDecision& decision) {
  std::string line = EnumText(decision.outcome());
  AppendId("tip", decision.tip_id(), line);
  AppendText("key", key, line);
  AppendText("amount", MoneyText(decision.amount_minor()), line);
  if (decision.violations_size() > 0) {
    AppendText("refused_by", CodesText(decision), line);
    AppendText("would_pass", MoneyText(decision.amount_max_minor()), line);
  }
  AppendText("passes_from", TimeText(decision.retry_time()), line);
  AppendText("reached", RemindersText(decision.reminders()), line);
  AppendText("settles", TimeText(decision.settle_time()), line);
  AppendText("held_until", TimeText(decision.expire_time()), line);
  AppendText("cools_off_until", TimeText(decision.cooling_off_end_time()), line);
  return line;
}

// The field of the tip itself: which of its call it was says nothing to people.
absl::string_view FieldInTip(absl::string_view field) {
  const size_t dot = field.find("].");
  return dot == absl::string_view::npos ? field : field.substr(dot + 2);
}

std::string ErrorLine(const std::string& key, const v1::TipError& error) {
  // gRPC's and Abseil's codes are the same numbers by design.
  std::string line = absl::StatusCodeToString(static_cast<absl::StatusCode>(error.code()));
  AppendText("key", key, line);
  AppendText("field", std::string(FieldInTip(error.field())), line);
  AppendText("reason", EnumText(error.reason()), line);
  // The message begins with the field, too.
  return absl::StrCat(line, ": ",
                      absl::StripPrefix(error.message(), absl::StrCat(error.field(), ": ")));
}

}  // namespace

std::string TipResultText(const std::string& key, const v1::TipResult& result) {
  return EscapeControls(result.has_decision() ? DecisionLine(key, result.decision())
                                              : ErrorLine(key, result.error())) +
         "\n";
}

std::string DecisionText(const v1::TipDecision& decision) {
  Record record;
  AddDecisionLines(decision, record);
  return record.Render() + ViolationsText(decision.violations());
}

std::string TipText(const v1::Tip& tip) {
  const v1::TipIntent& intent = tip.intent();
  Record record;
  AddLifeLines(tip, record);
  record.Add("payer", absl::StrCat(intent.payer_id()));
  record.Add("streamer", absl::StrCat(intent.streamer_id()));
  record.Add("session", absl::StrCat(intent.session_id()));
  record.Add("gift", absl::StrCat(intent.gift_id(), ", ", intent.count(), " x ",
                                  MoneyText(intent.unit_price_minor())));
  record.Add("key", intent.idempotency_key());
  AddDecisionLines(tip.decision(), record);
  return record.Render() + ViolationsText(tip.decision().violations());
}

std::string TipChangeText(const v1::TipChange& change) {
  Record record;
  record.Add("outcome", EnumText(change.outcome()));
  record.Add("tip", absl::StrCat(change.tip_id()));
  record.Add("state", EnumText(change.state()));
  AddMoneyIfAny("amount", change.amount_minor(), record);
  record.Add("left", MoneyText(change.left_minor()));
  AddMoneyIfAny("released", change.released_minor(), record);
  AddMoneyIfAny("refunded", change.refunded_minor(), record);
  AddMoneyIfAny("back to balance", change.to_balance_minor(), record);
  record.AddIfSet("settles", TimeText(change.settle_time()));
  record.Add("decided", TimeText(change.decide_time()));
  record.Add("policy version", absl::StrCat(change.policy_version()));
  return record.Render() + ViolationsText(change.violations());
}

Table TipTable() {
  return Table({{"DECIDED"},
                {"TIP", Align::kRight},
                {"STATE"},
                {"PAYER", Align::kRight},
                {"STREAMER", Align::kRight},
                {"SESSION", Align::kRight},
                {"GIFT", Align::kRight},
                {"COUNT", Align::kRight},
                {"AMOUNT", Align::kRight},
                {"REFUSED BY"}});
}

void AddTipRow(const v1::Tip& tip, Table& table) {
  const v1::TipIntent& intent = tip.intent();
  const v1::TipDecision& decision = tip.decision();
  table.AddRow({TimeText(decision.decide_time()), absl::StrCat(decision.tip_id()),
                EnumText(tip.state()), absl::StrCat(intent.payer_id()),
                absl::StrCat(intent.streamer_id()), absl::StrCat(intent.session_id()),
                absl::StrCat(intent.gift_id()), absl::StrCat(intent.count()),
                MoneyText(decision.amount_minor()), BindingCode(decision.violations())});
}

}  // namespace tipgate
