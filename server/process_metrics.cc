#include "server/process_metrics.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "server/open_files.h"

namespace tipgate {
namespace {

// What /proc/self/stat tells, in its own units.
struct ProcessUsage {
  int64_t user_ticks = 0;
  int64_t system_ticks = 0;
  int64_t start_ticks = 0;  // since boot
  int64_t resident_pages = 0;
};

// Numbers of the fields as in proc(5); the first one after the program's name is field 3.
constexpr size_t kFirstField = 3;
constexpr size_t kUserField = 14;
constexpr size_t kSystemField = 15;
constexpr size_t kStartField = 22;
constexpr size_t kResidentField = 24;

bool ReadField(const std::vector<std::string>& fields, size_t number, int64_t* value) {
  const size_t index = number - kFirstField;
  return index < fields.size() && absl::SimpleAtoi(fields[index], value);
}

std::optional<ProcessUsage> ReadProcessUsage() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  // A program's name may itself hold parentheses and spaces: the last one ends it.
  const size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  const std::vector<std::string> fields =
      absl::StrSplit(absl::string_view(line).substr(name_end + 1), ' ', absl::SkipEmpty());
  ProcessUsage usage;
  const bool is_read = ReadField(fields, kUserField, &usage.user_ticks) &&
                       ReadField(fields, kSystemField, &usage.system_ticks) &&
                       ReadField(fields, kStartField, &usage.start_ticks) &&
                       ReadField(fields, kResidentField, &usage.resident_pages);
  if (!is_read) return std::nullopt;
  return usage;
}

// When the machine booted, in seconds since 1970.
std::optional<int64_t> ReadBootTime() {
  std::ifstream file("/proc/stat");
  std::string word;
  int64_t seconds = 0;
  while (file >> word) {
    if (word == "btime" && file >> seconds) return seconds;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return std::nullopt;
}

int64_t CountOpenFiles() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  const int64_t count = std::distance(begin(files), end(files)) - 1;  // less the one that counts
  return std::max<int64_t>(count, 0);
}

}  // namespace

void AddProcessMetrics(MetricFamilies& families) {
  const std::optional<ProcessUsage> usage = ReadProcessUsage();
  const std::optional<int64_t> boot_time = ReadBootTime();
  if (!usage || !boot_time) return;
  const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto seconds = [&](int64_t ticks) { return static_cast<double>(ticks) / ticks_per_second; };
  families.Gauge("process_start_time_seconds", "When the process started, in seconds since 1970.",
                 static_cast<double>(*boot_time) + seconds(usage->start_ticks));
  families.Counter("process_cpu_seconds_total", "Processor time used, user and system.",
                   seconds(usage->user_ticks + usage->system_ticks));
  families.Gauge("process_resident_memory_bytes", "Memory held in RAM.",
                 usage->resident_pages * int64_t{sysconf(_SC_PAGESIZE)});
  families.Gauge("process_open_fds", "Files and connections open.", CountOpenFiles());
  families.Gauge("process_max_fds", "Most files and connections that may be open.",
                 int64_t{OpenFilesMax()});
}

}  // namespace tipgate
