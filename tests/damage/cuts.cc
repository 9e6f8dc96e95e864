#include "tests/damage/cuts.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "server/exit_code.h"
#include "storage/head_mark.h"
#include "tests/damage/damaged_copy.h"
#include "tests/damage/inspection.h"

namespace tipgate::damage {
namespace {

constexpr int kPayersCount = 20;
constexpr int kOperationsCount = 1'500;
constexpr int64_t kEntriesPerCheckpoint = 40;
constexpr int kExitDamaged = static_cast<int>(ExitCode::kDamaged);

// What HEAD is with this entry marked.
std::string HeadOf(const Book& book, int64_t sequence) {
  const TemporaryDirectory scratch;
  const JournalHead head = {.sequence = sequence,
                            .hash = book.hashes[static_cast<size_t>(sequence)]};
  TIPGATE_CHECK(WriteHeadMark(scratch.path(), head).ok());
  return ReadWholeFile(scratch.File("HEAD"));
}

}  // namespace

Cutter::Cutter(uint64_t seed)
    : author_(temporary_.File("data"), MakeHistory(seed, kPayersCount, kOperationsCount)) {
  author_.Open();
  author_.Append(author_.left_count() / 4);
  author_.Checkpoint();
  author_.Close();
  author_.Open();  // so the log begins here
  log_name_ =
      "db/" +
      std::filesystem::path(FindOnlyFile(author_.directory() + "/db", ".log")).filename().string();
  const std::string path = author_.directory() + "/" + log_name_;
  log_bytes_.assign(static_cast<size_t>(author_.book().last_sequence()) + 1, 0);
  const int64_t count = author_.left_count();
  for (int64_t i = 0; i < count; ++i) {
    author_.Append(1);
    log_bytes_.push_back(static_cast<int64_t>(std::filesystem::file_size(path)));
    if (i % kEntriesPerCheckpoint == 0) author_.Checkpoint();
  }
  log_ = ReadWholeFile(path);
  TIPGATE_CHECK(static_cast<int64_t>(log_.size()) > 2 * kTailBytes);
  const auto middle = static_cast<int64_t>(log_.size()) - kTailBytes / 2;
  marked_sequence_ =
      std::upper_bound(log_bytes_.begin(), log_bytes_.end(), middle) - log_bytes_.begin() - 1;
  author_.Close();
  head_ = HeadOf(author_.book(), marked_sequence_);
}

std::string Cutter::Try(int64_t cut_bytes, bool has_mark) {
  const int64_t left_bytes = static_cast<int64_t>(log_.size()) - cut_bytes;
  const std::string copy = temporary_.File("copy");
  CopyWith(author_.directory(), log_name_, log_.substr(0, static_cast<size_t>(left_bytes)), copy);
  if (has_mark) WriteWholeFile(copy + "/HEAD", head_);
  const Finding finding = Inspect(copy, author_.book());
  // What was durable when the log had that size.
  const int64_t expected =
      std::upper_bound(log_bytes_.begin(), log_bytes_.end(), left_bytes) - log_bytes_.begin() - 1;
  ++tally_.cases_count;
  if (has_mark && expected < marked_sequence_) {
    const bool is_right = finding.verdict == Verdict::kRefused && finding.exit_code == kExitDamaged;
    ++(is_right ? tally_.refused_count : tally_.lost_count);
    if (is_right) return "";
  } else {
    const bool is_whole = finding.verdict == Verdict::kRecovered;
    const bool is_right =
        (is_whole || finding.verdict == Verdict::kShorter) && finding.last_sequence == expected;
    ++(!is_right ? tally_.lost_count : is_whole ? tally_.whole_count : tally_.shorter_count);
    if (is_right) return "";
  }
  return absl::StrCat(cut_bytes, " bytes cut off ", log_name_,
                      has_mark ? ", with HEAD: " : ", without HEAD: ", "the journal ends at entry ",
                      finding.last_sequence, " instead of ", expected, "; ", finding.words);
}

std::vector<int64_t> Cutter::CutsAtBounds() const {
  std::vector<int64_t> cuts;
  const auto size = static_cast<int64_t>(log_.size());
  for (const size_t bound : RecordBounds(log_)) {
    for (const int64_t aside : {-1, 0, 1, 7}) {
      const int64_t cut = size - static_cast<int64_t>(bound) + aside;
      if (cut >= 1 && cut <= kTailBytes) cuts.push_back(cut);
    }
  }
  return cuts;
}

}  // namespace tipgate::damage
