#include "cli/sanction_text.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "cli/enum_text.h"
#include "cli/time_text.h"

namespace tipgate {

void AddSuspension(const v1::Suspension& suspension, Record& record) {
  if (!suspension.suspended()) return record.Add("receives", "yes");
  if (!suspension.has_resume_time()) return record.Add("receives", "no, for good");
  record.Add("receives", absl::StrCat("again from ", TimeText(suspension.resume_time()), " on"));
}

std::string SanctionsText(const v1::Streamer& streamer) {
  Table table({{"sanction", Align::kRight},
               {"kind"},
               {"since"},
               {"until"},
               {"receives from"},
               {"by"},
               {"case"},
               {"reason"}});
  for (const v1::Sanction& sanction : streamer.sanctions()) {
    table.AddRow({absl::StrCat(sanction.sanction_id()), EnumText(sanction.kind()),
                  TimeText(sanction.start_time()), TimeText(sanction.end_time()),
                  TimeText(sanction.resume_time()), sanction.identity(), sanction.case_reference(),
                  sanction.reason()});
  }
  return table.is_empty() ? "" : table.Render();
}

}  // namespace tipgate
