// Connections that nobody uses take nothing from the journal.

#include <sys/resource.h>
#include <unistd.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/http_get.h"

namespace tipgate {
namespace {

constexpr rlim_t kUsualSoftLimit = 1024;
constexpr int kConnectionsCount = 1200;

// Lowers the soft limit of open files: for this process, and for those that it starts.
void SetSoftLimit(rlim_t files) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = files == RLIM_INFINITY ? limit.rlim_max : files;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

class Connections : public GateTest {
 protected:
  ~Connections() override {
    for (const int fd : idle_) close(fd);
  }

  std::vector<int> idle_;
};

TEST_F(Connections, MoreThanTheUsualLimitOfFilesDoNotStopTheGate) {
  SetSoftLimit(kUsualSoftLimit);
  StartGateWithSession();
  SetSoftLimit(RLIM_INFINITY);
  for (int i = 0; i < kConnectionsCount; ++i) {
    const int fd = ConnectTo(gate().target());
    ASSERT_GE(fd, 0) << "connection " << i;
    idle_.push_back(fd);
  }
  // A client of its own, whose connection comes after all of them.
  GateClient late(gate().target());
  v1::AuthorizeTipResponse response;
  const grpc::Status status =
      late.Call(AuthorizeOf(TipOf("late", 1)), &response, std::chrono::seconds(20));
  EXPECT_TRUE(status.ok()) << status.error_message();
  for (const int fd : idle_) close(fd);
  idle_.clear();
  StopGate();
}

}  // namespace
}  // namespace tipgate
