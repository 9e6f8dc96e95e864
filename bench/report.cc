#include "bench/report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/income_load.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

double Ratio(const LoadReport& report) {
  const int64_t echo = report.echo->TipsPerSecond();
  return echo == 0 ? 0
                   : static_cast<double>(report.gate.TipsPerSecond()) / static_cast<double>(echo);
}

double Quantile(const ServerLoad& load, int64_t numerator, int64_t denominator) {
  return absl::ToDoubleMicroseconds(load.result.latencies.Quantile(numerator, denominator));
}

bool IsCpuKnown(const ServerLoad& load) { return load.cpu_time > absl::ZeroDuration(); }

std::string LoopText(const LoadOptions& options) {
  if (options.tips_per_second == 0)
    return absl::StrFormat("closed loop, %d messages under way", options.in_flight);
  return absl::StrFormat("open loop, %d tips/s, latency from the intended start",
                         options.tips_per_second);
}

void AppendHeader(std::string& text) {
  absl::StrAppendFormat(&text, "\n  %-6s %12s %10s %10s %10s %10s %12s\n", "", "tips/s", "p50 us",
                        "p99 us", "p99.9 us", "max us", "cpu us/tip");
}

void AppendRow(std::string& text, const char* name, const ServerLoad& load) {
  absl::StrAppendFormat(&text, "  %-6s %12d %10.0f %10.0f %10.0f %10.0f ", name,
                        load.TipsPerSecond(), Quantile(load, 50, 100), Quantile(load, 99, 100),
                        Quantile(load, 999, 1000),
                        absl::ToDoubleMicroseconds(load.result.latencies.max()));
  if (IsCpuKnown(load)) {
    absl::StrAppendFormat(&text, "%12.3f\n", load.CpuMicrosecondsPerTip());
  } else {
    absl::StrAppendFormat(&text, "%12s\n", "-");
  }
}

std::string GateText(const LoadOptions& options, const LoadServers& servers) {
  if (!options.target.empty()) return absl::StrCat(options.target, ", with its own policy");
  return absl::StrCat("our own, on ", servers.file_system(),
                      ", sample policy with day and month limit and session caps out of reach");
}

void AddResult(JsonObject& json, const LoadReport& report) {
  const ServerLoad& gate = report.gate;
  json.AddInteger("tips_per_second", gate.TipsPerSecond());
  if (report.echo) {
    json.AddInteger("echo_per_second", report.echo->TipsPerSecond());
    json.AddNumber("ratio", Ratio(report));
  } else {
    json.AddNull("echo_per_second");
    json.AddNull("ratio");
  }
  json.AddNumber("p50_us", Quantile(gate, 50, 100));
  json.AddNumber("p99_us", Quantile(gate, 99, 100));
  json.AddNumber("p999_us", Quantile(gate, 999, 1000));
  json.AddNumber("max_us", absl::ToDoubleMicroseconds(gate.result.latencies.max()));
  json.AddInteger("accepted", gate.result.accepted_count);
  json.AddInteger("rejected", gate.result.rejected_count);
  json.AddText("first_rejection", gate.result.first_rejection);
  json.AddInteger("errors", gate.result.error_count);
  json.AddText("first_error", gate.result.first_error);
  json.AddInteger("unsent", gate.result.unsent_count);
  if (IsCpuKnown(gate)) {
    json.AddNumber("server_cpu_us_per_tip", gate.CpuMicrosecondsPerTip());
  } else {
    json.AddNull("server_cpu_us_per_tip");
  }
}

// What became of callers who do not wait for ever.
void AddDeadlines(JsonObject& json, const LoadOptions& options, const LoadReport& report) {
  if (options.deadline_ms == 0) return json.AddNull("deadline_ms");
  const LoadResult& result = report.gate.result;
  json.AddInteger("deadline_ms", options.deadline_ms);
  json.AddInteger("expired", result.expired_count);
  json.AddInteger("overloaded", result.overloaded_count);
  json.AddInteger("unheard", report.unheard_count.value_or(0));
}

void AppendDeadlines(std::string& text, const LoadOptions& options, const LoadReport& report) {
  if (options.deadline_ms == 0) return;
  const LoadResult& result = report.gate.result;
  absl::StrAppendFormat(&text,
                        "  deadline %s: expired %d, refused as overloaded %d; decided and not "
                        "heard in time %d\n",
                        DurationText(options.deadline_ms), result.expired_count,
                        result.overloaded_count, report.unheard_count.value_or(0));
}

