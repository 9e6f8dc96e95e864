#include "bench/report_machine.h"

#include <grpcpp/grpcpp.h>
#include <sys/utsname.h>

#include <fstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tipgate {
namespace {

std::string CpuModel() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (absl::StartsWith(line, "model name") && colon != std::string::npos)
      return line.substr(colon + 2);
  }
  return "unknown";
}

std::string Kernel() {
  utsname facts{};
  return uname(&facts) == 0 ? absl::StrCat(facts.sysname, " ", facts.release) : "unknown";
}

}  // namespace

MachineFacts ReadMachineFacts() {
  return {CpuModel(),        static_cast<int>(std::thread::hardware_concurrency()),
          Kernel(),          grpc::Version(),
#ifdef __clang__
          __VERSION__,
#else
          absl::StrCat("GCC ", __VERSION__),
#endif
          TIPGATE_BUILD_TYPE};
}

}  // namespace tipgate
