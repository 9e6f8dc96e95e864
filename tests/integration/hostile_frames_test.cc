// Bytes that are no HTTP/2, or no gRPC: whoever sends them loses their call or their connection,
// and nobody else anything.

#include "absl/strings/str_cat.h"
#include "tests/integration/hostile_test.h"

namespace tipgate {
namespace {

using HostileFrames = HostileTest;

// More than any peer may send in a frame.
constexpr size_t kFrameMax = 0xffffff;

TEST_F(HostileFrames, WhoDoesNotSpeakHttp2IsCutOff) {
  const std::string tls_hello =
      absl::StrCat("\x16\x03\x01", std::string(2, '\x01'), std::string(300, '\x42'));
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\nHost: gate\r\n\r\n"), std::string("\r\n\r\n"), tls_hello,
        std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r"), std::string(100'000, '\0')}) {
    Http2Client stranger(gate().target());
    stranger.Send(bytes);
    EXPECT_TRUE(stranger.AwaitClose()) << bytes.substr(0, 20);
  }
  ExpectUnharmed();
}

// Each of them is an error of the connection by RFC 9113 or RFC 7541.
TEST_F(HostileFrames, AMalformedFrameEndsItsConnection) {
  const std::string call = HeaderBlock(CallHeaders(kAuthorizeTip));
  const std::string setting = SettingBytes(kInitialWindowSize, 1);
  const std::pair<const char*, std::string> cases[] = {
      {"a frame above the maximum",
       FrameBytes({.type = FrameType::kData, .stream = 1, .payload = "x"}, kFrameMax)},
      {"settings cut short",
       FrameBytes({.type = FrameType::kSettings, .payload = setting.substr(1)})},
      {"settings of a stream",
       FrameBytes({.type = FrameType::kSettings, .stream = 1, .payload = setting})},
      {"an acknowledgement of settings that says something",
       FrameBytes({.type = FrameType::kSettings, .flags = kAck, .payload = setting})},
      {"a window above 2^31",
       FrameBytes({.type = FrameType::kSettings,
                   .payload = SettingBytes(kInitialWindowSize, 0xffffffff)})},
      {"a ping cut short", FrameBytes({.type = FrameType::kPing, .payload = "1234567"})},
      {"a window update cut short",
       FrameBytes({.type = FrameType::kWindowUpdate, .payload = "123"})},
      {"a reset cut short",
       FrameBytes({.type = FrameType::kResetStream, .stream = 1, .payload = "123"})},
      {"a continuation of nothing",
       FrameBytes({.type = FrameType::kContinuation, .flags = kEndHeaders, .stream = 1})},
      {"headers that are interrupted",
       absl::StrCat(FrameBytes({.type = FrameType::kHeaders, .stream = 1, .payload = call}),
                    FrameBytes({.type = FrameType::kData, .stream = 1, .payload = "x"}))},
      {"headers that go on in another stream",
       absl::StrCat(
           FrameBytes({.type = FrameType::kHeaders, .stream = 1, .payload = call}),
           FrameBytes({.type = FrameType::kContinuation, .flags = kEndHeaders, .stream = 3}))},
      {"a header by a number that there is not", FrameBytes({.type = FrameType::kHeaders,
                                                             .flags = kEndHeaders,
                                                             .stream = 1,
                                                             .payload = "\xff\xff\xff\x7f"})},
      {"padding longer than its frame",
       FrameBytes({.type = FrameType::kHeaders,
                   .flags = kEndHeaders | 8,
                   .stream = 1,
                   .payload = std::string("\xff") + call.substr(0, 10)})},
  };
  for (const auto& [what, bytes] : cases) {
    Http2Client sender = Greeted();
    EXPECT_TRUE(sender.Send(bytes)) << what;
    EXPECT_TRUE(sender.AwaitClose()) << what;
  }
  ExpectUnharmed();
}

// What the RFC forbids as well, and gRPC 1.51 lets pass: it may, as long as it does no harm.
TEST_F(HostileFrames, OddFramesHarmNobody) {
  const std::string window(BigEndian32(0x7fffffff));
  const std::pair<const char*, Frame> cases[] = {
      {"data of no stream", {.type = FrameType::kData, .stream = 77, .payload = "x"}},
      {"data of the connection", {.type = FrameType::kData, .payload = "x"}},
      {"headers of the connection",
       {.type = FrameType::kHeaders,
        .flags = kEndHeaders,
        .payload = HeaderBlock(CallHeaders(kAuthorizeTip))}},
      {"headers of a stream of the server's",
       {.type = FrameType::kHeaders,
        .flags = kEndHeaders,
        .stream = 2,
        .payload = HeaderBlock(CallHeaders(kAuthorizeTip))}},
      {"a window that grows beyond 2^31", {.type = FrameType::kWindowUpdate, .payload = window}},
      {"a window that grows by nothing",
       {.type = FrameType::kWindowUpdate, .payload = BigEndian32(0)}},
      {"a reset of no stream",
       {.type = FrameType::kResetStream, .stream = 99, .payload = BigEndian32(8)}},
      {"a goodbye", {.type = FrameType::kGoAway, .payload = std::string(8, '\0')}},
      {"a type that there is not", {.type = static_cast<FrameType>(0xee), .payload = "x"}},
      {"a priority on itself",
       {.type = FrameType::kPriority, .stream = 1, .payload = BigEndian32(1) + "x"}},
  };
  for (const auto& [what, frame] : cases) {
    Http2Client sender = Greeted();
    for (int i = 0; i < 100; ++i) sender.Send(frame);
    sender.CloseForWriting();
    EXPECT_TRUE(sender.AwaitClose()) << what;
  }
  ExpectUnharmed();
}

TEST_F(HostileFrames, AMisframedMessageEndsItsCallUncounted) {
  const std::string tip = AuthorizeOf(TipOf("misframed", 1)).SerializeAsString();
  const auto size = static_cast<uint32_t>(tip.size());
  const std::pair<const char*, std::string> cases[] = {
      {"no message", ""},
      {"half of a length", std::string("\0\0", 2)},
      {"a length beyond the message", GrpcFrame(tip, size + 1)},
      {"a length short of the message", GrpcFrame(tip, size - 1)},
      {"a length beyond all messages", GrpcFrame(tip, 0xffffffff)},
      {"a length above the maximum", GrpcFrame(tip, 100 << 20)},
      {"compressed, and not as it says",
       GrpcFrame(absl::StrCat("\xff\xff", tip), size + 2, 1)},  // gRPC 1.51 looks no closer
      {"a flag that there is not", GrpcFrame(tip, size, 2)},
  };
  Http2Client sender = Greeted();
  uint32_t stream = 1;
  for (const auto& [what, body] : cases) {
    ASSERT_TRUE(sender.Call(stream, CallHeaders(kAuthorizeTip), body)) << what;
    EXPECT_TRUE(sender.AwaitStreamEnd(stream)) << what;
    stream += 2;
  }
  ExpectUnharmed();
}

TEST_F(HostileFrames, OddHeadersEndTheirCallUncounted) {
  const std::string body = GrpcFrame(AuthorizeOf(TipOf("odd headers", 1)).SerializeAsString());
  Headers no_type = CallHeaders(kAuthorizeTip);
  no_type.erase(no_type.end() - 2);
  Headers twice = CallHeaders(kAuthorizeTip);
  twice.emplace_back(":path", kAuthorizeTip);
  Headers bad_timeout = CallHeaders(kAuthorizeTip);
  bad_timeout.emplace_back("grpc-timeout", "soon");
  Headers upper_case = CallHeaders(kAuthorizeTip);
  upper_case.emplace_back("Upper-Case", "x");
  const std::pair<const char*, Headers> cases[] = {
      {"no headers", {}},
      {"no path", {{":method", "POST"}, {":scheme", "http"}}},
      {"another method", {{":method", "GET"}, {":scheme", "http"}, {":path", kAuthorizeTip}}},
      {"a path that there is not", CallHeaders("/")},
      {"a path of 7,000 bytes", CallHeaders(absl::StrCat("/", std::string(7'000, 'p')))},
  };
  Http2Client sender = Greeted();
  uint32_t stream = 1;
  for (const auto& [what, headers] : cases) {
    ASSERT_TRUE(sender.Call(stream, headers, body)) << what;
    EXPECT_TRUE(sender.AwaitStreamEnd(stream)) << what;
    stream += 2;
  }
  // These may even be served: gRPC 1.51 does not look at them. They may not hurt.
  for (const Headers& headers : {no_type, twice, bad_timeout, upper_case}) {
    Http2Client odd = Greeted();
    odd.Call(1, headers, GrpcFrame("\xff\xff garbage"));
    odd.CloseForWriting();
    EXPECT_TRUE(odd.AwaitClose());
  }
  ExpectUnharmed();
}

}  // namespace
}  // namespace tipgate
