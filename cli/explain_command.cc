// tipctl explain: what a rejection code means, and what to tell people.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "cli/command.h"
#include "cli/enum_text.h"
#include "cli/options.h"
#include "cli/table.h"
#include "tipgate/v1/audit.grpc.pb.h"

namespace tipgate {
namespace {

struct ExplainOptions {
  v1::ListRejectionCodesRequest request;
  bool is_chinese = false;
};

const std::string& ViewerText(const v1::RejectionText& text, bool is_chinese) {
  return is_chinese ? text.viewer_zh() : text.viewer_en();
}

const std::string& StaffText(const v1::RejectionText& text, bool is_chinese) {
  return is_chinese ? text.staff_zh() : text.staff_en();
}

std::string RefusedText(const v1::RejectionText& text) {
  std::vector<std::string> refused;
  if (text.refuses_tips()) refused.emplace_back("tips");
  if (text.refuses_recharges()) refused.emplace_back("recharges");
  if (text.refuses_sessions()) refused.emplace_back("sessions");
  return absl::StrJoin(refused, " ");
}

std::string TableText(const v1::ListRejectionCodesResponse& response, bool is_chinese) {
  Table table({{"CODE"}, {"RULES"}, {"SOURCE"}, {"REFUSES"}, {"FOR THE VIEWER"}});
  for (const v1::RejectionText& text : response.texts()) {
    table.AddRow({EnumText(text.code()), absl::StrJoin(text.rule_ids(), " "),
                  absl::StrJoin(text.sources(), " "), RefusedText(text),
                  ViewerText(text, is_chinese)});
  }
  return table.Render();
}

std::string OneText(const v1::RejectionText& text, bool is_chinese) {
  Record record;
  record.Add("code", EnumText(text.code()));
  record.Add("rules", absl::StrJoin(text.rule_ids(), " "));
  record.Add("source", absl::StrJoin(text.sources(), " "));
  record.Add("refuses", RefusedText(text));
  record.Add("viewer", ViewerText(text, is_chinese));
  record.Add("staff", StaffText(text, is_chinese));
  return record.Render();
}

ExitCode Explain(CommandContext& context, const ExplainOptions& options) {
  const auto response = context.client.Call<v1::AuditService>(
      &v1::AuditService::Stub::ListRejectionCodes, options.request);
  if (!response.ok()) return Fail(context, response.status());
  const bool is_one =
      options.request.code() != v1::REJECTION_CODE_UNSPECIFIED && response->texts_size() == 1;
  context.output.Print(*response, is_one ? OneText(response->texts(0), options.is_chinese)
                                         : TableText(*response, options.is_chinese));
  return kExitOk;
}

bool ParseIsChinese(const std::string& language) {
  if (language == "zh") return true;
  if (language == "en") return false;
  throw CLI::ValidationError("--lang", "expected zh or en, got '" + language + "'");
}

}  // namespace

void AddExplainCommand(CLI::App& root, Command& chosen) {
  CLI::App& explain =
      *root.add_subcommand("explain", "What rejection codes mean, and what to tell people");
  const auto options = std::make_shared<ExplainOptions>();
  explain
      .add_option_function<std::string>(
          "code",
          [options](const std::string& text) {
            options->request.set_code(ValueOrThrow("code", ParseEnumText<v1::RejectionCode>(text)));
          },
          "The code, such as DAY_LIMIT; all if left out")
      ->type_name("CODE");
  explain
      .add_option_function<std::string>(
          "--lang",
          [options](const std::string& text) { options->is_chinese = ParseIsChinese(text); },
          "Language of the texts: zh or en, which it is if left out; JSON has both")
      ->type_name("LANG");
  explain.callback([options, &chosen] {
    chosen = [options](CommandContext& context) { return Explain(context, *options); };
  });
}

}  // namespace tipgate
