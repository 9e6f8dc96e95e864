#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace tipgate {

// The wall clock of a gate under test: it stands still until the test moves it. Works on a real
// server, by a library that is loaded before all others and answers for the system's clock
// (preload_clock.cc); what gRPC and the C++ library see of time stays true. Not thread-safe.
//
// Calls carry deadlines of the true clock, so this one must stay behind it.
class TestClock {
 public:
  // Keeps its time in a new file of this name.
  TestClock(const std::string& path, int64_t time_ms);
  ~TestClock();
  TestClock(const TestClock&) = delete;
  TestClock& operator=(const TestClock&) = delete;

  void Set(int64_t time_ms);
  void SetNs(int64_t time_ns);

  // For the gate.
  std::vector<std::string> Environment() const;

 private:
  const std::string path_;
  std::atomic<int64_t>* time_ns_;  // in the file
};

}  // namespace tipgate
