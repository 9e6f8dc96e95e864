#include "storage/data_directory.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate {
namespace {

namespace fs = std::filesystem;

void ExpectRefused(const std::string& path, absl::StatusCode code, const std::string& hint) {
  const auto directory = DataDirectory::Open(path);
  EXPECT_EQ(directory.status().code(), code) << directory.status();
  EXPECT_TRUE(absl::StrContains(directory.status().message(), hint)) << directory.status();
}

// Gives this thread the file permissions of a user who owns nothing, also when root runs the test.
class WithoutPrivileges {
 public:
  WithoutPrivileges() : user_(setfsuid(kNobody)) {}
  ~WithoutPrivileges() { setfsuid(static_cast<uid_t>(user_)); }

 private:
  static constexpr uid_t kNobody = 65534;
  int user_;
};

TEST(DataDirectory, CreatesWhatIsMissing) {
  const TemporaryDirectory temporary;
  const std::string path = temporary.File("a/b/data");
  const auto directory = DataDirectory::Open(path);
  ASSERT_TRUE(directory.ok()) << directory.status();
  EXPECT_EQ(ReadWholeFile(path + "/FORMAT"), "tipgate data directory\nformat 6\n");
  EXPECT_EQ(ReadWholeFile(path + "/LOCK"), absl::StrCat(getpid(), "\n"));
  EXPECT_EQ((*directory)->database_path(), path + "/db");
}

// A umask that keeps nothing from anybody.
class OpenToAll {
 public:
  OpenToAll() : mask_(umask(0)) {}
  ~OpenToAll() { umask(mask_); }

 private:
  mode_t mask_;
};

int ModeOf(const std::string& path) { return static_cast<int>(fs::status(path).permissions()); }

TEST(DataDirectory, IsItsOwnersAlone) {
  const OpenToAll open;
  const TemporaryDirectory temporary;
  for (const char* name : {"a/b/data", "slash/"}) {
    const std::string path = temporary.File(name);
    ASSERT_TRUE(DataDirectory::Open(path).ok());
    EXPECT_EQ(ModeOf(path), 0700);
    for (const char* file : {"/FORMAT", "/LOCK"}) {
      EXPECT_EQ(ModeOf(path + file), 0600) << file;
    }
  }
}

TEST(DataDirectory, OneThatWasThereIsShutToOthers) {
  const TemporaryDirectory temporary;
  for (const auto& [before, after] :
       {std::pair(0777, 0770), std::pair(02755, 02750), std::pair(0751, 0750),
        std::pair(0770, 0770), std::pair(0700, 0700)}) {
    fs::permissions(temporary.path(), fs::perms(before));
    const auto directory = DataDirectory::Open(temporary.path());
    ASSERT_TRUE(directory.ok()) << directory.status();
    EXPECT_EQ(ModeOf(temporary.path()), after);
    EXPECT_TRUE((*directory)->privacy().ok()) << (*directory)->privacy();
  }
}

TEST(DataDirectory, OneOfAnotherUserThatIsOpenToAllIsToldOf) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can act as another user";
  const TemporaryDirectory temporary;
  fs::permissions(temporary.path(), fs::perms(0777));
  const WithoutPrivileges nobody;
  const auto directory = DataDirectory::Open(temporary.path());
  ASSERT_TRUE(directory.ok()) << directory.status();
  EXPECT_EQ((*directory)->privacy(),
            absl::PermissionDeniedError(
                absl::StrCat("the data directory ", temporary.path(),
                             " is open to every user; let its owner run chmod o= on it")));
}

TEST(DataDirectory, OpensAgainAfterClose) {
  const TemporaryDirectory temporary;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(DataDirectory::Open(temporary.path()).ok());
}

TEST(DataDirectory, ASecondOwnerIsRefusedAndToldWhoHasIt) {
  const TemporaryDirectory temporary;
  const auto owner = DataDirectory::Open(temporary.path());
  ASSERT_TRUE(owner.ok());
  ExpectRefused(temporary.path(), absl::StatusCode::kFailedPrecondition,
                absl::StrCat(temporary.path(), " is in use by process ", getpid(), "; stop it"));
}

