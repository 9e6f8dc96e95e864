#include "bench/evening_progress.h"

#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace tipgate {
namespace {

constexpr int kBarWidth = 40;
constexpr int64_t kLinesFrom = 1'000;  // less work than this is not worth ten lines

std::string Bar(int64_t percent) {
  std::string bar;
  for (int i = 0; i < kBarWidth; ++i) bar += i * 100 < percent * kBarWidth ? "█" : "░";
  return bar;
}

}  // namespace

EveningProgress::EveningProgress(bool is_shown)
    : is_shown_(is_shown), is_terminal_(isatty(STDERR_FILENO) != 0) {}

void EveningProgress::Begin(const std::string& what, int64_t total) {
  absl::MutexLock lock(&mutex_);
  Start(what, total);
}

void EveningProgress::Add(int64_t done) {
  absl::MutexLock lock(&mutex_);
  Advance(done_ + done);
}

void EveningProgress::Show(const std::string& what, int64_t done, int64_t total) {
  absl::MutexLock lock(&mutex_);
  if (total_ != total || what_ != what) Start(what, total);
  Advance(done);
}

void EveningProgress::End() {
  absl::MutexLock lock(&mutex_);
  Finish();
}

void EveningProgress::Start(const std::string& what, int64_t total) {
  Finish();
  what_ = what;
  total_ = total;
  done_ = 0;
  drawn_ = 0;
  begin_ = absl::Now();
}

void EveningProgress::Advance(int64_t done) {
  done_ = done;
  if (total_ == 0 || (!is_terminal_ && total_ < kLinesFrom)) return;
  const int64_t steps = is_terminal_ ? 100 : 10;
  const int64_t step = done_ * steps / total_;
  if (step == drawn_) return;
  drawn_ = step;
  Draw();
}

void EveningProgress::Finish() {
  if (total_ > 0 && drawn_ > 0 && is_shown_ && is_terminal_) std::fputs("\n", stderr);
  total_ = 0;
}

void EveningProgress::Draw() {
  if (!is_shown_) return;
  const int64_t percent = done_ * 100 / total_;
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin_);
  const std::string line =
      absl::StrFormat("%-10s %3d %%  %d of %d, %.1f s", what_, percent, done_, total_, seconds);
  const std::string shown =
      is_terminal_ ? absl::StrCat("\r", Bar(percent), " ", line, "  ") : absl::StrCat(line, "\n");
  std::fputs(shown.c_str(), stderr);
}

}  // namespace tipgate
