// A progress bar on a terminal's standard error; nothing at all where that is no terminal.
#pragma once

#include <cstdint>
#include <string>

namespace tipgate {

// "[=====>    ]  52%  520/1000 entries", without a line end; `unit` is what is counted. A total of
// 0 is complete.
std::string ProgressText(int64_t done_count, int64_t total_count, const std::string& unit);

// Not thread-safe. Leaves the line clean when it goes.
class ProgressBar {
 public:
  explicit ProgressBar(std::string unit);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Show(int64_t done_count, int64_t total_count);
  // The same where nobody knows how many it will be.
  void ShowCount(int64_t done_count);

  // Makes room for a line of standard output, which may be the same terminal.
  void Clear();

 private:
  const std::string unit_;
  const bool is_terminal_;
};

}  // namespace tipgate
