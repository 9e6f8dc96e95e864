#include "server/metrics_server.h"

#include <civetweb.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "prometheus/text_serializer.h"
#include "server/config.h"

namespace tipgate {
namespace {

constexpr char kPlainText[] = "text/plain; charset=utf-8";
constexpr char kHtml[] = "text/html; charset=utf-8";
constexpr char kPrometheusText[] = "text/plain; version=0.0.4; charset=utf-8";

constexpr char kIndexPage[] =
    "<!DOCTYPE html>\n<title>Tipgate</title>\n<h1>Tipgate</h1>\n"
    "<p><a href=\"/metrics\">metrics</a></p>\n<p><a href=\"/healthz\">health</a></p>\n";

// civetweb gives each connection a thread until it is over, so whoever connects and says nothing
// holds one. A request is one line and few headers, so who does not send it within the timeout is
// cut off: pages are hidden only while more than kThreads / kRequestTimeoutMs such connections come
// in a time, 32 a second.
constexpr char kThreads[] = "64";
constexpr char kWaitingConnectionsMax[] = "64";
constexpr char kRequestBytesMax[] = "8192";
constexpr char kRequestTimeoutMs[] = "2000";

constexpr int kOk = 200;
constexpr int kNotFound = 404;
constexpr int kMethodNotAllowed = 405;
constexpr int kServiceUnavailable = 503;

const char* StatusText(int code) {
  if (code == kOk) return "OK";
  if (code == kNotFound) return "Not Found";
  if (code == kMethodNotAllowed) return "Method Not Allowed";
  return "Service Unavailable";
}

// Connects to "host:port" and hangs up. False if nobody listens there.
bool Knock(const std::string& address) {
  const size_t colon = address.rfind(':');
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* peer = nullptr;
  if (getaddrinfo(address.substr(0, colon).c_str(), address.substr(colon + 1).c_str(), &hints,
                  &peer) != 0) {
    return false;
  }
  const int fd = socket(peer->ai_family, peer->ai_socktype | SOCK_CLOEXEC, peer->ai_protocol);
  const bool is_answered = fd >= 0 && connect(fd, peer->ai_addr, peer->ai_addrlen) == 0;
  if (fd >= 0) close(fd);
  freeaddrinfo(peer);
  return is_answered;
}

// A status message on one line.
std::string OneLine(absl::string_view message) {
  return absl::StrReplaceAll(message, {{"\n", " "}, {"\r", " "}});
}

}  // namespace

struct MetricsServer::Reply {
  int code = kOk;
  const char* content_type = kPlainText;
  std::string body;
};

MetricsServer::MetricsServer(std::vector<const prometheus::Collectable*> collectables,
                             HealthCheck health_check)
    : collectables_(std::move(collectables)), health_check_(std::move(health_check)) {}

// civetweb sees that it shall stop when somebody connects, else only every 2 s.
MetricsServer::~MetricsServer() {
  if (context_ == nullptr) return;
  std::atomic<bool> is_stopped{false};
  std::thread stopper([&] {
    mg_stop(context_);
    is_stopped = true;
  });
  while (!is_stopped && Knock(address_)) {
  }
  stopper.join();
}

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(
    const std::string& address, std::vector<const prometheus::Collectable*> collectables,
    HealthCheck health_check) {
  if (!IsMetricsAddress(address)) {
    return absl::InvalidArgumentError(
        absl::StrCat("metrics address \"", address, "\": expected ", kMetricsAddressExpected));
  }
  std::unique_ptr<MetricsServer> server(
      new MetricsServer(std::move(collectables), std::move(health_check)));
  absl::Status status = server->Listen(address);
  if (!status.ok()) return status;
  return server;
}

absl::Status MetricsServer::Listen(const std::string& address) {
  mg_callbacks callbacks{};
  callbacks.begin_request = &HandleRequest;
  callbacks.log_message = &HandleLog;
  const char* options[] = {"listening_ports",
                           address.c_str(),
                           "num_threads",
                           kThreads,
                           "connection_queue",
                           kWaitingConnectionsMax,
                           "max_request_size",
                           kRequestBytesMax,
                           "request_timeout_ms",
                           kRequestTimeoutMs,
                           "enable_keep_alive",
                           "no",
                           nullptr};
  mg_init_data init{.callbacks = &callbacks, .user_data = this, .configuration_options = options};
  context_ = mg_start2(&init, nullptr);
  mg_server_port port{};
  if (context_ == nullptr || mg_get_server_ports(context_, 1, &port) != 1) {
    return absl::UnavailableError(
        absl::StrCat("metrics address \"", address, "\": ", OneLine(start_error_)));
  }
  address_ = absl::StrCat(address.substr(0, address.rfind(':')), ":", port.port);
  return absl::OkStatus();
}

int MetricsServer::HandleLog(const mg_connection* connection, const char* message) {
  auto* server = static_cast<MetricsServer*>(mg_get_user_data(mg_get_context(connection)));
  // The first message is the cause, others follow from it. What the server's own threads report is
  // one client's matter.
  if (std::this_thread::get_id() == server->starter_ && server->start_error_.empty()) {
    server->start_error_ = message;
  }
  return 1;  // handled: civetweb writes no log of its own
}

int MetricsServer::HandleRequest(mg_connection* connection) {
  const mg_request_info* request = mg_get_request_info(connection);
  const auto* server = static_cast<const MetricsServer*>(request->user_data);
  const std::string method = request->request_method;
  const Reply reply = server->Answer(method, request->local_uri);
  std::string text =
      absl::StrCat("HTTP/1.1 ", reply.code, " ", StatusText(reply.code), "\r\n",
                   "Content-Type: ", reply.content_type, "\r\n",
                   "Content-Length: ", reply.body.size(), "\r\nConnection: close\r\n",
                   reply.code == kMethodNotAllowed ? "Allow: GET, HEAD\r\n" : "", "\r\n");
  if (method != "HEAD") text += reply.body;
  mg_write(connection, text.data(), text.size());
  // Else civetweb waits for the rest of a request's body, which nobody needs.
  mg_disable_connection_keep_alive(connection);
  return reply.code;
}

MetricsServer::Reply MetricsServer::Answer(const std::string& method,
                                           const std::string& path) const {
  if (method != "GET" && method != "HEAD") {
    return {.code = kMethodNotAllowed, .body = "only GET and HEAD\n"};
  }
  if (path == "/metrics") return Metrics();
  if (path == "/healthz") return Health();
  if (path == "/") return {.content_type = kHtml, .body = kIndexPage};
  return {.code = kNotFound, .body = "no such page; there are /metrics and /healthz\n"};
}

MetricsServer::Reply MetricsServer::Metrics() const {
  std::vector<prometheus::MetricFamily> families;
  for (const prometheus::Collectable* collectable : collectables_) {
    std::vector<prometheus::MetricFamily> more = collectable->Collect();
    std::move(more.begin(), more.end(), std::back_inserter(families));
  }
  return {.content_type = kPrometheusText,
          .body = prometheus::TextSerializer().Serialize(families)};
}

MetricsServer::Reply MetricsServer::Health() const {
  const absl::Status health = health_check_();
  if (health.ok()) return {.body = "ok\n"};
  return {.code = kServiceUnavailable, .body = absl::StrCat(OneLine(health.message()), "\n")};
}

}  // namespace tipgate
