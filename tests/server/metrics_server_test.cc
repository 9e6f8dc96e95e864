#include "server/metrics_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/prometheus_metrics.h"
#include "server/stats.h"

namespace tipgate {
namespace {

constexpr int kScrapesCount = 50;
constexpr int kSilentConnections = 40;
// What a probe of a container's health waits by default, and that of a busy machine.
constexpr absl::Duration kProbePatience = absl::Seconds(1);

int PortOf(const std::string& address) {
  int port = 0;
  EXPECT_TRUE(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port)) << address;
  return port;
}

int Connect(const std::string& address) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(static_cast<uint16_t>(PortOf(address)));
  peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&peer), sizeof(peer)), 0) << address;
  return fd;
}

// Sends the text to a port of this machine and returns all that comes back.
std::string Exchange(const std::string& address, const std::string& text) {
  const int fd = Connect(address);
  EXPECT_EQ(send(fd, text.data(), text.size(), MSG_NOSIGNAL), text.size());
  std::string answer;
  char bytes[4096];
  for (ssize_t count = 0; (count = recv(fd, bytes, sizeof(bytes), 0)) > 0;) {
    answer.append(bytes, static_cast<size_t>(count));
  }
  close(fd);
  return answer;
}

std::string Request(const std::string& address, absl::string_view method, absl::string_view path) {
  return Exchange(address, absl::StrCat(method, " ", path, " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
}

std::string StatusLine(const std::string& answer) { return answer.substr(0, answer.find('\r')); }

std::string Body(const std::string& answer) {
  const size_t head_end = answer.find("\r\n\r\n");
  return head_end == std::string::npos ? "" : answer.substr(head_end + 4);
}

// The value of the line that begins with `series`, or -1.
double ValueOf(const std::string& body, absl::string_view series) {
  for (const absl::string_view line : absl::StrSplit(body, '\n')) {
    double value = 0;
    if (absl::StartsWith(line, absl::StrCat(series, " ")) &&
        absl::SimpleAtod(line.substr(series.size() + 1), &value)) {
      return value;
    }
  }
  return -1;
}

class MetricsServerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto server = MetricsServer::Start("127.0.0.1:0", {&metrics_}, [this] { return health_; });
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  std::string Get(absl::string_view path) const { return Request(server_->address(), "GET", path); }

  PipelineStats stats_;
  PrometheusMetrics metrics_{stats_, [] { return StorageHealth{.sst_bytes = 77}; }, "1.2.3"};
  absl::Status health_;
  std::unique_ptr<MetricsServer> server_;
};

TEST_F(MetricsServerTest, AddressHasTheBoundPort) {
  EXPECT_TRUE(absl::StartsWith(server_->address(), "127.0.0.1:")) << server_->address();
  EXPECT_GT(PortOf(server_->address()), 0);
}

TEST_F(MetricsServerTest, MetricsAreServedAsPrometheusText) {
  stats_.tips_accepted.Add(3);
  stats_.queue_ns.Observe(20'000);
  const std::string answer = Get("/metrics");
  EXPECT_EQ(StatusLine(answer), "HTTP/1.1 200 OK");
  EXPECT_TRUE(absl::StrContains(answer, "Content-Type: text/plain; version=0.0.4"));
  const std::string body = Body(answer);
  EXPECT_TRUE(absl::StrContains(body, "# TYPE tipgate_stage_seconds histogram\n"));
  EXPECT_EQ(ValueOf(body, "tipgate_decisions_total{kind=\"tip\",outcome=\"accepted\"}"), 3);
  EXPECT_EQ(ValueOf(body, "tipgate_stage_seconds_bucket{stage=\"queue\",le=\"+Inf\"}"), 1);
  EXPECT_EQ(ValueOf(body, "tipgate_rocksdb_sst_bytes"), 77);
}

TEST_F(MetricsServerTest, QueryDoesNotChangeThePage) {
  EXPECT_EQ(StatusLine(Get("/metrics?name=x")), "HTTP/1.1 200 OK");
}

TEST_F(MetricsServerTest, HealthIsOkWhileServing) {
  const std::string answer = Get("/healthz");
  EXPECT_EQ(StatusLine(answer), "HTTP/1.1 200 OK");
  EXPECT_EQ(Body(answer), "ok\n");
}

TEST_F(MetricsServerTest, HealthTellsInOneLineWhyItDoesNotServe) {
  health_ = absl::UnavailableError("draining\r\nnow");
  const std::string answer = Get("/healthz");
  EXPECT_EQ(StatusLine(answer), "HTTP/1.1 503 Service Unavailable");
  EXPECT_EQ(Body(answer), "draining  now\n");
}

TEST_F(MetricsServerTest, FirstPageLinksToTheOthers) {
  const std::string body = Body(Get("/"));
  EXPECT_TRUE(absl::StrContains(body, "href=\"/metrics\"")) << body;
  EXPECT_TRUE(absl::StrContains(body, "href=\"/healthz\"")) << body;
}

TEST_F(MetricsServerTest, OtherPagesAreNotFound) {
  for (const char* path : {"/metric", "/metrics/", "/Metrics", "/healthz/x", "/../etc/passwd"}) {
    EXPECT_EQ(StatusLine(Get(path)), "HTTP/1.1 404 Not Found") << path;
  }
}

TEST_F(MetricsServerTest, OtherMethodsAreRefused) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    const std::string answer = Request(server_->address(), method, "/metrics");
    EXPECT_EQ(StatusLine(answer), "HTTP/1.1 405 Method Not Allowed") << method;
    EXPECT_TRUE(absl::StrContains(answer, "Allow: GET, HEAD\r\n")) << method;
  }
}

