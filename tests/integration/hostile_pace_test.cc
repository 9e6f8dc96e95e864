// Connections that are slow, silent or half closed: they keep nobody else out, and go when their
// time is over.

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/hostile_test.h"

namespace tipgate {
namespace {

using HostilePace = HostileTest;

// The gate cuts off after 10 s who has not begun to speak HTTP/2, and closes nobody else's.
constexpr absl::Duration kHandshakePatience = absl::Seconds(15);

TEST_F(HostilePace, WhoTricklesTheBeginningIsCutOff) {
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  std::vector<Http2Client> tricklers;
  for (size_t size = 0; size < preface.size(); ++size) {
    tricklers.emplace_back(gate().target());
    ASSERT_TRUE(tricklers.back().Send(preface.substr(0, size)));
  }
  const absl::Time begin = absl::Now();
  for (int round = 0; round < 3; ++round) {
    ExpectServing();
    for (size_t i = 0; i + 4 < preface.size(); ++i) {
      EXPECT_TRUE(tricklers[i].Send(preface.substr(i + round, 1))) << i;
    }
  }
  for (Http2Client& trickler : tricklers) EXPECT_TRUE(trickler.AwaitClose(kHandshakePatience));
  EXPECT_LT(absl::Now() - begin, kHandshakePatience);
  ExpectUnharmed();
}

// A call of which one byte comes at a time, and a frame that never ends. Their deadlines do.
TEST_F(HostilePace, ATrickledCallEndsWithItsDeadline) {
  const std::string body = GrpcFrame(AuthorizeOf(TipOf("trickled", 1)).SerializeAsString());
  Headers headers = CallHeaders(kAuthorizeTip);
  headers.emplace_back("grpc-timeout", "500m");
  Http2Client trickler = Greeted();
  ASSERT_TRUE(trickler.Send({.type = FrameType::kHeaders,
                             .flags = kEndHeaders,
                             .stream = 1,
                             .payload = HeaderBlock(headers)}));
  for (size_t i = 0; i + 1 < body.size(); ++i) {
    ASSERT_TRUE(
        trickler.Send({.type = FrameType::kData, .stream = 1, .payload = body.substr(i, 1)}));
  }
  ExpectServing();
  EXPECT_TRUE(trickler.AwaitStreamEnd(1));
  ExpectUnharmed();
}

TEST_F(HostilePace, UnfinishedFramesOfManyHoldNobodyUp) {
  const std::string call = FrameBytes({.type = FrameType::kHeaders,
                                       .flags = kEndHeaders,
                                       .stream = 1,
                                       .payload = HeaderBlock(CallHeaders(kAuthorizeTip))});
  std::vector<Http2Client> tricklers;
  for (size_t i = 0; i < 300; ++i) {
    tricklers.push_back(Greeted());
    ASSERT_TRUE(tricklers.back().Send(call.substr(0, 1 + i % (call.size() - 1))));
  }
  ExpectServing();
  tricklers.clear();
  ExpectUnharmed();
}

// Half closed after the call, the reply comes all the same; gone without a word, the tip counts
// once, whatever became of the reply.
TEST_F(HostilePace, WhoSaysNothingMoreIsStillAnswered) {
  Http2Client half = Greeted();
  v1::GetServerInfoRequest info;
  ASSERT_TRUE(half.Call(1, CallHeaders("/tipgate.v1.AuditService/GetServerInfo"),
                        GrpcFrame(info.SerializeAsString())));
  EXPECT_TRUE(half.AwaitStreamEnd(1));
  half.CloseForWriting();
  EXPECT_TRUE(half.AwaitClose());
  ExpectUnharmed();
}

TEST_F(HostilePace, WhoVanishesInTheMiddleLeavesNothing) {
  Headers headers = CallHeaders(kAuthorizeTip);
  for (int i = 0; i < 300; ++i) {
    Http2Client client = Greeted();
    client.Call(1, headers, GrpcFrame("\xff", 1 + static_cast<uint32_t>(i % 2)));
    if (i % 3 == 0) client.CloseForWriting();
    client.Abort();
  }
  ExpectUnharmed();
}

}  // namespace
}  // namespace tipgate