// A process that has the database's own lock, as RocksDB takes it.
class DatabaseOwner {
 public:
  explicit DatabaseOwner(const std::string& lock_path) {
    int ready[2];
    EXPECT_EQ(pipe(ready), 0);
    pid_ = fork();
    if (pid_ == 0) {
      const int file = open(lock_path.c_str(), O_RDWR | O_CREAT, 0600);
      struct flock lock {};
      lock.l_type = F_WRLCK;
      if (fcntl(file, F_SETLK, &lock) == 0 && write(ready[1], "!", 1) == 1) pause();
      _exit(1);
    }
    char byte = 0;
    close(ready[1]);
    EXPECT_EQ(read(ready[0], &byte, 1), 1);
    close(ready[0]);
  }
  ~DatabaseOwner() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

TEST(DataDirectory, ASecondOwnerIsRefusedAlsoWhereTheLockWasRemoved) {
  const TemporaryDirectory temporary;
  ASSERT_TRUE(DataDirectory::Open(temporary.path()).ok());
  fs::create_directory(temporary.File("db"));
  {
    const DatabaseOwner owner(temporary.File("db/LOCK"));
    fs::remove(temporary.File("LOCK"));
    for (int i = 0; i < 2; ++i) {  // a refused start must not make the next one pass
      ExpectRefused(temporary.path(), absl::StatusCode::kFailedPrecondition,
                    absl::StrCat(temporary.path(), " is in use by process ", owner.pid(),
                                 "; stop it first or name another data directory"));
    }
  }
  EXPECT_TRUE(DataDirectory::Open(temporary.path()).ok());
}

TEST(DataDirectory, ALostFormatIsToBeRestored) {
  const TemporaryDirectory temporary;
  fs::create_directory(temporary.File("db"));
  WriteWholeFile(temporary.File("HEAD"), "");
  ExpectRefused(temporary.path(), absl::StatusCode::kFailedPrecondition,
                absl::StrCat("the data directory ", temporary.path(),
                             " has lost its file FORMAT; restore that file from a backup"));
  EXPECT_FALSE(fs::exists(temporary.File("FORMAT")));
}

TEST(DataDirectory, AFileSystemWithoutNewDirectoriesIsTold) {
  for (const char* path : {"/proc/tipgate", "/proc/tipgate/data"}) {
    ExpectRefused(path, absl::StatusCode::kFailedPrecondition,
                  absl::StrCat("create the data directory ", path,
                               ": no directory can be made there; name one on a local disk"));
  }
}

// What TAILS says of files is looked at before anybody opens them, to write or to read.
TEST(DataDirectory, DamageThatTailsTellsIsRefused) {
  const TemporaryDirectory temporary;
  ASSERT_TRUE(DataDirectory::Open(temporary.path()).ok());
  WriteWholeFile(temporary.File("TAILS"), "tipgate durable files\n000004.log 7\nhash 0\n");
  ExpectRefused(temporary.path(), absl::StatusCode::kDataLoss, "TAILS");
  const absl::Status read = DataDirectory::OpenToRead(temporary.path()).status();
  EXPECT_EQ(read.code(), absl::StatusCode::kDataLoss) << read;
}

TEST(DataDirectory, ANewerFormatIsRefused) {
  const TemporaryDirectory temporary;
  WriteWholeFile(temporary.File("FORMAT"), "tipgate data directory\nformat 7\n");
  ExpectRefused(temporary.path(), absl::StatusCode::kFailedPrecondition,
                "needs a tipgate that knows format 7; this one knows up to 6");
}

TEST(DataDirectory, AFormatBeforeTheFirstReleaseIsRefused) {
  for (const int format : {1, 2, 3, 4, 5}) {
    const TemporaryDirectory temporary;
    WriteWholeFile(temporary.File("FORMAT"),
                   absl::StrCat("tipgate data directory\nformat ", format, "\n"));
    ExpectRefused(temporary.path(), absl::StatusCode::kFailedPrecondition,
                  absl::StrCat("has format ", format, ", of a version before the first release"));
  }
}

TEST(DataDirectory, AFormatThatCannotBeReadIsRefused) {
  for (const char* text :
       {"", "tipgate data directory\nformat 1", "format 1\n", "tipgate data directory\nformat 0\n",
        "tipgate data directory\nformat one\n"}) {
    const TemporaryDirectory temporary;
    WriteWholeFile(temporary.File("FORMAT"), text);
    ExpectRefused(temporary.path(), absl::StatusCode::kFailedPrecondition,
                  "does not state a format");
  }
}

TEST(DataDirectory, AForeignDirectoryIsRefusedAndLeftAlone) {
  const TemporaryDirectory temporary;
  WriteWholeFile(temporary.File("thesis.txt"), "precious");
  ExpectRefused(temporary.path(), absl::StatusCode::kFailedPrecondition,
                "holds \"thesis.txt\" and is not a tipgate data directory; name an empty");
  EXPECT_FALSE(fs::exists(temporary.File("LOCK")));
}

TEST(DataDirectory, WhatAnInterruptedFirstStartLeftIsNoObstacle) {
  const TemporaryDirectory temporary;
  WriteWholeFile(temporary.File("LOCK"), "1\n");
  WriteWholeFile(temporary.File("FORMAT.new"), "tipg");
  fs::create_directory(temporary.File("lost+found"));
  EXPECT_TRUE(DataDirectory::Open(temporary.path()).ok());
}

TEST(DataDirectory, AFileIsRefused) {
  const TemporaryDirectory temporary;
  WriteWholeFile(temporary.File("file"), "");
  ExpectRefused(temporary.File("file"), absl::StatusCode::kFailedPrecondition, "name a directory");
  ExpectRefused(temporary.File("file/data"), absl::StatusCode::kFailedPrecondition,
                "name a directory");
}

TEST(DataDirectory, AnUnwritableDirectoryIsRefused) {
  const TemporaryDirectory temporary;
  fs::create_directory(temporary.File("data"));
  fs::permissions(temporary.path(), fs::perms(0755));
  fs::permissions(temporary.File("data"), fs::perms(0555));
  const WithoutPrivileges nobody;
  ExpectRefused(temporary.File("data"), absl::StatusCode::kPermissionDenied,
                "let the user of this process write there");
  ExpectRefused(temporary.File("data/new"), absl::StatusCode::kPermissionDenied,
                "let the user of this process write there");
}

}  // namespace
}  // namespace tipgate
