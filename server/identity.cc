#include "server/identity.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "core/inline_text.h"

namespace tipgate {
namespace {

bool IsIdentityByte(unsigned char c) {
  return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
}

}  // namespace

bool IsIdentity(absl::string_view text) {
  return !text.empty() && text.size() <= ActorName::kSizeMax &&
         std::all_of(text.begin(), text.end(), IsIdentityByte);
}

std::string IdentityOf(const grpc::ServerContext& context, IdentitySource source) {
  if (source == IdentitySource::kNone) return "";
  const auto [first, last] = context.client_metadata().equal_range(kIdentityMetadata);
  if (first == last || std::next(first) != last) return "";
  const std::string identity(first->second.data(), first->second.size());
  return IsIdentity(identity) ? identity : "";
}

}  // namespace tipgate
