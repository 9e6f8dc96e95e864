#include "tests/damage/flips.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/check.h"

namespace tipgate::damage {
namespace {

constexpr int kPayersCount = 4'300;  // more than become a file that is taken in whole
constexpr int kOperationsCount = 1'200;
// The last bytes of a table tell where everything else in it is.
constexpr int64_t kTableEndBytes = 4'096;
// A record of a log begins with these, of which the length is the dangerous one.
constexpr int64_t kRecordHeaderBytes = 7;

// Of a thousand flips: most by bytes that there are, and some of each small file.
struct Share {
  const char* kind;
  int64_t permille;
};
constexpr Share kShares[] = {{"log", 280}, {"table", 380}, {"MANIFEST", 180}, {"CURRENT", 40},
                             {"HEAD", 40}, {"TAILS", 40},  {"FORMAT", 40}};
constexpr const char* kMarks[] = {"HEAD", "TAILS"};

// Two lives: the first leaves tables and files that were taken in, the second logs as well, one of
// them older than tables of another family.
void Write(Author* author) {
  const int64_t part = author->left_count() / 10;
  author->Open();
  author->Append(6 * part);
  author->Checkpoint();
  author->Append(part);
  author->Flush(Family::kJournal);
  author->Checkpoint();
  author->Append(part);
  author->Close();
  author->Open();
  author->Append(part);
  author->Checkpoint();
  author->Flush(Family::kJournal);
  author->Append(part / 2);
  author->Checkpoint();
  author->Append(part / 4);
  author->Mark();
}

}  // namespace

Flipper::Flipper(uint64_t seed)
    : random_(seed),
      author_(temporary_.File("data"), MakeHistory(seed, kPayersCount, kOperationsCount)) {
  Write(&author_);
  for (const char* mark : kMarks) {
    early_marks_[mark] = ReadWholeFile(absl::StrCat(author_.directory(), "/", mark));
  }
  author_.Append(author_.left_count());
  author_.Mark();
  author_.Close();
  for (DataFile& file : ReadDataFiles(author_.directory())) {
    files_[file.kind].push_back(std::move(file));
  }
}

Flip Flipper::Draw() {
  int64_t left = random_.Below(1'000);
  const Share* share = kShares;
  while (left >= share->permille) left -= share++->permille;
  const DataFile& file = random_.OneOf(files_.at(share->kind));
  return {.kind = file.kind,
          .name = file.name,
          .byte = DrawByte(file),
          .bit = static_cast<int>(random_.Below(8)),
          .is_marked = random_.Permille(500)};
}

// Half of the time where damage does most.
size_t Flipper::DrawByte(const DataFile& file) {
  const auto size = static_cast<int64_t>(file.bytes.size());
  if (random_.Permille(500)) return static_cast<size_t>(random_.Below(size));
  if (file.kind == "log" || file.kind == "MANIFEST") {
    std::vector<size_t> begins = RecordBounds(file.bytes);
    begins.pop_back();
    if (begins.empty()) return static_cast<size_t>(random_.Below(size));
    const size_t begin = random_.Permille(500) ? begins.back() : random_.OneOf(begins);
    return begin + static_cast<size_t>(random_.Below(kRecordHeaderBytes));
  }
  const int64_t end_bytes = std::min<int64_t>(size, kTableEndBytes);
  return static_cast<size_t>(size - end_bytes + random_.Below(end_bytes));
}

std::string Flipper::Try(const Flip& flip) {
  const auto early = early_marks_.find(flip.name);
  std::string bytes = FileOf(flip.name).bytes;
  if (!flip.is_marked && early != early_marks_.end()) bytes = early->second;
  const size_t byte = std::min(flip.byte, bytes.size() - 1);
  bytes[byte] = static_cast<char>(bytes[byte] ^ (1 << flip.bit));
  const std::string copy = temporary_.File("copy");
  CopyWith(author_.directory(), flip.name, bytes, copy);
  for (const auto& [name, text] : early_marks_) {
    if (flip.is_marked || name == flip.name) continue;
    std::remove(absl::StrCat(copy, "/", name).c_str());  // a link
    WriteWholeFile(absl::StrCat(copy, "/", name), text);
  }
  const Finding finding = Inspect(copy, author_.book());
  Tally& tally = tallies_[flip.kind];
  ++tally.cases_count;
  if (finding.exit_code != 0) ++exit_codes_[finding.exit_code];
  tally.rebuilt_count += finding.was_rebuilt ? 1 : 0;
  switch (finding.verdict) {
    case Verdict::kRecovered:
      ++tally.recovered_count;
      return "";
    case Verdict::kRefused:
      ++tally.refused_count;
      return "";
    case Verdict::kFoundByRead:
      ++tally.found_by_read_count;
      return "";
    case Verdict::kShorter:
      if (IsTornTail(flip, finding)) {
        ++tally.torn_count;
        return "";
      }
      break;
    case Verdict::kWrong:
      break;
  }
  ++tally.lost_count;
  return absl::StrCat(Text(flip), ": the journal ends at entry ", finding.last_sequence, " of ",
                      author_.book().last_sequence(), "; ", finding.words);
}

const DataFile& Flipper::FileOf(const std::string& name) const {
  for (const auto& [kind, files] : files_) {
    for (const DataFile& file : files) {
      if (file.name == name) return file;
    }
  }
  TIPGATE_CHECK(false);
}

bool Flipper::IsTornTail(const Flip& flip, const Finding& finding) const {
  if (flip.kind != "log" || flip.is_marked) return false;
  const std::vector<size_t> bounds = RecordBounds(FileOf(flip.name).bytes);
  const size_t last_begin = bounds[bounds.size() - 2];
  return flip.byte >= last_begin && finding.last_sequence + 1 == author_.book().last_sequence();
}

std::string Text(const Flip& flip) {
  return absl::StrCat("bit ", flip.bit, " of byte ", flip.byte, " of ", flip.name,
                      flip.is_marked ? ", all marked" : ", the last entries not marked");
}

}  // namespace tipgate::damage
