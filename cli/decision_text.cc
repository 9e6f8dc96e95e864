#include "cli/decision_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/enum_text.h"
#include "cli/money_text.h"
#include "cli/table.h"
#include "cli/time_text.h"

namespace tipgate {
namespace {

// The one limit that counts sessions, not money.
std::string QuantityText(v1::RejectionCode code, int64_t quantity) {
  if (code == v1::REJECTION_CODE_SESSION_COUNT_LIMIT) return absl::StrCat(quantity, " sessions");
  return MoneyText(quantity);
}

void AddViolation(const v1::Violation& violation, Table& table) {
  const v1::RejectionCode code = violation.code();
  const bool has_limit = violation.origin() != v1::LIMIT_ORIGIN_UNSPECIFIED ||
                         code == v1::REJECTION_CODE_INSUFFICIENT_BALANCE;
  const auto quantity = [&](int64_t value) {
    return has_limit ? QuantityText(code, value) : std::string();
  };
  std::string rule = EnumText(code);
  if (violation.period() != v1::PERIOD_UNSPECIFIED) {
    absl::StrAppend(&rule, " (", EnumText(violation.period()), ")");
  }
  table.AddRow({rule, quantity(violation.limit_minor()), quantity(violation.used_minor()),
                quantity(violation.requested_minor()), EnumText(violation.origin()),
                TimeText(violation.retry_time())});
}

}  // namespace

std::string RejectionCodesText(const google::protobuf::RepeatedField<int>& codes) {
  return absl::StrJoin(codes, ",", [](std::string* text, int code) {
    text->append(EnumText(static_cast<v1::RejectionCode>(code)));
  });
}

std::string ViolationsText(const google::protobuf::RepeatedPtrField<v1::Violation>& violations) {
  if (violations.empty()) return "";
  Table table({{"REFUSED BY"},
               {"LIMIT", Align::kRight},
               {"USED", Align::kRight},
               {"REQUESTED", Align::kRight},
               {"LIMIT FROM"},
               {"PASSES FROM"}});
  for (const v1::Violation& violation : violations) AddViolation(violation, table);
  return "\n" + table.Render();
}

std::string BindingCode(const google::protobuf::RepeatedPtrField<v1::Violation>& violations) {
  return violations.empty() ? "" : EnumText(violations.Get(0).code());
}

std::string ReminderText(const v1::Reminder& reminder) {
  return absl::StrCat(EnumText(reminder.period()), " ", reminder.threshold_permille(), "‰");
}

std::string RemindersText(const google::protobuf::RepeatedPtrField<v1::Reminder>& reminders) {
  return absl::StrJoin(reminders, ", ", [](std::string* text, const v1::Reminder& reminder) {
    text->append(ReminderText(reminder));
  });
}

void AppendId(const char* name, int64_t id, std::string& line) {
  if (id != 0) absl::StrAppend(&line, " ", name, "=", id);
}

void AppendText(const char* name, const std::string& text, std::string& line) {
  if (!text.empty()) absl::StrAppend(&line, " ", name, "=", text);
}

std::string TotalText(int64_t total_minor, int64_t left_minor) {
  return absl::StrCat(MoneyText(total_minor), " used, ", MoneyText(left_minor), " left");
}

}  // namespace tipgate
