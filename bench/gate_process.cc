#include "bench/gate_process.h"

#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/ready_file.h"

namespace tipgate {
namespace {

constexpr char kReadyFile[] = "ready.json";
constexpr char kAnyPort[] = "127.0.0.1:0";

std::filesystem::path ProgramFolder() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

std::string Default(const std::string& given, const std::string& otherwise) {
  return given.empty() ? otherwise : given;
}

}  // namespace

std::string ProgramNextToUs(const std::string& name) { return ProgramFolder() / name; }

std::string SampleFile(const std::string& name) {
  const auto installed = ProgramFolder().parent_path() / "share" / "tipgate" / name;
  std::error_code error;
  if (std::filesystem::exists(installed, error)) return installed;
  return absl::StrCat(TIPGATE_SOURCE_DIR "/deploy/", name);
}

absl::StatusOr<std::unique_ptr<GateProcess>> GateProcess::Start(const GateProcessOptions& options) {
  auto gate = Launch(options);
  if (!gate.ok()) return gate.status();
  if (absl::Status status = (*gate)->WaitReady(); !status.ok()) return status;
  return gate;
}

absl::StatusOr<std::unique_ptr<GateProcess>> GateProcess::Launch(
    const GateProcessOptions& options) {
  auto scratch = ScratchDirectory::Create();
  if (!scratch.ok()) return scratch.status();
  std::unique_ptr<GateProcess> gate(new GateProcess(std::move(*scratch), options));
  if (absl::Status status = gate->Spawn(options); !status.ok()) return status;
  return gate;
}

GateProcess::GateProcess(ScratchDirectory scratch, const GateProcessOptions& options)
    : scratch_(std::move(scratch)),
      data_dir_(Default(options.data_dir, scratch_.Join("data"))),
      ready_timeout_(options.ready_timeout) {}

absl::Status GateProcess::Spawn(const GateProcessOptions& options) {
  ChildProcessOptions child;
  child.binary = Default(options.binary, ProgramNextToUs("tipgate"));
  child.arguments = {"--config",     Default(options.config_file, SampleFile("tipgate.yaml")),
                     "--data-dir",   data_dir_,
                     "--listen",     kAnyPort,
                     "--metrics",    kAnyPort,
                     "--ready-file", scratch_.Join(kReadyFile)};
  if (!options.policy_file.empty()) {
    child.arguments.insert(child.arguments.end(), {"--policy", options.policy_file});
  }
  if (!options.gifts_file.empty()) {
    child.arguments.insert(child.arguments.end(), {"--gifts", options.gifts_file});
  }
  child.arguments.insert(child.arguments.end(), options.extra_arguments.begin(),
                         options.extra_arguments.end());
  child.environment = options.environment;
  child.log_file = Default(options.log_file, scratch_.Join("log"));
  auto started = ChildProcess::Start(child);
  if (!started.ok()) return started.status();
  child_ = std::make_unique<ChildProcess>(std::move(*started));
  return absl::OkStatus();
}

absl::Status GateProcess::WaitReady() {
  auto addresses = WaitForReadyFile(*child_, scratch_.Join(kReadyFile), ready_timeout_);
  if (!addresses.ok()) return addresses.status();
  target_ = std::move(addresses->listen);
  metrics_address_ = std::move(addresses->metrics);
  return absl::OkStatus();
}

absl::StatusOr<int> GateProcess::Terminate(absl::Duration timeout) {
  child_->Signal(SIGTERM);
  return child_->WaitExit(timeout);
}

void GateProcess::Kill() {
  child_->Signal(SIGKILL);
  child_->WaitExit(absl::Seconds(60)).IgnoreError();
}

}  // namespace tipgate
