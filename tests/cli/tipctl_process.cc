#include "tests/cli/tipctl_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gtest/gtest.h"

namespace tipgate {
namespace {

// A file that is there already, or an anonymous one: unlike a pipe, it never blocks the process.
class OutputFile {
 public:
  explicit OutputFile(const std::string& path = "")
      : fd_(path.empty() ? memfd_create("tipctl", MFD_CLOEXEC)
                         : open(path.c_str(), O_WRONLY | O_CLOEXEC)) {}
  ~OutputFile() { close(fd_); }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  int fd() const { return fd_; }

  std::string Text() const {
    const off_t size = lseek(fd_, 0, SEEK_END);
    std::string text(size > 0 ? static_cast<size_t>(size) : 0, '\0');
    if (text.empty()) return text;
    EXPECT_EQ(pread(fd_, text.data(), text.size(), 0), size);
    return text;
  }

 private:
  int fd_;
};

// The array of C strings that exec wants; valid as long as `texts`.
std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

pid_t Spawn(std::vector<std::string> arguments, std::vector<std::string> environment,
            const std::string& in_path, int out_fd, int err_fd) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, in_path.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err_fd, STDERR_FILENO);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, TIPCTL_BINARY, &actions, nullptr, Pointers(arguments).data(),
                                Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  EXPECT_EQ(error, 0) << TIPCTL_BINARY;
  return error == 0 ? pid : -1;
}

}  // namespace

ProcessResult RunTipctl(const std::vector<std::string>& arguments,
                        const std::vector<std::string>& environment, const std::string& out_path,
                        const std::string& in_path) {
  std::vector<std::string> line = {"tipctl"};
  line.insert(line.end(), arguments.begin(), arguments.end());
  const OutputFile out(out_path);
  const OutputFile err;
  const pid_t pid = Spawn(line, environment, in_path, out.fd(), err.fd());
  int status = 0;
  if (pid < 0 || waitpid(pid, &status, 0) != pid) return {};
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, out.Text(), err.Text()};
}

}  // namespace tipgate
