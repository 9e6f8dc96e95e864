// tipecho: what do gRPC and Protobuf cost alone? An empty service with the gate's API: tipbench
// --echo drives it as the baseline that the gate is compared with. It ends with SIGTERM.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "bench/echo_server.h"

namespace tipgate {
namespace {

constexpr int kThreadsMax = 64;

// Appears at once and whole, as the gate's ready file does.
bool WriteReadyFile(const std::string& path, const std::string& address) {
  const std::string unfinished = path + ".tmp";
  std::ofstream(unfinished) << "{\"listen_address\":\"" << address
                            << "\",\"metrics_address\":\"\",\"pid\":" << getpid() << "}\n";
  return std::rename(unfinished.c_str(), path.c_str()) == 0;
}

int Main(int argc, char** argv) {
  std::string listen_address = "127.0.0.1:0";
  std::string ready_file;
  int thread_count = 1;  // As many as a gate has by default.
  CLI::App app("An empty service with the gate's API, as a baseline for tipbench.", "tipecho");
  app.add_option("--listen", listen_address, "HOST:PORT; port 0 takes a free one");
  app.add_option("--ready-file", ready_file, "Written when it serves");
  app.add_option("--threads", thread_count, "Threads that serve gRPC; default 1")
      ->check(CLI::Range(1, kThreadsMax));
  CLI11_PARSE(app, argc, argv);

  EchoServer server;
  if (absl::Status status = server.Listen(listen_address, thread_count); !status.ok()) {
    std::cerr << "tipecho: " << status.message() << "\n";
    return 1;
  }
  if (!ready_file.empty() && !WriteReadyFile(ready_file, server.address())) {
    std::cerr << "tipecho: cannot write " << ready_file << "\n";
    return 1;
  }
  std::cout << "tipecho serves on " << server.address() << std::endl;
  server.Serve();
}

}  // namespace
}  // namespace tipgate

int main(int argc, char** argv) { return tipgate::Main(argc, argv); }
