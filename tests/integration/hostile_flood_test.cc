// Frames that are cheap to send and dear to take, in masses: the gate stays up, serves others while
// they come, and is what it was when their senders are gone. How far gRPC 1.51 goes beyond these
// masses stands in docs/tipgate.md.

#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/integration/hostile_test.h"

namespace tipgate {
namespace {

constexpr int kMany = 20'000;
// gRPC 1.51 keeps 13 KB for each of them until it gets to it.
constexpr int kResets = 3'000;
constexpr uint32_t kCancel = 8;

class HostileFlood : public HostileTest {
 protected:
  // Sends until all are sent or the gate has had enough; others are served meanwhile.
  void Flood(Http2Client sender, const std::function<std::string(int)>& frames, int count = kMany) {
    std::thread flood([&] {
      for (int i = 0; i < count && sender.Send(frames(i)); ++i) {
      }
    });
    ExpectServing();
    flood.join();
    // Whoever does not read what comes back may be stuck in sending; this one goes at once.
    sender.Abort();
    ExpectUnharmed();
  }
};

uint32_t StreamOf(int i) { return 2 * static_cast<uint32_t>(i) + 1; }

TEST_F(HostileFlood, OfCallsThatAreResetAtOnce) {
  const std::string block = HeaderBlock(CallHeaders(kAuthorizeTip));
  Flood(
      Greeted(),
      [&](int i) {
        return absl::StrCat(FrameBytes({.type = FrameType::kHeaders,
                                        .flags = kEndHeaders,
                                        .stream = StreamOf(i),
                                        .payload = block}),
                            FrameBytes({.type = FrameType::kResetStream,
                                        .stream = StreamOf(i),
                                        .payload = BigEndian32(kCancel)}));
      },
      kResets);
}

TEST_F(HostileFlood, OfWholeCallsThatAreResetAtOnce) {
  const std::string block = HeaderBlock(CallHeaders("/tipgate.v1.AuditService/GetServerInfo"));
  Flood(
      Greeted(),
      [&](int i) {
        return absl::StrCat(FrameBytes({.type = FrameType::kHeaders,
                                        .flags = kEndHeaders,
                                        .stream = StreamOf(i),
                                        .payload = block}),
                            FrameBytes({.type = FrameType::kData,
                                        .flags = kEndStream,
                                        .stream = StreamOf(i),
                                        .payload = GrpcFrame("")}),
                            FrameBytes({.type = FrameType::kResetStream,
                                        .stream = StreamOf(i),
                                        .payload = BigEndian32(kCancel)}));
      },
      kResets);
}

TEST_F(HostileFlood, OfPings) {
  Flood(Greeted(), [](int i) {
    return FrameBytes({.type = FrameType::kPing, .payload = absl::StrCat(10'000'000 + i)});
  });
}

TEST_F(HostileFlood, OfSettings) {
  Flood(Greeted(), [](int i) {
    return FrameBytes(
        {.type = FrameType::kSettings, .payload = SettingBytes(kInitialWindowSize, 1'000 + i % 2)});
  });
}

TEST_F(HostileFlood, OfEmptyData) {
  Http2Client sender = Greeted();
  ASSERT_TRUE(sender.Send({.type = FrameType::kHeaders,
                           .flags = kEndHeaders,
                           .stream = 1,
                           .payload = HeaderBlock(CallHeaders(kAuthorizeTip))}));
  Flood(std::move(sender), [](int) { return FrameBytes({.type = FrameType::kData, .stream = 1}); });
}

TEST_F(HostileFlood, OfEmptyContinuations) {
  Http2Client sender = Greeted();
  ASSERT_TRUE(sender.Send({.type = FrameType::kHeaders,
                           .stream = 1,
                           .payload = HeaderBlock(CallHeaders(kAuthorizeTip))}));
  Flood(std::move(sender),
        [](int) { return FrameBytes({.type = FrameType::kContinuation, .stream = 1}); });
}

TEST_F(HostileFlood, OfContinuationsWithHeaders) {
  Http2Client sender = Greeted();
  ASSERT_TRUE(sender.Send({.type = FrameType::kHeaders,
                           .stream = 1,
                           .payload = HeaderBlock(CallHeaders(kAuthorizeTip))}));
  Flood(
      std::move(sender),
      [](int i) {
        return FrameBytes({.type = FrameType::kContinuation,
                           .stream = 1,
                           .payload = HeaderBlock({{absl::StrCat("h", i), "v"}})});
      },
      2'000);
}

TEST_F(HostileFlood, OfPrioritiesAndWindowUpdates) {
  Flood(Greeted(), [](int i) {
    return absl::StrCat(
        FrameBytes({.type = FrameType::kPriority, .stream = StreamOf(i), .payload = "12345"}),
        FrameBytes({.type = FrameType::kWindowUpdate, .payload = BigEndian32(1)}));
  });
}

// As many calls as a connection may have, without a body.
TEST_F(HostileFlood, OfCallsThatNeverEnd) {
  const std::string block = HeaderBlock(CallHeaders(kAuthorizeTip));
  Flood(Greeted(), [&](int i) {
    return FrameBytes({.type = FrameType::kHeaders,
                       .flags = kEndHeaders,
                       .stream = StreamOf(i),
                       .payload = block});
  });
}

// The caller's window is shut: no reply ever leaves.
TEST_F(HostileFlood, OfCallsWhoseRepliesFindNoWindow) {
  Http2Client sender = Greeted(SettingBytes(kInitialWindowSize, 0));
  const std::string block = HeaderBlock(CallHeaders("/tipgate.v1.AuditService/GetServerInfo"));
  Flood(std::move(sender), [&](int i) {
    return absl::StrCat(FrameBytes({.type = FrameType::kHeaders,
                                    .flags = kEndHeaders,
                                    .stream = StreamOf(i),
                                    .payload = block}),
                        FrameBytes({.type = FrameType::kData,
                                    .flags = kEndStream,
                                    .stream = StreamOf(i),
                                    .payload = GrpcFrame("")}));
  });
}

// gRPC's own client, and by hand, where the block goes over many frames.
TEST_F(HostileFlood, OfMetadata) {
  constexpr size_t kGiant = 1 << 20;
  grpc::ClientContext context;
  context.AddMetadata("giant", std::string(kGiant, 'm'));
  v1::AuthorizeTipResponse response;
  GateClient giant(gate().target());
  const grpc::Status status =
      giant.tips().AuthorizeTip(&context, AuthorizeOf(TipOf("giant", 1)), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
  Headers headers = CallHeaders(kAuthorizeTip);
  headers.emplace_back("giant", std::string(kGiant, 'm'));
  const std::string block = HeaderBlock(headers);
  constexpr size_t kPiece = 16'384;
  Flood(
      Greeted(),
      [&](int i) {
        const size_t begin = static_cast<size_t>(i) * kPiece;
        const bool is_last = begin + kPiece >= block.size();
        return FrameBytes({.type = i == 0 ? FrameType::kHeaders : FrameType::kContinuation,
                           .flags = is_last ? kEndHeaders : uint8_t{0},
                           .stream = 1,
                           .payload = block.substr(begin, kPiece)});
      },
      static_cast<int>((block.size() + kPiece - 1) / kPiece));
}

// A message whose length promises the most, on as many calls as there may be, and a byte of it.
TEST_F(HostileFlood, OfPromisesOfLargeMessages) {
  const std::string block = HeaderBlock(CallHeaders(kAuthorizeTip));
  Flood(
      Greeted(),
      [&](int i) {
        return absl::StrCat(FrameBytes({.type = FrameType::kHeaders,
                                        .flags = kEndHeaders,
                                        .stream = StreamOf(i),
                                        .payload = block}),
                            FrameBytes({.type = FrameType::kData,
                                        .stream = StreamOf(i),
                                        .payload = GrpcFrame("x", 4 << 20)}));
      },
      1'000);
}

}  // namespace
}  // namespace tipgate
