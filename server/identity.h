#pragma once

#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/strings/string_view.h"

namespace tipgate {

// What tells a server who makes a call.
enum class IdentitySource {
  kNone,                 // nothing: nobody has an identity
  kDevelopmentMetadata,  // the caller's own word, kIdentityMetadata
};

inline constexpr char kIdentityMetadata[] = "tipgate-identity";

// True for 1 .. 32 letters, digits, '-', '_' and '.'.
bool IsIdentity(absl::string_view text);

// Who makes the call; empty if that is not known, also because it is told twice or malformed.
std::string IdentityOf(const grpc::ServerContext& context, IdentitySource source);

}  // namespace tipgate
