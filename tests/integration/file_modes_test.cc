// Nothing that the gate writes can be read by another user.

#include <sys/stat.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

namespace fs = std::filesystem;

class FileModes : public GateTest {
 protected:
  FileModes() : mask_(umask(0)) {}
  ~FileModes() override { umask(mask_); }

 private:
  mode_t mask_;  // a gate inherits ours
};

TEST_F(FileModes, AreTheOwnersAlone) {
  constexpr fs::perms kOwner = fs::perms::owner_all;
  StartGateWithSession();
  for (int i = 0; i < 20; ++i) client().Tip(TipOf(absl::StrCat("t", i), 1));
  StopGate();
  StartGate();  // makes tables of the logs
  StopGate();
  EXPECT_EQ(fs::status(files().data_dir()).permissions(), kOwner);
  int tables_count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(files().data_dir())) {
    EXPECT_EQ(entry.status().permissions() & ~kOwner, fs::perms::none) << entry.path();
    if (entry.path().extension() == ".sst") ++tables_count;
  }
  EXPECT_GT(tables_count, 0);
}

}  // namespace
}  // namespace tipgate
