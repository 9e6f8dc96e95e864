#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/stats.h"

namespace tipgate {

// Accepts connections as long as files are left for the rest of the process. gRPC 1.51's own
// listener takes every connection until there is no file left, and after that never one again.
// Owner's thread only.
//
// Invariant: a connection is kept only if its descriptor is below a maximum. As descriptors are the
// lowest that are free, fewer files than that were open.
class ConnectionListener {
 public:
  // Takes over a connected socket, on the listener's thread.
  using Handler = std::function<void(int fd)>;

  struct Limit {
    int files_max = 0;                 // the first descriptor that is refused
    SharedCounter* refused = nullptr;  // connections closed at once for that; outlives this
  };

  // Listens on every address that "host:port" means; port 0 takes a free one. Who connects waits
  // until Start. `takes_nothing_ms`: how long a peer may acknowledge or take nothing until the
  // kernel gives its connection up. UNAVAILABLE: the host is unknown, or the port is in use or not
  // this process's to take.
  static absl::StatusOr<std::unique_ptr<ConnectionListener>> Listen(const std::string& address,
                                                                    int takes_nothing_ms);

  // Stops.
  ~ConnectionListener();

  ConnectionListener(const ConnectionListener&) = delete;
  ConnectionListener& operator=(const ConnectionListener&) = delete;

  int port() const { return port_; }

  void Start(const Limit& limit, Handler handler);

  // Accepts no more; the handler is not called any more.
  void Stop();

 private:
  ConnectionListener() = default;

  void Run();
  bool AcceptAll(int listening);
  void Accepted(int fd);

  std::vector<int> listening_;
  int stop_event_ = -1;
  int port_ = 0;
  Limit limit_;
  Handler handler_;
  std::thread thread_;
};

}  // namespace tipgate
