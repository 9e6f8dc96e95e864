#include "server/gate.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/recovery.h"
#include "server/handlers.h"
#include "server/log.h"
#include "server/open_files.h"
#include "server/policy_continuity.h"
#include "server/policy_conversion.h"
#include "server/run_command.h"
#include "server/version.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

// A clock that is further ahead of the journal when the gate starts must be accepted by hand.
constexpr int64_t kStartJumpMaxMs = 31 * kDayMs;

constexpr int64_t kMiB = int64_t{1} << 20;

}  // namespace

Gate::Gate(Options options, Ports ports, FailStop fail_stop)
    : options_(std::move(options)), ports_(std::move(ports)), fail_stop_(std::move(fail_stop)) {}

Gate::~Gate() = default;

absl::StatusOr<std::unique_ptr<Gate>> Gate::Recover(Options options, Ports ports,
                                                    FailStop fail_stop) {
  std::unique_ptr<Gate> gate(new Gate(std::move(options), std::move(ports), std::move(fail_stop)));
  if (absl::Status status = gate->RecoverState(); !status.ok()) return status;
  return gate;
}

absl::Status Gate::RecoverState() {
  const absl::StatusOr<RecoveryReport> report = tipgate::Recover(
      *ports_.journal, *ports_.store, options_.config.payers_resident_max(), &state_, &keys_);
  if (!report.ok()) return report.status();
  const JournalHead head = ports_.journal->Head();
  Log(Severity::kInfo, absl::StrCat("recovered: journal ends at entry ", head.sequence,
                                    ", state of entry ", report->stored_sequence, " + ",
                                    report->entries_folded_count, " entries folded in"));
  if (absl::Status status = CheckClock(head.time_ms); !status.ok()) return status;
  absl::StatusOr<Calendar> calendar = LoadCalendar();
  if (!calendar.ok()) return calendar.status();
  Entry last;
  if (head.sequence > 0) {
    if (absl::Status status = ports_.journal->Read(head.sequence, &last); !status.ok()) {
      return status;
    }
  }
  Timeline timeline(*std::move(calendar), last.moment,
                    Milliseconds(options_.config.clock_jump_max()));
  pipeline_ = std::make_unique<Pipeline>(
      MakePipelineOptions(report->stored_sequence),
      PipelinePorts{ports_.journal, ports_.store, ports_.clock}, &state_, &keys_, timeline,
      head.sequence,
      PipelineListeners{
          .fail_stop = fail_stop_,
          .on_durable = [this](int64_t sequence) { durable_signal_.Notify(sequence); },
          .on_clock = [this](const absl::Status& clock) { OnClock(clock); }});
  return absl::OkStatus();
}

// What people have agreed on over the API stays, whatever the file says.
bool Gate::TakesPolicyFile(const Proposal* active) const {
  return options_.applies_files || active == nullptr || active->proposer.empty();
}

// FAILED_PRECONDITION if the policy of the file comes into force and does not fit.
absl::StatusOr<Calendar> Gate::LoadCalendar() const {
  if (!TakesPolicyFile(state_.policies.active())) return Calendar::Load(state_.policy->time_zone);
  absl::Status continuity =
      CheckPolicyContinuity(state_, options_.policy, options_.policy_locations);
  if (!continuity.ok()) return continuity;
  return Calendar::Load(options_.policy.time_zone);
}

absl::Status Gate::CheckClock(int64_t last_time_ms) const {
  const int64_t wall_ms = ports_.clock->WallNs() / kNanosPerMilli;
  if (wall_ms < last_time_ms) {
    Log(Severity::kWarning,
        absl::StrCat("the clock is ", DurationText(last_time_ms - wall_ms),
                     " behind the journal; time stands still until it has caught up"));
  }
  const bool jumps = last_time_ms != 0 && wall_ms - last_time_ms > kStartJumpMaxMs;
  if (!jumps || options_.accepts_clock_jump) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the clock is ", DurationText(wall_ms - last_time_ms),
      " ahead of the journal; set it right, or start with --accept-clock-jump if it is right"));
}

PipelineOptions Gate::MakePipelineOptions(int64_t stored_sequence) const {
  const v1::ServerConfig& config = options_.config;
  return {.limits = {.payers_max = config.payers_max(),
                     .payers_resident_max = config.payers_resident_max(),
                     .streamers_max = config.streamers_max(),
                     .sessions_max = config.sessions_max(),
                     .recharges_max = config.recharges_max(),
                     .tips_max = config.tips_max(),
                     .income_jobs_max = config.income_jobs_max(),
                     .idempotency_retention_ms = Milliseconds(config.idempotency_retention())},
          .ring_calls_max = config.queue_calls_max(),
          .requests_max = config.queue_requests_max(),
          .batch_requests_max = config.batch_requests_max(),
          .checkpoint_interval_ns = Milliseconds(config.checkpoint_interval()) * kNanosPerMilli,
          .stored_sequence = stored_sequence};
}