void AppendUnsent(std::string& text, const LoadOptions& options, const LoadResult& result) {
  if (result.unsent_count == 0) return;
  absl::StrAppend(&text, "  ", result.unsent_count, " tips were never sent: ",
                  options.deadline_ms > 0
                      ? "there was no place for them before their deadline"
                      : "the gate did not keep up with the rate, and the latencies do not show how "
                        "far",
                  "\n");
}

double Megabytes(int64_t bytes) { return static_cast<double>(bytes) / 1e6; }

double LongestGapMs(const ServerLoad& load) {
  return static_cast<double>(load.result.longest_gap_ns) / 1e6;
}

// What a long run is for.
void AddEndurance(JsonObject& json, const LoadReport& report) {
  const ServerFootprint& footprint = report.footprint;
  json.AddInteger("stalls_over_50ms", report.gate.result.stall_count);
  json.AddNumber("longest_gap_ms", LongestGapMs(report.gate));
  if (footprint.resident) {
    json.AddNumber("rss_mb_begin", Megabytes(footprint.resident->begin_bytes));
    json.AddNumber("rss_mb_peak", Megabytes(footprint.resident->peak_bytes));
    json.AddNumber("rss_mb_end", Megabytes(footprint.resident->end_bytes));
  } else {
    for (const char* name : {"rss_mb_begin", "rss_mb_peak", "rss_mb_end"}) json.AddNull(name);
  }
  if (footprint.data_directory_bytes) {
    json.AddNumber("disk_bytes_per_tip",
                   report.gate.DiskBytesPerTip(*footprint.data_directory_bytes));
  } else {
    json.AddNull("disk_bytes_per_tip");
  }
}

void AppendEndurance(std::string& text, const LoadReport& report) {
  const ServerFootprint& footprint = report.footprint;
  absl::StrAppendFormat(&text, "\n  %d stalls over 50 ms, longest gap between answers %.1f ms\n",
                        report.gate.result.stall_count, LongestGapMs(report.gate));
  if (footprint.resident) {
    absl::StrAppendFormat(&text, "  resident memory %.0f MB at the begin, peak %.0f, end %.0f\n",
                          Megabytes(footprint.resident->begin_bytes),
                          Megabytes(footprint.resident->peak_bytes),
                          Megabytes(footprint.resident->end_bytes));
  }
  if (footprint.data_directory_bytes) {
    absl::StrAppendFormat(&text, "  %.0f bytes of disk a tip\n",
                          report.gate.DiskBytesPerTip(*footprint.data_directory_bytes));
  }
}

void AppendIncomes(std::string& text, const LoadReport& report) {
  for (const IncomeLoad& income : report.incomes) {
    const std::string name = IncomeActionName(income.job.action());
    AppendRow(text, name.c_str(), income.load);
  }
  for (const IncomeLoad& income : report.incomes) {
    absl::StrAppendFormat(&text,
                          "\n  %s of %d tips, %d skipped, in %.1f s; p99 %.2f of that before\n",
                          IncomeActionName(income.job.action()), income.job.tips_count(),
                          income.job.skipped_count(), absl::ToDoubleSeconds(income.duration),
                          Quantile(income.load, 99, 100) / Quantile(report.gate, 99, 100));
  }
}

void AddIncomes(JsonObject& json, const LoadReport& report) {
  for (const IncomeLoad& income : report.incomes) {
    JsonObject object;
    object.AddInteger("tips", income.job.tips_count());
    object.AddInteger("skipped", income.job.skipped_count());
    object.AddNumber("seconds", absl::ToDoubleSeconds(income.duration));
    object.AddNumber("p50_us", Quantile(income.load, 50, 100));
    object.AddNumber("p99_us", Quantile(income.load, 99, 100));
    object.AddNumber("p999_us", Quantile(income.load, 999, 1000));
    object.AddNumber("max_us", absl::ToDoubleMicroseconds(income.load.result.latencies.max()));
    object.AddInteger("accepted", income.load.result.accepted_count);
    object.AddInteger("unsent", income.load.result.unsent_count);
    json.AddObject(IncomeActionName(income.job.action()), object);
  }
}

