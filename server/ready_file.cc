#include "server/ready_file.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace tipgate {

absl::Status WriteReadyFile(const std::string& path, const std::string& listen_address,
                            const std::string& metrics_address) {
  const std::string temporary = absl::StrCat(path, ".", getpid(), ".tmp");
  std::ofstream file(temporary, std::ios::trunc);
  file << "{\"listen_address\":\"" << listen_address << "\",\"metrics_address\":\""
       << metrics_address << "\",\"pid\":" << getpid() << "}\n";
  file.close();
  if (!file || std::rename(temporary.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError(
        absl::StrCat("--ready-file: cannot write ", path, "; name a file in a writable folder"));
  }
  return absl::OkStatus();
}

}  // namespace tipgate
