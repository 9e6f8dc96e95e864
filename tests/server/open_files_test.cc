#include "server/open_files.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include "absl/strings/str_cat.h"

namespace tipgate {
namespace {

rlimit OpenFilesLimit() {
  rlimit limit{};
  EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  return limit;
}

TEST(OpenFiles, TheLimitIsRaisedToAllThatIsAllowed) {
  rlimit limit = OpenFilesLimit();
  limit.rlim_cur = 100;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_TRUE(RaiseOpenFilesLimit(static_cast<int64_t>(limit.rlim_max)).ok());
  EXPECT_EQ(OpenFilesLimit().rlim_cur, limit.rlim_max);
}

TEST(OpenFiles, OneMoreThanIsAllowedIsRefusedWithWhatToDo) {
  const rlimit before = OpenFilesLimit();
  const auto needed = static_cast<int64_t>(before.rlim_max) + 1;
  const absl::Status status = RaiseOpenFilesLimit(needed);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(
      std::string(status.message()),
      testing::AllOf(testing::HasSubstr(absl::StrCat(before.rlim_max)),
                     testing::HasSubstr(absl::StrCat(needed)), testing::HasSubstr("LimitNOFILE")));
  EXPECT_EQ(OpenFilesLimit().rlim_cur, before.rlim_cur);
}

}  // namespace
}  // namespace tipgate
