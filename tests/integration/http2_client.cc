#include "tests/integration/http2_client.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/http_get.h"

namespace tipgate {
namespace {

constexpr char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr size_t kFrameHeaderBytes = 9;
constexpr absl::Duration kSendPatience = absl::Seconds(20);

std::string BigEndian24(size_t value) {
  std::string bytes = BigEndian32(static_cast<uint32_t>(value));
  return bytes.substr(1);
}

uint32_t Number(absl::string_view bytes) {
  uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

// An integer with a prefix of 7 bits (RFC 7541, 5.1).
std::string HpackInteger(size_t value) {
  constexpr size_t kPrefixMax = 127;
  if (value < kPrefixMax) return std::string(1, static_cast<char>(value));
  std::string bytes(1, static_cast<char>(kPrefixMax));
  for (value -= kPrefixMax; value >= 128; value >>= 7) {
    bytes += static_cast<char>(value % 128 + 128);
  }
  return bytes + static_cast<char>(value);
}

// Waits until the socket can be read or written; false if it cannot by then.
bool Await(int fd, int16_t events, absl::Time end) {
  pollfd polled{.fd = fd, .events = events, .revents = 0};
  const int64_t left_ms = absl::ToInt64Milliseconds(end - absl::Now());
  return left_ms > 0 && poll(&polled, 1, static_cast<int>(left_ms)) == 1;
}

}  // namespace

std::string BigEndian32(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

std::string FrameBytes(const Frame& frame, size_t length) {
  std::string bytes = BigEndian24(length);
  bytes += static_cast<char>(frame.type);
  bytes += static_cast<char>(frame.flags);
  return absl::StrCat(bytes, BigEndian32(frame.stream), frame.payload);
}

std::string FrameBytes(const Frame& frame) { return FrameBytes(frame, frame.payload.size()); }

std::string SettingBytes(uint16_t setting, uint32_t value) {
  return BigEndian32(setting).substr(2) + BigEndian32(value);
}

std::string HeaderBlock(const Headers& headers) {
  std::string block;
  for (const auto& [name, value] : headers) {
    absl::StrAppend(&block, std::string(1, '\0'), HpackInteger(name.size()), name,
                    HpackInteger(value.size()), value);
  }
  return block;
}

Headers CallHeaders(const std::string& path) {
  return {{":method", "POST"},      {":scheme", "http"}, {":path", path},
          {":authority", "gate"},   {"te", "trailers"},  {"content-type", "application/grpc"},
          {"user-agent", "hostile"}};
}

std::string GrpcFrame(absl::string_view message, uint32_t length, char compressed) {
  return absl::StrCat(std::string(1, compressed), BigEndian32(length), message);
}

std::string GrpcFrame(absl::string_view message) {
  return GrpcFrame(message, static_cast<uint32_t>(message.size()));
}

Http2Client::Http2Client(const std::string& address) : fd_(ConnectTo(address)) {
  if (fd_ >= 0) fcntl(fd_, F_SETFL, O_NONBLOCK);
}

Http2Client::Http2Client(Http2Client&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), received_(std::move(other.received_)) {}

Http2Client::~Http2Client() {
  if (fd_ >= 0) close(fd_);
}

bool Http2Client::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size > 0) {
      bytes.remove_prefix(static_cast<size_t>(size));
    } else if (errno != EAGAIN || !Await(fd_, POLLOUT, absl::Now() + kSendPatience)) {
      return false;
    }
  }
  return true;
}

bool Http2Client::Greet(absl::string_view settings) {
  const Frame first{.type = FrameType::kSettings, .payload = std::string(settings)};
  return Send(absl::StrCat(kPreface, FrameBytes(first)));
}

bool Http2Client::Call(uint32_t stream, const Headers& headers, absl::string_view body) {
  return Send({.type = FrameType::kHeaders,
               .flags = kEndHeaders,
               .stream = stream,
               .payload = HeaderBlock(headers)}) &&
         Send({.type = FrameType::kData,
               .flags = kEndStream,
               .stream = stream,
               .payload = std::string(body)});
}

// True once so many bytes have been received.
bool Http2Client::Fill(size_t size, absl::Time end) {
  char buffer[16'384];
  while (received_.size() < size) {
    const ssize_t got = recv(fd_, buffer, sizeof buffer, 0);
    if (got > 0) {
      received_.append(buffer, static_cast<size_t>(got));
    } else if (got == 0 || errno != EAGAIN || !Await(fd_, POLLIN, end)) {
      return false;
    }
  }
  return true;
}

std::optional<Frame> Http2Client::Read(absl::Duration timeout) {
  const absl::Time end = absl::Now() + timeout;
  if (!Fill(kFrameHeaderBytes, end)) return std::nullopt;
  const absl::string_view head = received_;
  const size_t size = Number(head.substr(0, 3));
  Frame frame{.type = static_cast<FrameType>(head[3]),
              .flags = static_cast<uint8_t>(head[4]),
              .stream = Number(head.substr(5, 4)),
              .payload = ""};
  if (!Fill(kFrameHeaderBytes + size, end)) return std::nullopt;
  frame.payload = received_.substr(kFrameHeaderBytes, size);
  received_.erase(0, kFrameHeaderBytes + size);
  return frame;
}

bool Http2Client::AwaitStreamEnd(uint32_t stream) {
  while (const std::optional<Frame> frame = Read()) {
    if (frame->stream != stream) continue;
    const bool may_end = frame->type == FrameType::kData || frame->type == FrameType::kHeaders;
    if (frame->type == FrameType::kResetStream || (may_end && (frame->flags & kEndStream) != 0)) {
      return true;
    }
  }
  return false;
}

bool Http2Client::AwaitClose(absl::Duration timeout) {
  const absl::Time end = absl::Now() + timeout;
  while (Fill(received_.size() + 1, end)) received_.clear();
  char byte = 0;
  const ssize_t got = recv(fd_, &byte, 1, MSG_PEEK);
  return got == 0 || (got < 0 && errno != EAGAIN);
}

void Http2Client::CloseForWriting() { shutdown(fd_, SHUT_WR); }

void Http2Client::Abort() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(std::exchange(fd_, -1));
}

}  // namespace tipgate
