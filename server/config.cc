#include "server/config.h"

#include <arpa/inet.h>

#include <algorithm>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/field_rules.h"
#include "yaml/duration_text.h"
#include "yaml/yaml_message.h"

namespace tipgate {
namespace {

constexpr int64_t kKiB = 1 << 10;
constexpr int64_t kMiB = 1 << 20;
constexpr int64_t kTiB = kMiB << 20;
constexpr int64_t kPiB = kTiB << 10;
constexpr int64_t kDiskWarnDefault = 4096 * kMiB;

constexpr FieldRule kRules[] = {
    WithDefault("idempotency_retention", kMinuteMs, 90 * kDayMs, 7 * kDayMs),
    WithDefault("queue_calls_max", 2, 1'048'576, 65'536),
    WithDefault("queue_requests_max", 8'192, 16'777'216, 262'144),
    WithDefault("batch_requests_max", 1, 16'384, 8'192),
    WithDefault("grpc_threads", 1, 64, 1),
    WithDefault("reader_threads", 1, 64, 1),
    WithDefault("tip_streams_max", 1, 100'000, 1'000),
    WithDefault("watchers_max", 1, 10'000, 64),
    WithDefault("checkpoint_interval", 10, kHourMs, 10 * kSecondMs),
    WithDefault("clock_jump_max", kSecondMs, 366 * kDayMs, kHourMs),
    WithDefault("payers_max", 1, 1'000'000'000, 1'000'000'000),
    WithDefault("payers_resident_max", 1, 100'000'000, 10'000'000),
    WithDefault("streamers_max", 1, 100'000'000, 5'000'000),
    WithDefault("sessions_max", 1, 100'000'000, 5'000'000),
    WithDefault("recharges_max", 1, 100'000'000, 5'000'000),
    WithDefault("tips_max", 1, 100'000'000, 5'000'000),
    WithDefault("income_jobs_max", 1, 1'000'000, 100'000),
    WithDefault("message_bytes_max", 64 * kKiB, 64 * kMiB, 4 * kMiB),
    WithDefault("block_cache_bytes", kMiB, kTiB, 512 * kMiB),
    WithDefault("key_filter_bytes", kMiB, kTiB, 512 * kMiB),
    // No less than a start needs (DatabaseOptions): who was stopped by it can always start again.
    WithDefault("disk_stop_bytes", 64 * kMiB, kTiB, 1024 * kMiB),
    WithDefault("backup_bytes_per_second_max", kMiB, kTiB, 64 * kMiB),
    WithDefault("backups_kept_max", 1, 10'000, 30),
};

bool IsPath(absl::string_view text) { return !text.empty(); }

bool IsHostCharacter(unsigned char c) {
  return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '_';
}

bool IsIpv6Character(unsigned char c) { return IsHostCharacter(c) || c == ':' || c == '%'; }

bool IsPowerOfTwo(int32_t value) { return value > 0 && (value & (value - 1)) == 0; }

// What an address must be, and what it is if the file does not say.
struct AddressRule {
  const char* field;
  bool (*is_valid)(absl::string_view);
  const char* expected;
  const char* default_value;
};

constexpr AddressRule kListenRule = {.field = "listen_address",
                                     .is_valid = IsListenAddress,
                                     .expected = kListenAddressExpected,
                                     .default_value = "127.0.0.1:7443"};
constexpr AddressRule kMetricsRule = {.field = "metrics_address",
                                      .is_valid = IsMetricsAddress,
                                      .expected = kMetricsAddressExpected,
                                      .default_value = "127.0.0.1:9464"};

void CheckAddress(const AddressRule& rule, std::string* address, FieldFaults* faults) {
  if (!faults->Has(rule.field)) {
    *address = rule.default_value;
  } else {
    CheckText(rule.field, *address, rule.is_valid, rule.expected, faults);
  }
}

void ResolvePath(const char* field, const std::filesystem::path& folder, std::string* path,
                 FieldFaults* faults) {
  if (CheckText(field, *path, IsPath, "a path", faults)) {
    *path = (folder / *path).lexically_normal().string();
  }
}

// It must not come after what it warns of.
void CompleteDiskWarning(v1::ServerConfig* config, FieldFaults* faults) {
  const int64_t stop_bytes = config->disk_stop_bytes();
  if (!faults->Has("disk_warn_bytes")) {
    config->set_disk_warn_bytes(std::max(kDiskWarnDefault, stop_bytes));
  } else {
    CheckRange("disk_warn_bytes", config->disk_warn_bytes(), stop_bytes, kPiB, faults);
  }
}

void CompleteConfig(const std::filesystem::path& folder, v1::ServerConfig* config,
                    FieldFaults* faults) {
  if (ApplyFieldRules(kRules, "", config, faults)) {
    if (!IsPowerOfTwo(config->queue_calls_max())) {
      faults->Add("queue_calls_max", "a power of two", std::to_string(config->queue_calls_max()));
    }
    CompleteDiskWarning(config, faults);
  }
  CheckAddress(kListenRule, config->mutable_listen_address(), faults);
  CheckAddress(kMetricsRule, config->mutable_metrics_address(), faults);
  ResolvePath("data_dir", folder, config->mutable_data_dir(), faults);
  ResolvePath("policy_file", folder, config->mutable_policy_file(), faults);
  ResolvePath("gifts_file", folder, config->mutable_gifts_file(), faults);
  if (faults->Has("backup_dir")) {
    ResolvePath("backup_dir", folder, config->mutable_backup_dir(), faults);
  }
}

// Identities that are only claimed are not for a network.
void CheckIdentities(const v1::ServerConfig& config, FieldFaults* faults) {
  if (!config.development_identities() || IsLoopback(config.listen_address())) return;
  faults->Add("development_identities",
              "false, or a loopback listen_address such as 127.0.0.1:7443",
              absl::StrCat("true with ", config.listen_address()));
}

}  // namespace

absl::StatusOr<v1::ServerConfig> LoadServerConfig(const std::string& path,
                                                  const std::string& listen_address) {
  v1::ServerConfig config;
  const absl::StatusOr<YamlLocations> locations = ReadYamlFile(path, &config);
  if (!locations.ok()) return locations.status();
  FieldFaults faults(&*locations);
  CheckServerConfig(std::filesystem::path(path).parent_path(), listen_address, &config, &faults);
  if (!faults.is_empty()) return faults.First();
  return config;
}

void CheckServerConfig(const std::filesystem::path& folder, const std::string& listen_address,
                       v1::ServerConfig* config, FieldFaults* faults) {
  CompleteConfig(folder, config, faults);
  if (!listen_address.empty()) config->set_listen_address(listen_address);
  CheckIdentities(*config, faults);
}

bool IsListenAddress(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos) return false;
  absl::string_view host = address.substr(0, colon);
  const absl::string_view port = address.substr(colon + 1);
  const bool is_bracketed = absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  const auto is_allowed = is_bracketed ? IsIpv6Character : IsHostCharacter;
  if (host.empty() || !std::all_of(host.begin(), host.end(), is_allowed)) return false;
  constexpr int kPortMax = 65'535;
  constexpr size_t kPortDigitsMax = 5;
  int number = 0;
  return !port.empty() && port.size() <= kPortDigitsMax &&
         std::all_of(port.begin(), port.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(port, &number) && number <= kPortMax;
}

bool IsLoopback(absl::string_view address) {
  if (!IsListenAddress(address)) return false;
  const std::string host(address.substr(0, address.rfind(':')));
  in_addr ipv4{};
  constexpr uint32_t kLoopbackNet = 127;
  if (inet_pton(AF_INET, host.c_str(), &ipv4) == 1) return ntohl(ipv4.s_addr) >> 24 == kLoopbackNet;
  return host == "localhost" || host == "[::1]";
}

bool IsMetricsAddress(absl::string_view address) {
  return IsListenAddress(address) && !absl::StartsWith(address, "[");
}

}  // namespace tipgate
