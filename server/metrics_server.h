#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "prometheus/collectable.h"

struct mg_connection;
struct mg_context;

namespace tipgate {

// A small HTTP server for monitoring: GET or HEAD of /metrics, /healthz and a page at /. Plain HTTP
// without a password, so bind it to loopback or a private network. Any thread.
class MetricsServer {
 public:
  // Not OK: the gate does not serve, and the message says why.
  using HealthCheck = std::function<absl::Status()>;

  // Listens on `address`, a "host:port" without IPv6; port 0 takes a free one. The collectables and
  // what `health_check` uses outlive the server; both are called by its threads. INVALID_ARGUMENT
  // if the address is malformed, UNAVAILABLE if it cannot be listened on, such as one in use.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(
      const std::string& address, std::vector<const prometheus::Collectable*> collectables,
      HealthCheck health_check);

  // Answers the calls in work, then stops.
  ~MetricsServer();

  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  // Where it listens, with the bound port.
  const std::string& address() const { return address_; }

 private:
  struct Reply;

  MetricsServer(std::vector<const prometheus::Collectable*> collectables, HealthCheck health_check);

  absl::Status Listen(const std::string& address);
  static int HandleLog(const mg_connection* connection, const char* message);
  static int HandleRequest(mg_connection* connection);
  Reply Answer(const std::string& method, const std::string& path) const;
  Reply Metrics() const;
  Reply Health() const;

  const std::vector<const prometheus::Collectable*> collectables_;
  const HealthCheck health_check_;
  const std::thread::id starter_ = std::this_thread::get_id();
  std::string start_error_;  // written by the starter alone; why it cannot listen
  std::string address_;
  mg_context* context_ = nullptr;
};

}  // namespace tipgate
