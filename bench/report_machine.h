#pragma once

#include <string>

namespace tipgate {

// What a figure was measured with: without it the figure says nothing.
struct MachineFacts {
  std::string cpu_model;
  int core_count = 0;
  std::string kernel;
  std::string grpc_version;
  std::string compiler;
  std::string build_type;
};

MachineFacts ReadMachineFacts();

}  // namespace tipgate