absl::Status Gate::Listen() {
  readers_ =
      std::make_unique<ReaderPool>(ports_.journal, ports_.clock, options_.config.reader_threads());
  if (absl::Status status = ListenForGrpc(); !status.ok()) return status;
  return ListenForMetrics();
}

absl::Status Gate::Claim() {
  if (absl::StatusOr<int64_t> term = ports_.journal->Claim(); !term.ok()) {
    fail_stop_(term.status());
    return term.status();
  }
  pipeline_->Start();
  settler_ = std::make_unique<Settler>(pipeline_.get(), ports_.journal, ports_.clock, fail_stop_);
  settler_->Start();
  income_runner_ =
      std::make_unique<IncomeRunner>(pipeline_.get(), ports_.journal, ports_.store, fail_stop_);
  income_runner_->Start();
  return ActivateFiles();
}

void Gate::Serve() {
  disk_watch_ =
      std::make_unique<DiskWatch>(DiskMarks{.warn_bytes = options_.config.disk_warn_bytes(),
                                            .stop_bytes = options_.config.disk_stop_bytes()},
                                  ports_.spare_bytes, &pipeline_->stats(),
                                  [this](DiskLevel before, DiskLevel now, int64_t spare_bytes) {
                                    OnDisk(before, now, spare_bytes);
                                  });
  disk_watch_->Start();
  grpc_->Serve();
  health_.SetServing(true);
  health_.SetListener([this](bool is_serving) { grpc_->SetServing(is_serving); });
}

void Gate::OnClock(const absl::Status& clock) {
  if (clock.ok()) {
    Log(Severity::kInfo, "the clock has come back; calls are decided again");
  } else {
    Log(Severity::kError, absl::StrCat("every call is refused: ", clock.message()));
  }
  health_.SetClock(clock);
}

void Gate::OnDisk(DiskLevel before, DiskLevel now, int64_t spare_bytes) {
  const std::string room = absl::StrCat("the volume of ", options_.config.data_dir(), " has ",
                                        spare_bytes / kMiB, " MiB to spare");
  const int64_t stop_mib = options_.config.disk_stop_bytes() / kMiB;
  absl::Status full;
  if (now == DiskLevel::kFull) {
    full = absl::UnavailableError(absl::StrCat("every change is refused: ", room,
                                               ", and disk_stop_bytes is ", stop_mib,
                                               " MiB; free some space"));
    Log(Severity::kError, full.message());
  } else if (before == DiskLevel::kFull) {
    Log(Severity::kInfo, absl::StrCat(room, " again; changes are taken again"));
  }
  if (now == DiskLevel::kLow) {
    Log(Severity::kWarning, absl::StrCat(room, "; free some space: with less than ", stop_mib,
                                         " MiB (disk_stop_bytes) every change is refused"));
  } else if (now == DiskLevel::kAmple && before == DiskLevel::kLow) {
    Log(Severity::kInfo, absl::StrCat(room, " again"));
  }
  health_.SetDisk(full);
}

absl::Status Gate::Run(Command* command) {
  const std::optional<CallError> error = RunCommand(pipeline_.get(), command);
  return error.has_value() ? absl::UnavailableError(error->message) : absl::OkStatus();
}

// What the files say becomes what is in force, at one point of the journal.
absl::Status Gate::ActivateFiles() {
  constexpr int32_t kInForce = 0;
  PolicyVisit asked;
  asked.of = kInForce;
  Command visit = std::move(asked);
  if (absl::Status status = Run(&visit); !status.ok()) return status;
  const PolicyVisit& in_force = std::get<PolicyVisit>(visit);
  if (absl::Status status = ActivateGifts(in_force); !status.ok()) return status;
  return ActivatePolicy(in_force);
}

absl::Status Gate::ActivateGifts(const PolicyVisit& in_force) {
  if (in_force.catalog != nullptr && SameCatalog(*in_force.catalog, options_.catalog)) {
    return absl::OkStatus();
  }
  if (!options_.applies_files && !in_force.gifts_actor.empty()) {
    Log(Severity::kWarning,
        absl::StrCat("gift catalogue version ", in_force.gifts_version,
                     ", which was put over the API, stays in force; ", options_.config.gifts_file(),
                     " says otherwise and is not used: put it with tipctl gifts put, or start with "
                     "--apply-files"));
    return absl::OkStatus();
  }
  Command command =
      CatalogCommand{.catalog = std::make_shared<const GiftCatalog>(options_.catalog)};
  return Run(&command);
}

