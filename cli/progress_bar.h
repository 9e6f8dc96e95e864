// A progress bar on a terminal's standard error; nothing at all where that is no terminal.
#pragma once

#include <cstdint>
#include <string>

namespace tipgate {

// "[=====>    ]  52%  520/1000 entries", without a line end. A total of 0 is complete.
std::string ProgressText(int64_t done_count, int64_t total_count);

// Not thread-safe. Leaves the line clean when it goes.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Show(int64_t done_count, int64_t total_count);

 private:
  bool is_terminal_;
};

}  // namespace tipgate
