#include "absl/strings/str_cat.h"
#include "tests/fuzz/call_script.h"
#include "tests/fuzz/scripted_gate.h"
#include "tests/fuzz/target.h"

namespace tipgate::fuzz {

std::string RunRequests(absl::string_view bytes) {
  ScriptedGate gate;
  int number = 0;
  for (const ScriptedCall& call : ReadScript(bytes)) {
    ++number;
    if (!gate.Call(call)) return absl::StrCat("call ", number, ": ", gate.fault());
  }
  gate.Finish();
  return gate.fault();
}

}  // namespace tipgate::fuzz
