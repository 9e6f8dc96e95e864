#include "bench/load_progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_format.h"

namespace tipgate {
namespace {

constexpr int64_t kBarWidth = 40;
constexpr char kClearLine[] = "\r\x1b[K";

}  // namespace

LoadProgress::LoadProgress(std::string what, int64_t total_count)
    : what_(std::move(what)),
      total_count_(std::max<int64_t>(total_count, 1)),
      is_terminal_(isatty(STDERR_FILENO) == 1) {}

LoadProgress::~LoadProgress() {
  if (is_terminal_) absl::FPrintF(stderr, "%s", kClearLine);
}

void LoadProgress::Show(int64_t done_count) {
  if (!is_terminal_) return;
  const int64_t filled = std::min(done_count, total_count_) * kBarWidth / total_count_;
  const std::string bar(static_cast<size_t>(filled), '=');
  absl::FPrintF(stderr, "%s%s [%-40s] %d / %d", kClearLine, what_, bar, done_count, total_count_);
  std::fflush(stderr);
}

}  // namespace tipgate
