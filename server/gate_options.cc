#include "server/gate_options.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config.h"
#include "server/policy_conversion.h"
#include "server/policy_file.h"

namespace tipgate {
namespace {

// A backup is to outlive the directory that it is of.
absl::Status CheckBackupDir(const v1::ServerConfig& config) {
  namespace fs = std::filesystem;
  if (config.backup_dir().empty()) return absl::OkStatus();
  const fs::path data = fs::absolute(config.data_dir()).lexically_normal();
  const fs::path relative =
      fs::absolute(config.backup_dir()).lexically_normal().lexically_relative(data);
  if (!relative.empty() && *relative.begin() != "..") {
    return absl::InvalidArgumentError(absl::StrCat("backup_dir: ", config.backup_dir(),
                                                   " is in the data directory ", config.data_dir(),
                                                   "; name one outside of it"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Gate::Options> LoadGateOptions(const CommandLine& flags, int32_t format_version) {
  absl::StatusOr<v1::ServerConfig> config =
      LoadServerConfig(flags.config_file, flags.listen_address);
  if (!config.ok()) return config.status();
  if (!flags.data_dir.empty()) config->set_data_dir(flags.data_dir);
  if (absl::Status status = CheckBackupDir(*config); !status.ok()) return status;
  if (!flags.metrics_address.empty()) config->set_metrics_address(flags.metrics_address);
  if (!flags.policy_file.empty()) config->set_policy_file(flags.policy_file);
  if (!flags.gifts_file.empty()) config->set_gifts_file(flags.gifts_file);
  absl::StatusOr<PolicyFile> policy = LoadPolicy(config->policy_file());
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<v1::GiftCatalog> gifts = LoadGifts(config->gifts_file());
  if (!gifts.ok()) return gifts.status();
  return Gate::Options{.config = *std::move(config),
                       .policy = ToPolicy(policy->policy),
                       .policy_locations = std::move(policy->locations),
                       .catalog = ToGiftCatalog(*gifts),
                       .format_version = format_version,
                       .accepts_clock_jump = flags.accepts_clock_jump,
                       .applies_files = flags.applies_files};
}

}  // namespace tipgate
