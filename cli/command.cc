#include "cli/command.h"

#include <random>

#include "absl/strings/str_cat.h"

namespace tipgate {

ExitCode Fail(const CommandContext& context, const absl::Status& error) {
  context.output.Note(absl::StrCat(absl::StatusCodeToString(error.code()), ": ",
                                   absl::string_view(error.message())));
  return kExitError;
}

ExitCode ExitCodeOf(v1::Outcome outcome) {
  return outcome == v1::OUTCOME_ACCEPTED ? kExitOk : kExitRejected;
}

std::string NewIdempotencyKey() {
  constexpr int kWords = 4;
  std::random_device random;
  std::string key = "tipctl-";
  for (int i = 0; i < kWords; ++i) absl::StrAppend(&key, absl::Hex(random(), absl::kZeroPad8));
  return key;
}

}  // namespace tipgate
