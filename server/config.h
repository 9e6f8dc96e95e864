#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tipgate/v1/server_config.pb.h"

namespace tipgate {

// Reads the configuration file: every field that was left out has its default, every value is in
// the range that server_config.proto tells, and the three paths are resolved against the file's own
// folder.
absl::StatusOr<v1::ServerConfig> LoadServerConfig(const std::string& path);

// True for "host:port" with a port 0 .. 65535: a name, an IPv4 address, or an IPv6 address in
// brackets.
bool IsListenAddress(absl::string_view address);

// What IsListenAddress asks for, for error messages.
inline constexpr char kListenAddressExpected[] =
    "host:port with a port 0 .. 65535, such as 127.0.0.1:7443";

}  // namespace tipgate
