#include "cli/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tipgate {
namespace {

// With the percentage and the counts, a line stays under 80 columns.
constexpr int64_t kBarWidth = 40;
constexpr int64_t kPercent = 100;
// Back to the first column, and erase to the end of the line.
constexpr const char* kClearLine = "\r\x1b[K";

// done * scale / total, without overflow: journals have fewer than 2^63 / 100 entries.
int64_t Scaled(int64_t done_count, int64_t total_count, int64_t scale) {
  if (total_count <= 0) return scale;
  return std::clamp<int64_t>(done_count, 0, total_count) * scale / total_count;
}

}  // namespace

std::string ProgressText(int64_t done_count, int64_t total_count, const std::string& unit) {
  const auto filled = static_cast<size_t>(Scaled(done_count, total_count, kBarWidth));
  std::string bar(filled, '=');
  if (filled < kBarWidth) bar += '>';
  bar.resize(kBarWidth, ' ');
  return absl::StrFormat("[%s] %3d%%  %d/%d %s", bar, Scaled(done_count, total_count, kPercent),
                         done_count, total_count, unit);
}

ProgressBar::ProgressBar(std::string unit)
    : unit_(std::move(unit)), is_terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() { Clear(); }

void ProgressBar::Show(int64_t done_count, int64_t total_count) {
  if (!is_terminal_) return;
  // One write, so that the line does not flicker.
  std::cerr << absl::StrCat(kClearLine, ProgressText(done_count, total_count, unit_)) << std::flush;
}

void ProgressBar::ShowCount(int64_t done_count) {
  if (!is_terminal_) return;
  std::cerr << absl::StrCat(kClearLine, done_count, " ", unit_) << std::flush;
}

void ProgressBar::Clear() {
  if (is_terminal_) std::cerr << kClearLine << std::flush;
}

}  // namespace tipgate
