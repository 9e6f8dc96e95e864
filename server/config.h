#pragma once

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/field_faults.h"
#include "tipgate/v1/server_config.pb.h"

namespace tipgate {

// Reads the configuration file: every field that was left out has its default, every value is in
// the range that server_config.proto tells, and the paths are resolved against the file's own
// folder. `listen_address`, unless it is empty, stands instead of the file's.
absl::StatusOr<v1::ServerConfig> LoadServerConfig(const std::string& path,
                                                  const std::string& listen_address = "");

// The same for a message that was read from a file in `folder`: finds everything that is wrong with
// it, and completes it.
void CheckServerConfig(const std::filesystem::path& folder, const std::string& listen_address,
                       v1::ServerConfig* config, FieldFaults* faults);

// True for "host:port" with a port 0 .. 65535: a name, an IPv4 address, or an IPv6 address in
// brackets.
bool IsListenAddress(absl::string_view address);

// The same without IPv6, which the HTTP server of Debian does not know.
bool IsMetricsAddress(absl::string_view address);

// True if only this machine can reach a listen address: localhost, 127.0.0.0/8 or [::1].
bool IsLoopback(absl::string_view address);

// What each of them asks for, for error messages.
inline constexpr char kListenAddressExpected[] =
    "host:port with a port 0 .. 65535, such as 127.0.0.1:7443";
inline constexpr char kMetricsAddressExpected[] =
    "host:port with a name or an IPv4 address and a port 0 .. 65535, such as 127.0.0.1:9464";

}  // namespace tipgate
