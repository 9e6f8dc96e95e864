#include "server/connection_listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <climits>
#include <string>

#include "absl/strings/str_cat.h"

namespace tipgate {
namespace {

constexpr int kTakesNothingMs = 8'000;

absl::StatusOr<std::unique_ptr<ConnectionListener>> Listen(const std::string& address) {
  return ConnectionListener::Listen(address, kTakesNothingMs);
}

// A connection to a port of this machine; -1 if nobody listens.
int Connect(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(static_cast<uint16_t>(port));
  peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&peer), sizeof(peer)) == 0) return fd;
  close(fd);
  return -1;
}

// True if the other end has closed the connection; waits for that, or for a byte.
bool IsClosed(int fd) {
  char byte = 0;
  return recv(fd, &byte, 1, 0) <= 0;
}

// A listener that greets each connection with one byte, and hangs up.
class ConnectionListenerTest : public testing::Test {
 protected:
  void Start(int files_max) {
    auto listener = Listen("127.0.0.1:0");
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
    listener_->Start({.files_max = files_max, .refused = &refused_}, [](int fd) {
      EXPECT_EQ(send(fd, "x", 1, MSG_NOSIGNAL), 1);
      close(fd);
    });
  }

  SharedCounter refused_;
  std::unique_ptr<ConnectionListener> listener_;
};

TEST_F(ConnectionListenerTest, HandsConnectionsOver) {
  Start(INT_MAX);
  for (int i = 0; i < 100; ++i) {
    const int fd = Connect(listener_->port());
    ASSERT_GE(fd, 0);
    EXPECT_FALSE(IsClosed(fd));
    close(fd);
  }
  EXPECT_EQ(refused_.value(), 0);
}

TEST_F(ConnectionListenerTest, ClosesAndCountsThoseWhoseDescriptorIsTooHigh) {
  Start(0);
  for (int i = 1; i <= 10; ++i) {
    const int fd = Connect(listener_->port());
    ASSERT_GE(fd, 0);
    EXPECT_TRUE(IsClosed(fd));
    close(fd);
    EXPECT_EQ(refused_.value(), i);
  }
}

TEST_F(ConnectionListenerTest, AfterStopNobodyListens) {
  Start(INT_MAX);
  const int port = listener_->port();
  listener_->Stop();
  EXPECT_EQ(Connect(port), -1);
}

TEST(ConnectionListenerListen, WhoConnectsWaitsForTheStart) {
  const auto listener = Listen("127.0.0.1:0");
  ASSERT_TRUE(listener.ok()) << listener.status();
  const int fd = Connect((*listener)->port());
  ASSERT_GE(fd, 0);
  SharedCounter refused;
  (*listener)->Start({.files_max = 0, .refused = &refused}, [](int) {});
  EXPECT_TRUE(IsClosed(fd));
  close(fd);
}

TEST(ConnectionListenerListen, NamesAndBothFamiliesAreTaken) {
  const bool has_ipv6 = Listen("[::1]:0").ok();  // a container may have none
  for (const char* address : {"localhost:0", "0.0.0.0:0", "[::]:0", "[::1]:0"}) {
    if (address[0] == '[' && !has_ipv6) continue;
    const auto listener = Listen(address);
    ASSERT_TRUE(listener.ok()) << address << ": " << listener.status();
    EXPECT_GT((*listener)->port(), 0);
    const int fd = Connect((*listener)->port());
    EXPECT_EQ(fd >= 0, std::string(address) != "[::1]:0") << address;
    close(fd);
  }
}

TEST(ConnectionListenerListen, SaysWhyItCannot) {
  const auto first = Listen("127.0.0.1:0");
  ASSERT_TRUE(first.ok()) << first.status();
  const auto in_use = Listen(absl::StrCat("127.0.0.1:", (*first)->port()));
  EXPECT_TRUE(absl::IsUnavailable(in_use.status()));
  EXPECT_THAT(std::string(in_use.status().message()), testing::HasSubstr("in use"));
  // A documentation address: no machine has it.
  const auto foreign = Listen("192.0.2.1:0");
  EXPECT_TRUE(absl::IsUnavailable(foreign.status()));
  EXPECT_THAT(std::string(foreign.status().message()), testing::HasSubstr("assign"));
}

}  // namespace
}  // namespace tipgate
