#include "bench/load_bench.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/income_load.h"
#include "bench/load_interrupt.h"
#include "bench/load_progress.h"
#include "bench/load_scene.h"
#include "bench/load_setup.h"
#include "bench/load_tip_traffic.h"
#include "bench/load_zipf.h"
#include "tipgate/v1/audit.grpc.pb.h"

namespace tipgate {
namespace {

// Of a traffic that is no worker's.
constexpr uint64_t kFillingLane = 254;
// After so long an order is looked at again.
constexpr auto kIncomeSlice = absl::Seconds(1);
constexpr auto kConnectTimeout = std::chrono::seconds(5);
// What the gate has decided is asked for when it may still be overloaded.
constexpr auto kInfoTimeout = std::chrono::seconds(30);
constexpr auto kInfoPause = absl::Milliseconds(10);
constexpr int kInfoTriesMax = 1'000;

// One server, with open connections and the traffic that goes to it.
struct Connected {
  std::string address;
  pid_t pid = 0;         // 0: unknown.
  std::string data_dir;  // Empty: unknown.
  LoadChannels channels;
  std::vector<std::unique_ptr<LoadTraffic>> traffics;  // One for each worker.
};

absl::StatusOr<LoadChannels> OpenChannels(const std::string& address, int count) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // Refusals are longer than acceptances.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL,
                   1);  // A connection of its own for each channel.
  LoadChannels channels;
  for (int i = 0; i < count; ++i) {
    channels.push_back(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
    if (!channels.back()->WaitForConnected(std::chrono::system_clock::now() + kConnectTimeout)) {
      return absl::UnavailableError(absl::StrCat("nobody answers on ", address));
    }
  }
  return channels;
}

std::string Method(LoadMode mode) {
  switch (mode) {
    case LoadMode::kUnary:
      return "/tipgate.v1.TipService/AuthorizeTip";
    case LoadMode::kBatch:
      return "/tipgate.v1.TipService/AuthorizeTips";
    case LoadMode::kStream:
      return "/tipgate.v1.TipService/StreamTips";
  }
  return "";
}

// Deals connections, places and pace out to the workers.
std::vector<LoadShare> Shares(const LoadOptions& options, const LoadChannels& channels,
                              absl::Duration duration) {
  const auto workers = static_cast<size_t>(options.threads);
  std::vector<LoadShare> shares(workers);
  for (size_t i = 0; i < channels.size(); ++i) shares[i % workers].channels.push_back(channels[i]);
  const int64_t now_ns = SteadyNow();
  int64_t interval_ns = 0;
  if (options.tips_per_second > 0) {
    interval_ns =
        std::max<int64_t>(1, 1'000'000'000 * int64_t{options.batch} / options.tips_per_second);
  }
  for (size_t i = 0; i < workers; ++i) {
    LoadShare& share = shares[i];
    share.method = Method(options.mode);
    share.is_stream = options.mode == LoadMode::kStream;
    const auto wanted = static_cast<size_t>(options.in_flight) / workers;
    share.in_flight_max = static_cast<int>(std::max(wanted, share.channels.size()));
    share.items_per_message = options.batch;
    share.start_ns = now_ns + interval_ns * static_cast<int64_t>(i);
    share.end_ns = now_ns + absl::ToInt64Nanoseconds(duration);
    share.interval_ns = interval_ns * static_cast<int64_t>(workers);
    share.repeat_permille = options.repeat_permille;
    share.deadline_ns = options.deadline_ms * 1'000'000;
  }
  return shares;
}

absl::StatusOr<Connected> Connect(const LoadOptions& options, const LoadScene& scene,
                                  const Zipf& popularity, const std::string& address, pid_t pid) {
  Connected server;
  server.address = address;
  server.pid = pid;
  auto channels = OpenChannels(address, options.connections);
  if (!channels.ok()) return channels.status();
  server.channels = *std::move(channels);
  for (int i = 0; i < options.threads; ++i) {
    server.traffics.push_back(std::make_unique<TipTraffic>(
        scene, popularity, options.mode, options.batch, uint64_t(i), options.seed));
  }
  return server;
}

absl::Status Interrupted() { return absl::CancelledError("interrupted"); }

absl::Status WarmUp(const LoadOptions& options, Connected& server) {
  if (options.warmup_seconds == 0) return absl::OkStatus();
  const auto shares = Shares(options, server.channels, absl::Seconds(options.warmup_seconds));
  const LoadResult result = RunLoad(shares, server.traffics);
  if (IsInterrupted()) return Interrupted();
  if (result.accepted_count + result.rejected_count > 0) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat(server.address, " decides nothing: ", result.first_error));
}

absl::Status Measure(const LoadOptions& options, absl::Duration duration, Connected& server,
                     ServerLoad& load) {
  const absl::Duration cpu_before = ProcessCpuTime(server.pid);
  const LoadResult result = RunLoad(Shares(options, server.channels, duration), server.traffics);
  if (IsInterrupted()) return Interrupted();
  load.cpu_time += ProcessCpuTime(server.pid) - cpu_before;
  load.measured += duration;
  load.tips_per_second_by_round.push_back(result.decided_in_time_count * 1'000 /
                                          absl::ToInt64Milliseconds(duration));
  load.result.Merge(result);
  return absl::OkStatus();
}

// The tips that a gate has decided so far, among them all whose calls have reached it.
absl::StatusOr<int64_t> DecidedCount(const Connected& gate) {
  const auto stub = v1::AuditService::NewStub(gate.channels.front());
  v1::GetServerInfoResponse response;
  grpc::Status status;
  for (int i = 0; i < kInfoTriesMax; ++i) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kInfoTimeout);
    status = stub->GetServerInfo(&context, v1::GetServerInfoRequest(), &response);
    if (status.error_code() != grpc::StatusCode::RESOURCE_EXHAUSTED) break;
    absl::SleepFor(kInfoPause);  // It still works through what it was sent.
  }
  if (!status.ok()) return absl::UnavailableError(status.error_message());
  return response.totals().tips_accepted_count() + response.totals().tips_rejected_count();
}

