#include "cli/stop_text.h"

#include "absl/strings/str_cat.h"

namespace tipgate {

std::string ScopeText(const v1::StopScope& scope) {
  switch (scope.scope_case()) {
    case v1::StopScope::kEverything:
      return "everything";
    case v1::StopScope::kApp:
      return absl::StrCat("app ", scope.app());
    case v1::StopScope::kSessionId:
      return absl::StrCat("session ", scope.session_id());
    case v1::StopScope::kStreamerId:
      return absl::StrCat("streamer ", scope.streamer_id());
    case v1::StopScope::kGiftId:
      return absl::StrCat("gift ", scope.gift_id());
    case v1::StopScope::SCOPE_NOT_SET:
      break;
  }
  return "";
}

}  // namespace tipgate
