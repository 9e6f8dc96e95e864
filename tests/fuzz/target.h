#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tipgate::fuzz {

// Something that takes bytes from outside. Clang's libFuzzer looks for bytes that break it
// (fuzz_main.cc); those that it has found interesting stand in tests/fuzz/corpus/NAME, and a test
// gives them to it again (fuzz_replay_test.cc).
struct Target {
  const char* name;

  // What is wrong, for people; empty: all is well. What the gate does not survive stops the
  // process. The same bytes lead to the same.
  std::string (*run)(absl::string_view bytes);
};

// Calls as bytes, to the server's own handlers, and what they decide: see call_script.h.
std::string RunRequests(absl::string_view bytes);
// Bytes of the data directory: entries of the journal, stored state, the small files.
std::string RunJournal(absl::string_view bytes);
// A text, as a policy, a gift catalogue and a configuration.
std::string RunYaml(absl::string_view bytes);
// What core and oracle are asked, drawn from the bytes.
std::string RunOperations(absl::string_view bytes);

// All of them.
const std::vector<Target>& Targets();

// That of a name, or null.
const Target* FindTarget(absl::string_view name);

}  // namespace tipgate::fuzz
