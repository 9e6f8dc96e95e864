#include "tests/integration/http_get.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tipgate {
namespace {

std::string Exchange(int fd, const std::string& request) {
  std::string answer;
  if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) return answer;
  char buffer[4096];
  for (ssize_t size = 0; (size = recv(fd, buffer, sizeof buffer, 0)) > 0;) {
    answer.append(buffer, static_cast<size_t>(size));
  }
  return answer;
}

}  // namespace

int ConnectTo(const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) ||
      inet_pton(AF_INET, address.substr(0, colon).c_str(), &peer.sin_addr) != 1) {
    return -1;
  }
  peer.sin_port = htons(static_cast<uint16_t>(port));
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) == 0) return fd;
  close(fd);
  return -1;
}

HttpResponse HttpGet(const std::string& address, const std::string& path) {
  const int fd = ConnectTo(address);
  if (fd < 0) return {};
  const std::string answer = Exchange(fd, absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: ", address,
                                                       "\r\nConnection: close\r\n\r\n"));
  close(fd);
  HttpResponse response;
  // "HTTP/1.1 200 OK"
  if (answer.size() < 12 || !absl::SimpleAtoi(answer.substr(9, 3), &response.status)) return {};
  const size_t end_of_headers = answer.find("\r\n\r\n");
  if (end_of_headers != std::string::npos) response.body = answer.substr(end_of_headers + 4);
  return response;
}

double MetricValue(const std::string& metrics, const std::string& sample) {
  const size_t begin = absl::StrCat("\n", metrics).find(absl::StrCat("\n", sample, " "));
  if (begin == std::string::npos) return -1;
  const size_t value_begin = begin + sample.size() + 1;
  const size_t end = metrics.find('\n', value_begin);
  double value = -1;
  if (!absl::SimpleAtod(metrics.substr(value_begin, end - value_begin), &value)) return -1;
  return value;
}

}  // namespace tipgate
