#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tipgate {

// HTTP/2 by hand (RFC 9113), for what no honest client sends. One thread a client.

enum class FrameType : uint8_t {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kResetStream = 3,
  kSettings = 4,
  kPing = 6,
  kGoAway = 7,
  kWindowUpdate = 8,
  kContinuation = 9,
};
inline constexpr uint8_t kEndStream = 1;   // of DATA and HEADERS
inline constexpr uint8_t kAck = 1;         // of SETTINGS and PING
inline constexpr uint8_t kEndHeaders = 4;  // of HEADERS and CONTINUATION

struct Frame {
  FrameType type{};
  uint8_t flags = 0;
  uint32_t stream = 0;
  std::string payload = {};
};

// The bytes of a frame that says it has `length` bytes; whether it has is the caller's affair.
std::string FrameBytes(const Frame& frame, size_t length);
std::string FrameBytes(const Frame& frame);

std::string BigEndian32(uint32_t value);

// A setting's number and value.
std::string SettingBytes(uint16_t setting, uint32_t value);
inline constexpr uint16_t kInitialWindowSize = 4;

// A header block: literals that nobody remembers.
using Headers = std::vector<std::pair<std::string, std::string>>;
std::string HeaderBlock(const Headers& headers);
// Of a call, by its path.
Headers CallHeaders(const std::string& path);

// A message as gRPC frames it; `length` as in FrameBytes.
std::string GrpcFrame(absl::string_view message, uint32_t length, char compressed = 0);
std::string GrpcFrame(absl::string_view message);

// A connection.
class Http2Client {
 public:
  // To host:port; a connection that fails cannot send.
  explicit Http2Client(const std::string& address);
  Http2Client(Http2Client&& other) noexcept;
  Http2Client& operator=(Http2Client&&) = delete;
  ~Http2Client();

  // Sends all of it, waiting for room; false once the other end is gone or takes nothing for 20 s.
  bool Send(absl::string_view bytes);
  bool Send(const Frame& frame) { return Send(FrameBytes(frame)); }
  // What every connection begins with.
  bool Greet(absl::string_view settings = "");
  // Sends a call's headers and, in one frame, its body.
  bool Call(uint32_t stream, const Headers& headers, absl::string_view body);

  // The next frame, whatever it is; none once the other end is gone or silent for so long.
  std::optional<Frame> Read(absl::Duration timeout = absl::Seconds(20));
  // Reads until the stream ends: true if it did, by a reset or a frame that ends it.
  bool AwaitStreamEnd(uint32_t stream);
  // Reads until the other end has closed; false if it is silent for so long.
  bool AwaitClose(absl::Duration timeout = absl::Seconds(20));
  // Says that nothing more comes, and goes on reading.
  void CloseForWriting();
  // Goes without a goodbye: with a reset.
  void Abort();

 private:
  bool Fill(size_t size, absl::Time end);

  int fd_;
  std::string received_;
};

}  // namespace tipgate
