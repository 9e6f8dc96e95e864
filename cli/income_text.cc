#include "cli/income_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/enum_text.h"
#include "cli/money_text.h"
#include "cli/time_text.h"

namespace tipgate {
namespace {

std::string WhoseText(const v1::IncomeScope& scope) {
  switch (scope.scope_case()) {
    case v1::IncomeScope::kTipId:
      return absl::StrCat("tip ", scope.tip_id());
    case v1::IncomeScope::kSessionId:
      return absl::StrCat("session ", scope.session_id());
    case v1::IncomeScope::kStreamerId:
      return absl::StrCat("streamer ", scope.streamer_id());
    case v1::IncomeScope::kAgencyId:
      return absl::StrCat("agency ", scope.agency_id());
    case v1::IncomeScope::kWholeCase:
      return "the whole case";
    case v1::IncomeScope::kPayerId:
      return absl::StrCat("payer ", scope.payer_id());
    case v1::IncomeScope::kEverything:
      return "everything";
    case v1::IncomeScope::SCOPE_NOT_SET:
      break;
  }
  return "";
}

// In percent, with the tenth.
std::string ProgressText(const v1::IncomeJob& job) {
  if (job.done()) return "done";
  return absl::StrFormat("%d.%d %%", job.progress_permille() / 10, job.progress_permille() % 10);
}

}  // namespace

std::string IncomeScopeText(const v1::IncomeScope& scope) {
  std::string text = WhoseText(scope);
  if (scope.has_start_time()) absl::StrAppend(&text, " from ", TimeText(scope.start_time()));
  if (scope.has_end_time()) absl::StrAppend(&text, " until ", TimeText(scope.end_time()));
  return text;
}

std::string IncomeJobText(const v1::IncomeJob& job) {
  Record record;
  record.Add("job", absl::StrCat(job.job_id()));
  record.Add("what", EnumText(job.action()));
  record.Add("which tips", IncomeScopeText(job.scope()));
  if (job.permille() != 0) record.Add("permille", absl::StrCat(job.permille()));
  record.Add("case", job.case_reference());
  record.AddIfSet("reason", job.reason());
  record.Add("by", job.identity());
  record.Add("progress", ProgressText(job));
  record.Add("tips", absl::StrCat(job.tips_count()));
  record.Add("skipped", absl::StrCat(job.skipped_count()));
  record.Add("amount", MoneyText(job.amount_minor()));
  record.Add("started", TimeText(job.start_time()));
  record.AddIfSet("done", TimeText(job.done_time()));
  return record.Render();
}

Table IncomeJobTable() {
  return Table({{"JOB", Align::kRight},
                {"WHAT"},
                {"WHICH TIPS"},
                {"CASE"},
                {"PROGRESS", Align::kRight},
                {"TIPS", Align::kRight},
                {"AMOUNT", Align::kRight},
                {"STARTED"},
                {"BY"}});
}

void AddIncomeJobRow(const v1::IncomeJob& job, Table& table) {
  table.AddRow({absl::StrCat(job.job_id()), EnumText(job.action()), IncomeScopeText(job.scope()),
                job.case_reference(), ProgressText(job), absl::StrCat(job.tips_count()),
                MoneyText(job.amount_minor()), TimeText(job.start_time()), job.identity()});
}

}  // namespace tipgate