TEST_F(MetricsServerTest, HeadHasTheHeadOfGetAndNoBody) {
  const std::string get = Get("/healthz");
  const std::string head = Request(server_->address(), "HEAD", "/healthz");
  EXPECT_EQ(head, get.substr(0, get.size() - Body(get).size()));
}

TEST_F(MetricsServerTest, ConnectionIsClosedThoughTheClientWouldKeepIt) {
  const std::string get =
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n";
  const std::string answer = Exchange(server_->address(), get);  // returns at the end of the stream
  EXPECT_TRUE(absl::StrContains(answer, "Connection: close\r\n")) << answer;
}

TEST_F(MetricsServerTest, OversizeRequestIsRefusedAndTheNextIsServed) {
  const std::string request =
      absl::StrCat("GET /metrics HTTP/1.1\r\nX: ", std::string(9000, 'x'), "\r\n\r\n");
  EXPECT_FALSE(absl::StrContains(StatusLine(Exchange(server_->address(), request)), "200"));
  EXPECT_EQ(StatusLine(Get("/healthz")), "HTTP/1.1 200 OK");
}

TEST_F(MetricsServerTest, AddressInUseIsRefusedWithTheReason) {
  const auto second = MetricsServer::Start(server_->address(), {}, [] { return absl::OkStatus(); });
  ASSERT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(absl::StrContains(second.status().message(), server_->address()));
  EXPECT_TRUE(absl::StrContains(second.status().message(), "Address already in use"))
      << second.status();
}

TEST_F(MetricsServerTest, StoppedServerFreesItsPort) {
  const std::string address = server_->address();
  server_.reset();
  const auto second = MetricsServer::Start(address, {}, [] { return absl::OkStatus(); });
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ((*second)->address(), address);
}

TEST(MetricsServerStart, MalformedAddressIsRefused) {
  for (const char* address : {"", "9464", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:1,0.0.0.0:2",
                              "127.0.0.1:80s", ":9464", "[::1]:0"}) {
    const auto server = MetricsServer::Start(address, {}, [] { return absl::OkStatus(); });
    EXPECT_EQ(server.status().code(), absl::StatusCode::kInvalidArgument) << address;
  }
}

// Connections that are open for the time of this object.
class Connections {
 public:
  // Sends the text on each.
  Connections(const std::string& address, int count, const std::string& text) {
    for (int i = 0; i < count; ++i) {
      descriptors_.push_back(Connect(address));
      EXPECT_EQ(send(descriptors_.back(), text.data(), text.size(), MSG_NOSIGNAL), text.size());
    }
  }
  ~Connections() {
    for (const int fd : descriptors_) close(fd);
  }

 private:
  std::vector<int> descriptors_;
};

TEST_F(MetricsServerTest, ConnectionsThatSayNothingHideNoPage) {
  const Connections silent(server_->address(), kSilentConnections, "");
  const absl::Time begin = absl::Now();
  EXPECT_EQ(StatusLine(Get("/healthz")), "HTTP/1.1 200 OK");
  EXPECT_EQ(StatusLine(Get("/metrics")), "HTTP/1.1 200 OK");
  EXPECT_LT(absl::Now() - begin, kProbePatience);
}

TEST_F(MetricsServerTest, RequestsThatNeverEndHideNoPage) {
  for (const char* text : {"GET /healthz HTTP/1.1\r\nHost: local",
                           "POST /healthz HTTP/1.1\r\nContent-Length: 1000\r\n\r\n"}) {
    const Connections halting(server_->address(), kSilentConnections, text);
    const absl::Time begin = absl::Now();
    EXPECT_EQ(StatusLine(Get("/healthz")), "HTTP/1.1 200 OK");
    EXPECT_LT(absl::Now() - begin, kProbePatience);
  }
}

// More of them than threads: a page comes late, and does come.
TEST_F(MetricsServerTest, ManyConnectionsThatSayNothingAreCutOffSoon) {
  const Connections silent(server_->address(), 3 * kSilentConnections, "");
  const absl::Time begin = absl::Now();
  EXPECT_EQ(StatusLine(Get("/healthz")), "HTTP/1.1 200 OK");
  EXPECT_LT(absl::Now() - begin, absl::Seconds(30));
}

TEST_F(MetricsServerTest, ScrapesWhileOthersCountAgreeWithThemselvesAndNeverGoBack) {
  std::atomic<bool> is_done{false};
  std::thread counting([&] {
    for (int64_t i = 0; !is_done; ++i) {
      stats_.reply_ns.Observe(i % 1'000'000);
      stats_.tips_accepted.Add(1);
    }
  });
  const auto scrape = [this] {
    double last = 0;
    for (int i = 0; i < kScrapesCount; ++i) {
      const std::string body = Body(Get("/metrics"));
      const double count = ValueOf(body, "tipgate_stage_seconds_count{stage=\"reply\"}");
      EXPECT_EQ(ValueOf(body, "tipgate_stage_seconds_bucket{stage=\"reply\",le=\"+Inf\"}"), count);
      EXPECT_GE(count, last);
      last = count;
    }
  };
  std::thread other(scrape);
  scrape();
  other.join();
  is_done = true;
  counting.join();
  EXPECT_EQ(
      ValueOf(Body(Get("/metrics")), "tipgate_decisions_total{kind=\"tip\",outcome=\"accepted\"}"),
      static_cast<double>(stats_.tips_accepted.value()));
}

}  // namespace
}  // namespace tipgate
