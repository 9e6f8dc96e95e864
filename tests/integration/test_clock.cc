#include "tests/integration/test_clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "core/check.h"

namespace tipgate {

TestClock::TestClock(const std::string& path, int64_t time_ms) : path_(path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  TIPGATE_CHECK(file >= 0);
  TIPGATE_CHECK(ftruncate(file, sizeof(*time_ns_)) == 0);
  void* const memory =
      mmap(nullptr, sizeof(*time_ns_), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  TIPGATE_CHECK(memory != MAP_FAILED);
  close(file);
  time_ns_ = static_cast<std::atomic<int64_t>*>(memory);
  Set(time_ms);
}

TestClock::~TestClock() { munmap(time_ns_, sizeof(*time_ns_)); }

void TestClock::Set(int64_t time_ms) { SetNs(time_ms * 1'000'000); }

void TestClock::SetNs(int64_t time_ns) { time_ns_->store(time_ns); }

std::vector<std::string> TestClock::Environment() const {
  // Sanitizers want to come first, and say so.
  return {absl::StrCat("LD_PRELOAD=", TIPGATE_PRELOAD_CLOCK),
          absl::StrCat("TIPGATE_TEST_CLOCK=", path_), "ASAN_OPTIONS=verify_asan_link_order=0"};
}

}  // namespace tipgate
