#include "tests/differ/abort_note.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>

namespace tipgate::differ {
namespace {

// Fixed memory: a signal handler may not ask for more.
std::array<char, 128> text_bytes;
std::size_t text_size = 0;

void WriteNote(int) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text_bytes.data(), text_size);
}

}  // namespace

AbortNote::AbortNote(const std::string& text) {
  const std::string line = "differ: the core stopped itself in " + text + "\n";
  text_size = std::min(line.size(), text_bytes.size());
  std::copy_n(line.begin(), text_size, text_bytes.begin());
  std::signal(SIGABRT, WriteNote);
}

AbortNote::~AbortNote() { std::signal(SIGABRT, SIG_DFL); }

}  // namespace tipgate::differ
