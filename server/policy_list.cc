#include "server/policy_list.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/hash128.h"

namespace tipgate {
namespace {

// What a token is of, so that one of another list is told from it.
constexpr absl::string_view kPrefix = "policies-";

}  // namespace

std::string MakePolicyPageToken(RecordId last) {
  Hasher128 hasher;
  hasher.Add(kPrefix);
  hasher.Add(static_cast<uint64_t>(last.value()));
  return absl::StrCat(kPrefix, last.value(), "-", hasher.Finish().ToHex());
}

std::optional<RecordId> ParsePolicyPageToken(absl::string_view token) {
  int64_t number = 0;
  const size_t end = token.rfind('-');
  if (end == absl::string_view::npos || end < kPrefix.size() ||
      !absl::SimpleAtoi(token.substr(kPrefix.size(), end - kPrefix.size()), &number)) {
    return std::nullopt;
  }
  const RecordId last(number);
  if (token != MakePolicyPageToken(last)) return std::nullopt;
  return last;
}

}  // namespace tipgate
