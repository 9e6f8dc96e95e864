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

struct sigaction before;  // who is told of an abort besides

void WriteNote(int signal) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text_bytes.data(), text_size);
  sigaction(signal, &before, nullptr);
  std::raise(signal);
}

}  // namespace

AbortNote::AbortNote(const std::string& text) {
  const std::string line = "the core stopped itself in " + text + "\n";
  text_size = std::min(line.size(), text_bytes.size());
  std::copy_n(line.begin(), text_size, text_bytes.begin());
  struct sigaction note {};
  note.sa_handler = WriteNote;
  note.sa_flags = SA_NODEFER;
  sigaction(SIGABRT, &note, &before);
}

AbortNote::~AbortNote() { sigaction(SIGABRT, &before, nullptr); }

}  // namespace tipgate::differ
