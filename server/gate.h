#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/backup_store.h"
#include "core/clock.h"
#include "core/journal.h"
#include "core/key_memory.h"
#include "core/policy.h"
#include "core/state.h"
#include "core/state_store.h"
#include "server/damage_alarm.h"
#include "server/disk_watch.h"
#include "server/durable_signal.h"
#include "server/event_service.h"
#include "server/grpc_server.h"
#include "server/health.h"
#include "server/income_runner.h"
#include "server/metrics_server.h"
#include "server/pipeline.h"
#include "server/prometheus_metrics.h"
#include "server/reader_pool.h"
#include "server/service_context.h"
#include "server/settler.h"
#include "server/verify_service.h"
#include "tipgate/v1/server_config.pb.h"
#include "yaml/yaml_message.h"

namespace tipgate {

// A whole gate above its ports: state, pipeline, settlement, gRPC and metrics, built bottom-up and
// taken down in reverse. Owner's thread only.
class Gate {
 public:
  struct Ports {
    Journal* journal;
    StateStore* store;
    const Clock* clock;
    std::function<StorageHealth()> storage_health;
    DiskWatch::Measure spare_bytes;  // any thread
    BackupStore* backups = nullptr;  // null: none are configured
  };
  // Told of an error after which nothing may be acknowledged; must not return.
  using FailStop = std::function<void(const absl::Status&)>;

  // What to start with. The policy of the file comes into force if it differs from that of the
  // journal, as long as none was approved over the API; the catalogue likewise.
  struct Options {
    v1::ServerConfig config;
    Policy policy;
    YamlLocations policy_locations{"policy"};  // of its fields, for the error that one does not fit
    GiftCatalog catalog;
    int32_t format_version = 0;  // of the data directory, for GetServerInfo
    bool accepts_clock_jump = false;
    bool applies_files =
        false;  // policy and catalogue come into force whatever was put over the API
  };

  // Recovers state. DATA_LOSS: damaged bytes. FAILED_PRECONDITION: the clock or the policy does not
  // fit the journal.
  static absl::StatusOr<std::unique_ptr<Gate>> Recover(Options options, Ports ports,
                                                       FailStop fail_stop);
  ~Gate();

  // Takes both addresses, and writes nothing yet: calls wait. An error: one of them cannot be
  // listened on.
  absl::Status Listen();

  // Takes the journal, and brings policy and catalogue into force. A failed write is told to
  // `fail_stop`. UNAVAILABLE: the clock is not to be trusted.
  absl::Status Claim();

  // Answers calls from now on. Listen, Claim and Serve: once, in this order, the later ones only if
  // those before were OK.
  void Serve();

  // After Claim: refuses new calls, answers those in work, settles no more, stores state.
  void Drain();

  const std::string& listen_address() const { return listen_address_; }
  const std::string& metrics_address() const { return metrics_address_; }

 private:
  Gate(Options options, Ports ports, FailStop fail_stop);

  absl::Status RecoverState();
  absl::StatusOr<Calendar> LoadCalendar() const;
  absl::Status CheckClock(int64_t last_time_ms) const;
  void OnClock(const absl::Status& clock);
  void OnDisk(DiskLevel before, DiskLevel now, int64_t spare_bytes);
  absl::Status Run(Command* command);
  bool TakesPolicyFile(const Proposal* active) const;
  absl::Status ActivateFiles();
  absl::Status ActivatePolicy(const PolicyVisit& in_force);
  absl::Status ActivateGifts(const PolicyVisit& in_force);
  PipelineOptions MakePipelineOptions(int64_t stored_sequence) const;
  absl::Status ListenForGrpc();
  absl::Status ListenForMetrics();

  const Options options_;
  const Ports ports_;
  const FailStop fail_stop_;
  State state_;
  KeyMemory keys_;
  DurableSignal durable_signal_;
  Health health_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<DiskWatch> disk_watch_;
  std::unique_ptr<Settler> settler_;
  std::unique_ptr<IncomeRunner> income_runner_;
  std::unique_ptr<ReaderPool> readers_;
  std::unique_ptr<DamageAlarm> damage_;
  ServiceContext services_;
  std::unique_ptr<EventService> events_;
  std::unique_ptr<VerifyService> verification_;
  std::unique_ptr<GrpcServer> grpc_;
  std::unique_ptr<PrometheusMetrics> metrics_;
  std::unique_ptr<MetricsServer> metrics_server_;
  std::string listen_address_;
  std::string metrics_address_;
};

}  // namespace tipgate
