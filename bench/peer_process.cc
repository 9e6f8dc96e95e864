#include "bench/peer_process.h"

#include <arpa/inet.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace tipgate {
namespace {

constexpr char kSetpriv[] = "/usr/bin/setpriv";  // Of util-linux, in every Debian.

bool IsRoot() { return geteuid() == 0; }

absl::Status GiveTo(const std::string& path, const std::string& user) {
  if (!IsRoot()) return absl::OkStatus();
  const passwd* const entry = getpwnam(user.c_str());
  if (entry == nullptr) return absl::NotFoundError(absl::StrCat("there is no user ", user));
  if (chown(path.c_str(), entry->pw_uid, entry->pw_gid) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot give ", path, " to ", user));
  }
  return absl::OkStatus();
}

// The parent of a process; 0 if there is no such process.
pid_t ParentOf(const std::string& pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  const std::string line(std::istreambuf_iterator<char>(file), {});
  // The name, in brackets, may hold anything; the state and the parent follow it.
  const size_t end = line.rfind(')');
  if (end == std::string::npos) return 0;
  const std::vector<std::string> fields = absl::StrSplit(line.substr(end + 2), ' ');
  int parent = 0;
  return fields.size() > 1 && absl::SimpleAtoi(fields[1], &parent) ? parent : 0;
}

}  // namespace

std::vector<std::string> AsUser(const std::string& user, std::vector<std::string> command) {
  if (!IsRoot()) return command;
  std::vector<std::string> words = {kSetpriv,
                                    absl::StrCat("--reuid=", user),
                                    absl::StrCat("--regid=", user),
                                    "--init-groups",
                                    "--no-new-privs",
                                    "--pdeathsig=KILL"};
  words.insert(words.end(), std::make_move_iterator(command.begin()),
               std::make_move_iterator(command.end()));
  return words;
}

absl::Status MakeUsersFolder(const std::string& path, const std::string& user) {
  const std::string parent = std::filesystem::path(path).parent_path();
  if (chmod(parent.c_str(), 0711) != 0 || mkdir(path.c_str(), 0700) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot make ", path));
  }
  return GiveTo(path, user);
}

absl::Status WriteUsersFile(const std::string& path, const std::string& user,
                            const std::string& text) {
  const mode_t before = umask(0077);
  std::ofstream file(path);
  umask(before);
  if (!(file << text << std::flush)) {
    return absl::UnavailableError(absl::StrCat("cannot write ", path));
  }
  return GiveTo(path, user);
}

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string PeerFile(const std::string& name) {
  return absl::StrCat(TIPGATE_SOURCE_DIR "/bench/peers/", name);
}

absl::StatusOr<ChildProcess> StartCommand(std::vector<std::string> command,
                                          const std::string& log_file) {
  ChildProcessOptions options;
  options.binary = command.front();
  options.arguments.assign(std::make_move_iterator(command.begin() + 1),
                           std::make_move_iterator(command.end()));
  options.log_file = log_file;
  return ChildProcess::Start(options);
}

absl::Status RunCommand(std::vector<std::string> command, const std::string& log_file,
                        absl::Duration timeout) {
  const std::string name = absl::StrJoin(command, " ");
  auto child = StartCommand(std::move(command), log_file);
  if (!child.ok()) return child.status();
  auto exit_code = child->WaitExit(timeout);
  if (!exit_code.ok()) return exit_code.status();
  if (*exit_code == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(name, " ended with exit code ", *exit_code, ":\n", child->LogTail()));
}

absl::StatusOr<int> FreePort() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool is_bound =
      bind(descriptor, generic, size) == 0 && getsockname(descriptor, generic, &size) == 0;
  const int error = errno;
  close(descriptor);
  if (!is_bound) return absl::ErrnoToStatus(error, "there is no free port");
  return ntohs(address.sin_port);
}

std::string RandomPassword() {
  std::random_device random;
  return absl::StrFormat("%08x%08x%08x%08x", random(), random(), random(), random());
}

absl::Duration FamilyCpuTime(pid_t pid) {
  absl::Duration total = ProcessCpuTime(pid);
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename();
    int child = 0;
    if (absl::SimpleAtoi(name, &child) && ParentOf(name) == pid) total += ProcessCpuTime(child);
  }
  return total;
}

}  // namespace tipgate
