#include "server/connection_listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace tipgate {
namespace {

// How long it waits for files or memory to become free.
constexpr int kPauseMs = 100;

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

absl::Status Unavailable(absl::string_view why) { return absl::UnavailableError(why); }

// NOT_FOUND: this machine does not have the address.
absl::Status LastError() {
  const std::string why = std::generic_category().message(errno);
  if (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL) return absl::NotFoundError(why);
  return Unavailable(why);
}

// What "host:port" and "[host]:port" mean.
absl::StatusOr<Addresses> Resolve(absl::string_view address) {
  const size_t colon = address.rfind(':');
  absl::string_view host = address.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(std::string(host).c_str(),
                                std::string(address.substr(colon + 1)).c_str(), &hints, &found);
  if (error != 0) return Unavailable(gai_strerror(error));
  return Addresses(found, &freeaddrinfo);
}

bool Enable(int fd, int level, int option, int value) {
  return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

// The port is at the same place in both families.
void SetPort(addrinfo* address, int port) {
  reinterpret_cast<sockaddr_in*>(address->ai_addr)->sin_port = htons(static_cast<uint16_t>(port));
}

absl::StatusOr<int> PortOf(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return LastError();
  return ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
}

// A listening socket; connections that it accepts inherit its options.
absl::StatusOr<int> ListenOn(const addrinfo& address, int takes_nothing_ms) {
  const int fd = socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return LastError();
  // [::] stands for both families.
  const bool is_up =
      Enable(fd, SOL_SOCKET, SO_REUSEADDR, 1) && Enable(fd, IPPROTO_TCP, TCP_NODELAY, 1) &&
      Enable(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, takes_nothing_ms) &&
      (address.ai_family != AF_INET6 || Enable(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0)) &&
      bind(fd, address.ai_addr, address.ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0;
  if (is_up) return fd;
  const absl::Status status = LastError();
  close(fd);
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ConnectionListener>> ConnectionListener::Listen(
    const std::string& address, int takes_nothing_ms) {
  const absl::StatusOr<Addresses> addresses = Resolve(address);
  if (!addresses.ok()) return addresses.status();
  std::unique_ptr<ConnectionListener> listener(new ConnectionListener);
  listener->stop_event_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (listener->stop_event_ < 0) return LastError();
  absl::Status missing = absl::OkStatus();
  for (addrinfo* next = addresses->get(); next != nullptr; next = next->ai_next) {
    if (listener->port_ != 0) SetPort(next, listener->port_);
    const absl::StatusOr<int> fd = ListenOn(*next, takes_nothing_ms);
    // localhost may mean an address of IPv6 where there is none.
    if (absl::IsNotFound(fd.status())) {
      missing = Unavailable(fd.status().message());
      continue;
    }
    if (!fd.ok()) return fd.status();
    listener->listening_.push_back(*fd);
    const absl::StatusOr<int> port = PortOf(*fd);
    if (!port.ok()) return port.status();
    listener->port_ = *port;
  }
  if (listener->listening_.empty()) return missing;
  return listener;
}

ConnectionListener::~ConnectionListener() {
  Stop();
  if (stop_event_ >= 0) close(stop_event_);
}

void ConnectionListener::Start(const Limit& limit, Handler handler) {
  limit_ = limit;
  handler_ = std::move(handler);
  thread_ = std::thread([this] { Run(); });
}

void ConnectionListener::Stop() {
  if (thread_.joinable()) {
    eventfd_write(stop_event_, 1);
    thread_.join();
  }
  for (const int fd : listening_) close(fd);
  listening_.clear();
}

void ConnectionListener::Run() {
  std::vector<pollfd> polled = {{.fd = stop_event_, .events = POLLIN, .revents = 0}};
  for (const int fd : listening_) polled.push_back({.fd = fd, .events = POLLIN, .revents = 0});
  while (polled[0].revents == 0) {
    bool is_exhausted = false;
    for (const int fd : listening_) is_exhausted |= !AcceptAll(fd);
    // Who waits to be accepted would end the wait at once.
    if (is_exhausted) {
      poll(polled.data(), 1, kPauseMs);
    } else {
      poll(polled.data(), polled.size(), -1);
    }
  }
}

// False if there is no file or memory for the next one.
bool ConnectionListener::AcceptAll(int listening) {
  while (true) {
    const int fd = accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      Accepted(fd);
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return true;
    const bool is_exhausted =
        errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    if (is_exhausted) return false;
    // Anything else is the end of that one connection, or a signal.
  }
}

void ConnectionListener::Accepted(int fd) {
  if (fd < limit_.files_max) return handler_(fd);
  limit_.refused->Add(1);
  close(fd);
}

}  // namespace tipgate