absl::Status Gate::ActivatePolicy(const PolicyVisit& in_force) {
  if (in_force.policy != nullptr && SamePolicy(*in_force.policy, options_.policy)) {
    return absl::OkStatus();
  }
  if (!TakesPolicyFile(in_force.found.empty() ? nullptr : &in_force.found.front())) {
    Log(Severity::kWarning,
        absl::StrCat("policy version ", in_force.policy->version,
                     ", which was approved over the API, stays in force; ",
                     options_.config.policy_file(),
                     " says otherwise and is not used: propose it with tipctl policy propose, or "
                     "start with --apply-files"));
    return absl::OkStatus();
  }
  Command command = PolicyCommand{.policy = std::make_shared<const Policy>(options_.policy)};
  return Run(&command);
}

absl::Status Gate::ListenForGrpc() {
  damage_ = std::make_unique<DamageAlarm>(&pipeline_->stats().damaged_reads, ports_.clock);
  services_ = {.pipeline = pipeline_.get(),
               .journal = ports_.journal,
               .store = ports_.store,
               .backups = ports_.backups,
               .readers = readers_.get(),
               .stats = &pipeline_->stats(),
               .damage = damage_.get(),
               .version = kVersion,
               .format_version = options_.format_version,
               .idempotency_retention_ms = Milliseconds(options_.config.idempotency_retention()),
               .start_time_ms = ports_.clock->WallNs() / kNanosPerMilli};
  events_ = std::make_unique<EventService>(ports_.journal, &durable_signal_, damage_.get());
  verification_ = std::make_unique<VerifyService>(
      ports_.journal, damage_.get(),
      [this](Command* command) { return RunCommand(pipeline_.get(), command); });
  GrpcServer::Handlers handlers = MakeHandlers(&services_);
  handlers.watch_events = [this](ResponseStream& stream) { return events_->WatchEvents(stream); };
  handlers.verify_journal = [this](ResponseStream& stream) {
    return verification_->VerifyJournal(stream);
  };
  absl::StatusOr<std::unique_ptr<GrpcServer>> server = GrpcServer::Listen(
      {.address = options_.config.listen_address(),
       .grpc_threads = options_.config.grpc_threads(),
       .message_bytes_max = options_.config.message_bytes_max(),
       .tip_streams_max = options_.config.tip_streams_max(),
       .watchers_max = options_.config.watchers_max(),
       .identity_source = options_.config.development_identities()
                              ? IdentitySource::kDevelopmentMetadata
                              : IdentitySource::kNone,
       .connection_files_max = OpenFilesMax() - int{kOpenFilesReserve},
       .connections_refused = &pipeline_->stats().connections_refused,
       .unsent_replies = {.bytes = &pipeline_->stats().unsent_reply_bytes,
                          .refusals = &pipeline_->stats().overloads},
       .is_overloaded = [this](int64_t deadline_ns) { return pipeline_->Refuses(deadline_ns); },
       .tip_streams_count = &pipeline_->stats().tip_streams,
       .watchers_count = &pipeline_->stats().watchers},
      handlers);
  if (!server.ok()) return server.status();
  grpc_ = *std::move(server);
  listen_address_ = grpc_->bound_address();
  return absl::OkStatus();
}

absl::Status Gate::ListenForMetrics() {
  metrics_ =
      std::make_unique<PrometheusMetrics>(pipeline_->stats(), ports_.storage_health, kVersion);
  absl::StatusOr<std::unique_ptr<MetricsServer>> server = MetricsServer::Start(
      options_.config.metrics_address(), {metrics_.get()}, [this] { return health_.Get(); });
  if (!server.ok()) return server.status();
  metrics_server_ = *std::move(server);
  metrics_address_ = metrics_server_->address();
  return absl::OkStatus();
}

void Gate::Drain() {
  health_.SetServing(false);
  health_.SetListener(nullptr);
  if (grpc_ != nullptr) grpc_->Drain();
  if (disk_watch_ != nullptr) disk_watch_->Stop();
  if (income_runner_ != nullptr) income_runner_->Stop();
  if (settler_ != nullptr) settler_->Stop();
  readers_.reset();
  pipeline_->Stop();
  metrics_server_.reset();
}

}  // namespace tipgate
