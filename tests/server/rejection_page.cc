#include "tests/server/rejection_page.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "server/rejection_handler.h"

namespace tipgate {
namespace {

constexpr absl::string_view kHead =
    R"(# Rejection codes, and what to tell people

Made by `./dev docs` from `server/rejection_texts.cc`, which ListRejectionCodes and `tipctl explain` read too. The viewer's texts
are neutral: they tell nothing about cases and sanctions, other people, or limits that are not the reader's own; for the
codes of sessions the reader is the streamer. Staff read the rest in the violation: limit, origin, used, requested, `retry_time`.
[The rules](rules.md) tell what ids and sources mean.
)";

std::string RefusedText(const v1::RejectionText& text) {
  std::vector<std::string> refused;
  if (text.refuses_tips()) refused.push_back("tips");
  if (text.refuses_recharges()) refused.push_back("recharges");
  if (text.refuses_sessions()) refused.push_back("openings of sessions");
  return absl::StrCat("refuses ", absl::StrJoin(refused, ", "));
}

std::string Section(const v1::RejectionText& text) {
  const std::string& name = v1::RejectionCode_Name(text.code());
  return absl::StrCat("\n## ", absl::StripPrefix(name, "REJECTION_CODE_"), " (", text.code(),
                      ")\n\n", absl::StrJoin(text.rule_ids(), ", "), "; source ",
                      absl::StrJoin(text.sources(), ", "), "; ", RefusedText(text), "\n\n",
                      "| | 中文 | English |\n| --- | --- | --- |\n", "| viewer | ",
                      text.viewer_zh(), " | ", text.viewer_en(), " |\n", "| staff | ",
                      text.staff_zh(), " | ", text.staff_en(), " |\n");
}

}  // namespace

std::string RejectionPage() {
  const v1::ListRejectionCodesResponse all = ListRejectionCodes(v1::REJECTION_CODE_UNSPECIFIED);
  std::string page(kHead);
  for (const v1::RejectionText& text : all.texts()) page += Section(text);
  return page;
}

}  // namespace tipgate
