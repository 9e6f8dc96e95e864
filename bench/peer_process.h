#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/child_process.h"

namespace tipgate {

// How to run somebody else's server without rights: as the user that its package made, where we are
// root, and as ourselves otherwise.

// The command line that runs `command` as `user`. Dies with us either way, as a ChildProcess does.
std::vector<std::string> AsUser(const std::string& user, std::vector<std::string> command);

// Makes a folder that only `user` may enter, in one that everybody may pass through.
absl::Status MakeUsersFolder(const std::string& path, const std::string& user);

// Writes a file that only `user` may read.
absl::Status WriteUsersFile(const std::string& path, const std::string& user,
                            const std::string& text);

// The file's text. NOT_FOUND, with its name, if it cannot be read.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

// A file of bench/peers in the source tree that this was built from.
std::string PeerFile(const std::string& name);

// Starts the command, all of it: the program with its path, then its arguments.
absl::StatusOr<ChildProcess> StartCommand(std::vector<std::string> command,
                                          const std::string& log_file);
// Runs it to its end, which must be exit code 0.
absl::Status RunCommand(std::vector<std::string> command, const std::string& log_file,
                        absl::Duration timeout);

// A port of the loopback interface that nobody had a moment ago.
absl::StatusOr<int> FreePort();

// 32 random hexadecimal digits: nobody else on the machine shall talk to a peer.
std::string RandomPassword();

// User and system time of a process and of its living children.
absl::Duration FamilyCpuTime(pid_t pid);

}  // namespace tipgate
