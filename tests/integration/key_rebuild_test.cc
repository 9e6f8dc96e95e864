// A damaged index of idempotency keys costs no history: the gate stops rather than take a retry for
// a new tip, says what to do, and answers as before once that was done.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int kExitDamaged = 65;
constexpr int kTips = 6'000;  // enough for a file of keys

class KeyRebuildTest : public GateTest {
 protected:
  static v1::AuthorizeTipsRequest Tips() {
    v1::AuthorizeTipsRequest request;
    for (int i = 0; i < kTips; ++i) *request.add_tips() = TipOf(absl::StrCat("t", i), 1);
    return request;
  }

  // Another bit in the middle of the only table, which is that of the keys.
  void DamageKeys() {
    std::string table;
    for (const auto& entry : std::filesystem::directory_iterator(files().data_dir() + "/db")) {
      if (entry.path().extension() != ".sst") continue;
      ASSERT_EQ(table, "");
      table = entry.path();
    }
    ASSERT_NE(table, "");
    std::string bytes = ReadFile(table);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    WriteFile(table, bytes);
  }
};

TEST_F(KeyRebuildTest, DamageStopsTheGateAndTheJournalMendsIt) {
  StartGateWithSession();
  const v1::AuthorizeTipsResponse first = client().Must(Tips());
  StopGate();
  ASSERT_NO_FATAL_FAILURE(DamageKeys());
  StartGate();
  EXPECT_FALSE(client().Try(Tips()).ok());
  EXPECT_EQ(gate().WaitExit(absl::Minutes(1)).value_or(-1), kExitDamaged);
  EXPECT_THAT(gate().LogTail(), AllOf(HasSubstr("look up an idempotency key: Corruption"),
                                      HasSubstr("; start with --rebuild-keys")));
  GateProcessOptions options = StartOptions();
  options.extra_arguments = {"--rebuild-keys"};
  const auto mended = GateProcess::Start(options);
  ASSERT_TRUE(mended.ok()) << mended.status();
  EXPECT_THAT((*mended)->LogTail(), HasSubstr("the key index was made anew from the journal"));
  EXPECT_EQ(GateClient((*mended)->target()).Must(Tips()).SerializeAsString(),
            first.SerializeAsString());
}

}  // namespace
}  // namespace tipgate
