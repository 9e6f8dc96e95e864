#include "cli/tip_text.h"

#include "absl/strings/str_cat.h"
#include "cli/decision_text.h"
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
  record.AddIfSet("cools off until", TimeText(decision.cooling_off_end_time()));
  record.AddIfSet("passes from", TimeText(decision.retry_time()));
  record.Add("decided", TimeText(decision.decide_time()));
  record.Add("policy version", absl::StrCat(decision.policy_version()));
}

}  // namespace

std::string DecisionText(const v1::TipDecision& decision) {
  Record record;
  AddDecisionLines(decision, record);
  return record.Render() + ViolationsText(decision.violations());
}

std::string TipText(const v1::Tip& tip) {
  const v1::TipIntent& intent = tip.intent();
  Record record;
  record.Add("state", EnumText(tip.state()));
  record.Add("payer", absl::StrCat(intent.payer_id()));
  record.Add("streamer", absl::StrCat(intent.streamer_id()));
  record.Add("session", absl::StrCat(intent.session_id()));
  record.Add("gift", absl::StrCat(intent.gift_id(), ", ", intent.count(), " x ",
                                  MoneyText(intent.unit_price_minor())));
  record.Add("key", intent.idempotency_key());
  AddDecisionLines(tip.decision(), record);
  return record.Render() + ViolationsText(tip.decision().violations());
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
