#include "storage/head_mark.h"

#include <fcntl.h>

#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "storage/advice.h"
#include "storage/small_file.h"
#include "storage/tail_mark.h"

namespace tipgate {
namespace {

constexpr char kHeadName[] = "HEAD";

std::string ToText(int64_t sequence, absl::string_view hash) {
  return absl::StrCat("tipgate journal head\nsequence ", sequence, "\nhash ", hash, "\n");
}

// What the text of a mark says; the sequence is 0 if it is none.
struct Mark {
  int64_t sequence = 0;
  std::string hash;
};

Mark ReadMark(const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, absl::ByAnyChar(" \n"));
  Mark mark;
  // tipgate journal head sequence N hash H
  if (words.size() != 8 || !absl::SimpleAtoi(words[4], &mark.sequence)) return {};
  mark.hash = words[6];
  return ToText(mark.sequence, mark.hash) == text ? mark : Mark();
}

}  // namespace

absl::Status WriteHeadMark(const std::string& directory, const JournalHead& head) {
  return WriteSmallFile(directory, kHeadName, ToText(head.sequence, ToHex(head.hash)));
}

absl::Status CheckHeadMark(const std::string& directory, const Journal& journal) {
  const std::string path = absl::StrCat(directory, "/", kHeadName);
  const File file(path, O_RDONLY | O_CLOEXEC);
  if (!file.is_open()) {
    return errno == ENOENT ? absl::OkStatus() : IoError(errno, absl::StrCat("open ", path));
  }
  const Mark mark = ReadMark(file.Read());
  const absl::Status status = mark.sequence < 1
                                  ? absl::DataLossError(absl::StrCat(path, " is damaged"))
                                  : CheckContains(journal, mark.sequence, mark.hash, path);
  if (!absl::IsDataLoss(status) || absl::StrContains(status.message(), ";")) return status;
  return WithAdvice(
      absl::StatusCode::kDataLoss, status.message(),
      absl::StrCat(kRestoreAdvice, ", or, to go on without what was lost, remove ", path));
}

absl::Status CheckContains(const Journal& journal, int64_t sequence, absl::string_view hash,
                           absl::string_view witness) {
  if (sequence == 0) return absl::OkStatus();
  const int64_t last_sequence = journal.Head().sequence;
  if (last_sequence < sequence) {
    return absl::DataLossError(absl::StrCat("the journal ends at entry ", last_sequence, ", but ",
                                            witness, " knows entry ", sequence,
                                            ": entries were lost"));
  }
  Entry entry;
  const std::unique_ptr<JournalReader> reader = journal.ReadFrom(sequence);
  if (const absl::StatusOr<bool> has_entry = reader->Next(&entry); !has_entry.ok()) {
    return has_entry.status();
  }
  if (ToHex(reader->hash()) == hash) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("entry ", sequence,
                                          " of the journal is not the one that ", witness,
                                          " knows: this is another journal"));
}

HeadMarker::HeadMarker(std::string directory, const Journal* journal, const Database* database)
    : directory_(std::move(directory)), journal_(*journal), database_(database) {}

absl::Status HeadMarker::Mark() {
  if (database_ != nullptr) {
    const absl::Status status = WriteTailMark(directory_, *database_, &tails_);
    if (!status.ok()) return status;
  }
  const JournalHead head = journal_.Head();
  if (head.sequence == marked_sequence_) return absl::OkStatus();
  const absl::Status status = WriteHeadMark(directory_, head);
  if (status.ok()) marked_sequence_ = head.sequence;
  return status;
}

}  // namespace tipgate
