#include "server/gate_options.h"

#include <utility>

#include "server/config.h"
#include "server/policy_conversion.h"
#include "server/policy_file.h"

namespace tipgate {

absl::StatusOr<Gate::Options> LoadGateOptions(const CommandLine& flags, int32_t format_version) {
  absl::StatusOr<v1::ServerConfig> config =
      LoadServerConfig(flags.config_file, flags.listen_address);
  if (!config.ok()) return config.status();
  if (!flags.data_dir.empty()) config->set_data_dir(flags.data_dir);
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
