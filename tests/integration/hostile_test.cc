#include "tests/integration/hostile_test.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "bench/child_process.h"

namespace tipgate {
namespace {

constexpr int kTipsARound = 100;
// Files that the database may open meanwhile.
constexpr double kFilesSlack = 8;

}  // namespace

void HostileTest::SetUp() {
  StartGateWithSession();
  ExpectServing();
  files_before_ = Metric("process_open_fds");
  bytes_before_ = ProcessResidentBytes(gate().pid());
  ASSERT_GT(files_before_, 0);
}

Http2Client HostileTest::Greeted(const std::string& settings) {
  Http2Client client(gate().target());
  EXPECT_TRUE(client.Greet(settings));
  const std::optional<Frame> greeting = client.Read();
  EXPECT_TRUE(greeting.has_value() && greeting->type == FrameType::kSettings);
  EXPECT_TRUE(client.Send({.type = FrameType::kSettings, .flags = kAck}));
  return client;
}

void HostileTest::ExpectServing() {
  ExpectResponsive(absl::StrCat("others ", rounds_count_++, "/"));
}

void HostileTest::ExpectUnharmed(int64_t growth_max) {
  ExpectServing();
  EXPECT_EQ(client().Totals().tips_accepted_count(), int64_t{kTipsARound} * rounds_count_);
  EXPECT_TRUE(FallsTo("process_open_fds", files_before_ + kFilesSlack));
  EXPECT_LT(ProcessResidentBytes(gate().pid()) - bytes_before_, growth_max);
}

}  // namespace tipgate
