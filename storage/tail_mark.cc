#include "storage/tail_mark.h"

#include <fcntl.h>

#include <cerrno>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/hash128.h"
#include "storage/advice.h"
#include "storage/log_tail.h"
#include "storage/small_file.h"

namespace tipgate {
namespace {

constexpr char kTailsName[] = "TAILS";
constexpr char kTitle[] = "tipgate durable files\n";
constexpr char kHashWord[] = "hash ";

std::string HashOf(absl::string_view text) {
  Hasher128 hasher;
  hasher.Add(text);
  return hasher.Finish().ToHex();
}

// The title, a line "NAME BYTES" for each file, and a hash of all that.
std::string ToText(const std::vector<DurableLog>& logs) {
  std::string text = kTitle;
  for (const DurableLog& log : logs) absl::StrAppend(&text, log.name, " ", log.bytes, "\n");
  return absl::StrCat(text, kHashWord, HashOf(text), "\n");
}

// False if the text is no mark.
bool Parse(absl::string_view text, std::vector<DurableLog>* logs) {
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n', absl::SkipEmpty());
  for (size_t i = 1; i + 1 < lines.size(); ++i) {
    const std::pair<std::string, absl::string_view> fields = absl::StrSplit(lines[i], ' ');
    DurableLog& log = logs->emplace_back();
    log.name = fields.first;
    if (!absl::SimpleAtoi(fields.second, &log.bytes)) return false;
  }
  return ToText(*logs) == text;
}

}  // namespace

absl::Status WriteTailMark(const std::string& directory, const Database& database,
                           std::string* last_text) {
  const absl::StatusOr<std::vector<DurableLog>> logs = database.SyncLogs();
  if (!logs.ok()) return logs.status();
  std::string text = ToText(*logs);
  if (text == *last_text) return absl::OkStatus();
  const absl::Status status = WriteSmallFile(directory, kTailsName, text);
  if (status.ok()) *last_text = std::move(text);
  return status;
}

absl::Status CheckTailMark(const std::string& directory) {
  const std::string path = absl::StrCat(directory, "/", kTailsName);
  const File file(path, O_RDONLY | O_CLOEXEC);
  if (!file.is_open()) {
    return errno == ENOENT ? absl::OkStatus() : IoError(errno, absl::StrCat("open ", path));
  }
  std::vector<DurableLog> logs;
  if (!Parse(file.Read(), &logs)) {
    return WithAdvice(
        absl::StatusCode::kDataLoss, absl::StrCat(path, " is damaged"),
        absl::StrCat(kRestoreAdvice, ", or, if nothing else is damaged, remove that file"));
  }
  for (const DurableLog& log : logs) {
    const std::string log_path = absl::StrCat(directory, "/db/", log.name);
    std::error_code error;
    if (!std::filesystem::exists(log_path, error)) continue;  // not needed any more
    const int64_t whole_bytes = WholeLogBytes(log_path);
    if (whole_bytes >= log.bytes) continue;
    return DamageError(absl::StrCat(log_path, " is damaged from byte ", whole_bytes,
                                    " on: ", log.bytes, " bytes of it were durable"));
  }
  return absl::OkStatus();
}

}  // namespace tipgate
