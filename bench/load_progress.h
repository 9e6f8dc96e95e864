#pragma once

#include <cstdint>
#include <string>

namespace tipgate {

// A progress bar on standard error, if that is a terminal; silent otherwise. Not thread-safe.
class LoadProgress {
 public:
  LoadProgress(std::string what, int64_t total_count);
  ~LoadProgress();  // Clears the line.
  LoadProgress(const LoadProgress&) = delete;
  LoadProgress& operator=(const LoadProgress&) = delete;

  void Show(int64_t done_count);

 private:
  const std::string what_;
  const int64_t total_count_;
  const bool is_terminal_;
};

}  // namespace tipgate