absl::Status MeasureRounds(const LoadOptions& options, Connected& gate, Connected* echo,
                           LoadReport& report) {
  LoadProgress progress("measuring", options.rounds);
  const absl::Duration duration = absl::Seconds(options.seconds) / options.rounds;
  absl::Status status;
  for (int round = 0; round < options.rounds && status.ok(); ++round) {
    progress.Show(round);
    status = Measure(options, duration, gate, report.gate);
    if (status.ok() && echo != nullptr) status = Measure(options, duration, *echo, *report.echo);
  }
  return status;
}

// With deadlines: also how many tips the gate decides whose callers are not told in time.
absl::Status MeasureWithDeadlines(const LoadOptions& options, Connected& gate, Connected* echo,
                                  LoadReport& report) {
  const auto before = DecidedCount(gate);
  if (!before.ok()) return before.status();
  absl::Status status = MeasureRounds(options, gate, echo, report);
  if (!status.ok()) return status;
  const auto after = DecidedCount(gate);
  if (!after.ok()) return after.status();
  const LoadResult& result = report.gate.result;
  report.unheard_count = *after - *before - result.accepted_count - result.rejected_count;
  return absl::OkStatus();
}

absl::Status MeasureAll(const LoadOptions& options, Connected& gate, Connected* echo,
                        LoadReport& report) {
  absl::Status status = WarmUp(options, gate);
  if (status.ok() && echo != nullptr) status = WarmUp(options, *echo);
  if (!status.ok()) return status;
  ServerWatch watch(gate.pid, gate.data_dir);
  status = options.deadline_ms == 0 ? MeasureRounds(options, gate, echo, report)
                                    : MeasureWithDeadlines(options, gate, echo, report);
  report.footprint = watch.Finish();
  return status;
}

// Gives an order, and measures until it is done.
absl::StatusOr<IncomeLoad> MeasureIncome(const LoadOptions& options, const LoadScene& scene,
                                         v1::IncomeAction action, Connected& gate) {
  const auto job_id = OrderIncomeJob(scene, gate.channels, action);
  if (!job_id.ok()) return job_id.status();
  IncomeLoad income;
  LoadProgress progress(IncomeActionName(action), 1'000);
  while (!income.job.done()) {
    progress.Show(income.job.progress_permille());
    absl::Status status = Measure(options, kIncomeSlice, gate, income.load);
    if (!status.ok()) return status;
    auto job = LookAtIncomeJob(gate.channels, *job_id);
    if (!job.ok()) return job.status();
    income.job = *std::move(job);
  }
  const auto time_of = [](const google::protobuf::Timestamp& time) {
    return absl::Seconds(time.seconds()) + absl::Nanoseconds(time.nanos());
  };
  income.duration = time_of(income.job.done_time()) - time_of(income.job.start_time());
  return income;
}

}  // namespace

int64_t ServerLoad::TipsPerSecond() const {
  const int64_t measured_ms = absl::ToInt64Milliseconds(measured);
  return measured_ms == 0 ? 0 : result.decided_in_time_count * 1'000 / measured_ms;
}

double ServerLoad::CpuMicrosecondsPerTip() const {
  const int64_t decided_count = result.accepted_count + result.rejected_count;
  return decided_count == 0
             ? 0
             : absl::ToDoubleMicroseconds(cpu_time) / static_cast<double>(decided_count);
}

double ServerLoad::DiskBytesPerTip(int64_t data_directory_bytes) const {
  return result.accepted_count == 0 ? 0
                                    : static_cast<double>(data_directory_bytes) /
                                          static_cast<double>(result.accepted_count);
}

absl::StatusOr<LoadReport> RunBench(const LoadOptions& options, const LoadServers& servers) {
  auto scene = MakeScene(options);
  if (!scene.ok()) return scene.status();
  const Zipf popularity(static_cast<uint32_t>(options.sessions), options.zipf);
  auto gate = Connect(options, *scene, popularity, servers.gate_address(), servers.gate_pid());
  if (!gate.ok()) return gate.status();
  gate->data_dir = servers.data_dir();
  LoadReport report;
  const int64_t setup_start_ns = SteadyNow();
  absl::Status status = SetUpScene(*scene, gate->channels);
  if (!status.ok()) return status;
  if (options.income_tips > 0) {
    status = FillSession(*scene, gate->channels, options.income_tips, kFillingLane, options.seed);
    if (!status.ok()) return status;
  }
  report.setup_calls =
      2 * scene->session_count + (scene->are_payers_there ? 0 : scene->payer_count);
  report.setup_time = absl::Nanoseconds(SteadyNow() - setup_start_ns);
  if (options.with_echo) {
    auto echo = Connect(options, *scene, popularity, servers.echo_address(), servers.echo_pid());
    if (!echo.ok()) return echo.status();
    report.echo.emplace();
    status = MeasureAll(options, *gate, &*echo, report);
  } else {
    status = MeasureAll(options, *gate, nullptr, report);
  }
  for (const auto action : {v1::INCOME_ACTION_FREEZE, v1::INCOME_ACTION_REFUND}) {
    if (!status.ok() || options.income_tips == 0) break;
    auto income = MeasureIncome(options, *scene, action, *gate);
    if (!income.ok()) return income.status();
    report.incomes.push_back(*std::move(income));
  }
  if (!status.ok()) return status;
  return report;
}

}  // namespace tipgate