void AddRounds(JsonObject& json, const LoadReport& report) {
  json.AddIntegers("tips_per_second_by_round", report.gate.tips_per_second_by_round);
  if (!report.echo) return;
  const ServerLoad& echo = *report.echo;
  json.AddIntegers("echo_per_second_by_round", echo.tips_per_second_by_round);
  json.AddNumber("echo_p50_us", Quantile(echo, 50, 100));
  json.AddNumber("echo_p99_us", Quantile(echo, 99, 100));
  json.AddNumber("echo_cpu_us_per_tip", echo.CpuMicrosecondsPerTip());
  json.AddInteger("echo_errors", echo.result.error_count);
}

void AddLoop(JsonObject& json, const LoadOptions& options) {
  if (options.tips_per_second == 0) {
    json.AddNull("rate");
  } else {
    json.AddInteger("rate", options.tips_per_second);
  }
  json.AddInteger("in_flight", options.in_flight);
  json.AddInteger("connections", options.connections);
  json.AddInteger("threads", options.threads);
  json.AddInteger("sessions", options.sessions);
  json.AddNumber("zipf", options.zipf);
  json.AddText(
      "seed",
      absl::StrCat(options.seed));  // A number above 2^53 would lose digits in many readers.
  json.AddInteger("warmup_seconds", options.warmup_seconds);
}

JsonObject MachineJson(const MachineFacts& machine, const std::string& file_system) {
  JsonObject json;
  json.AddText("cpu", machine.cpu_model);
  json.AddInteger("cores", machine.core_count);
  json.AddText("kernel", machine.kernel);
  json.AddText("grpc", machine.grpc_version);
  json.AddText("compiler", machine.compiler);
  json.AddText("build_type", machine.build_type);
  json.AddText("file_system", file_system);
  return json;
}

}  // namespace

std::string TextReport(const LoadOptions& options, const LoadServers& servers,
                       const LoadReport& report) {
  const LoadResult& result = report.gate.result;
  std::string text;
  absl::StrAppendFormat(&text, "%s, %d tips a message, %s\n", LoadModeName(options.mode),
                        options.batch, LoopText(options));
  absl::StrAppendFormat(&text, "%d payers, %d sessions (Zipf %.2f), %d s after %d s of warm-up\n",
                        options.payers, options.sessions, options.zipf, options.seconds,
                        options.warmup_seconds);
  absl::StrAppendFormat(&text, "gate: %s\n", GateText(options, servers));
  AppendHeader(text);
  AppendRow(text, "gate", report.gate);
  if (report.echo) {
    AppendRow(text, "echo", *report.echo);
    absl::StrAppendFormat(&text, "\n  gate / echo %.3f\n", Ratio(report));
  }
  AppendEndurance(text, report);
  AppendIncomes(text, report);
  absl::StrAppendFormat(&text, "\n  accepted %d, rejected %d, errors %d\n", result.accepted_count,
                        result.rejected_count, result.error_count);
  AppendDeadlines(text, options, report);
  if (!result.first_rejection.empty())
    absl::StrAppend(&text, "  first rejection: ", result.first_rejection, "\n");
  if (!result.first_error.empty())
    absl::StrAppend(&text, "  first error: ", result.first_error, "\n");
  AppendUnsent(text, options, result);
  return text;
}

JsonObject JsonReport(const LoadOptions& options, const std::string& file_system,
                      const MachineFacts& machine, const LoadReport& report) {
  JsonObject json;
  json.AddText("mode", LoadModeName(options.mode));
  json.AddInteger("batch", options.batch);
  json.AddInteger("payers", options.payers);
  json.AddInteger("active_payers",
                  options.active_payers > 0 ? options.active_payers : options.payers);
  json.AddInteger("seconds", options.seconds);
  AddResult(json, report);
  AddDeadlines(json, options, report);
  AddEndurance(json, report);
  AddRounds(json, report);
  AddIncomes(json, report);
  AddLoop(json, options);
  json.AddInteger("setup_calls", report.setup_calls);
  json.AddNumber("setup_seconds", absl::ToDoubleSeconds(report.setup_time));
  json.AddObject("machine", MachineJson(machine, file_system));
  json.AddText("command", options.command_line);
  return json;
}

}  // namespace tipgate
