#include "bench/load_servers.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bench/load_scene.h"
#include "bench/ready_file.h"

namespace tipgate {
namespace {

constexpr int kEchoThreads = 1;  // As many as a gate has by default.
// With many payers to read.
constexpr auto kGateReadyTimeout = absl::Minutes(30);
constexpr auto kEchoReadyTimeout = absl::Seconds(10);
// linux/magic.h of Debian 12 does not have it.
constexpr unsigned long kXfsMagic = 0x58465342;

}  // namespace

std::string FileSystemOf(const std::string& path) {
  struct statfs facts {};
  if (statfs(path.c_str(), &facts) != 0) return "unknown";
  switch (static_cast<unsigned long>(facts.f_type)) {
    case EXT4_SUPER_MAGIC:
      return "ext4";
    case kXfsMagic:
      return "xfs";
    case BTRFS_SUPER_MAGIC:
      return "btrfs";
    case OVERLAYFS_SUPER_MAGIC:
      return "overlay";
    case TMPFS_MAGIC:
      return "tmpfs";
    default:
      return absl::StrCat("0x", absl::Hex(facts.f_type));
  }
}

absl::StatusOr<std::unique_ptr<LoadServers>> LoadServers::Start(const LoadOptions& options) {
  std::unique_ptr<LoadServers> servers(new LoadServers());
  auto scratch = ScratchDirectory::Create(options.data_parent);
  if (!scratch.ok()) return scratch.status();
  servers->scratch_ = std::move(*scratch);
  if (options.target.empty()) {
    if (absl::Status status = servers->StartGate(options); !status.ok()) return status;
  } else {
    servers->gate_address_ = options.target;
    servers->gate_pid_ = static_cast<pid_t>(options.server_pid);
  }
  if (options.with_echo) {
    if (absl::Status status = servers->StartEcho(kEchoThreads); !status.ok()) return status;
  }
  return servers;
}

absl::Status LoadServers::StartGate(const LoadOptions& options) {
  GateProcessOptions gate;
  gate.binary = options.binary;
  gate.config_file = options.config_file;
  gate.policy_file = scratch_.Join("policy.yaml");
  gate.gifts_file = options.gifts_file;
  gate.data_dir = options.data_dir.empty() ? scratch_.Join("data") : options.data_dir;
  gate.ready_timeout = kGateReadyTimeout;
  absl::Status status = WriteRoomyPolicy(options.policy_file, gate.policy_file);
  if (options.income_tips > 0) {
    // Orders are for people, whom the gate must know.
    gate.config_file = scratch_.Join("config.yaml");
    status.Update(WriteConfigWithIdentities(options.config_file, gate.config_file));
  }
  if (!status.ok()) return status;
  auto started = GateProcess::Start(gate);
  if (!started.ok()) return started.status();
  gate_ = *std::move(started);
  gate_address_ = gate_->target();
  gate_pid_ = gate_->pid();
  data_dir_ = gate_->data_dir();
  file_system_ = FileSystemOf(data_dir_);
  return absl::OkStatus();
}

absl::Status LoadServers::StartEcho(int thread_count) {
  const std::string ready_file = scratch_.Join("echo.json");
  auto started =
      ChildProcess::Start({ProgramNextToUs("tipecho"),
                           {"--threads", absl::StrCat(thread_count), "--ready-file", ready_file},
                           {},
                           scratch_.Join("echo.log")});
  if (!started.ok()) return started.status();
  echo_ = std::make_unique<ChildProcess>(*std::move(started));
  auto addresses = WaitForReadyFile(*echo_, ready_file, kEchoReadyTimeout);
  if (!addresses.ok()) return addresses.status();
  echo_address_ = addresses->listen;
  return absl::OkStatus();
}

absl::Status LoadServers::Stop() {
  if (gate_ == nullptr) return absl::OkStatus();
  auto exit_code = gate_->Terminate();
  if (!exit_code.ok()) return exit_code.status();
  if (*exit_code == 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("the gate ended with exit code ", *exit_code, ":\n", gate_->LogTail()));
}

}  // namespace tipgate
