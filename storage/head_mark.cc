#include "storage/head_mark.h"

#include <fcntl.h>

#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "storage/advice.h"
#include "storage/small_file.h"

namespace tipgate {
namespace {

constexpr char kHeadName[] = "HEAD";

std::string ToText(int64_t sequence, absl::string_view hash) {
  return absl::StrCat("tipgate journal head\nsequence ", sequence, "\nhash ", hash, "\n");
}

// The sequence in the text of a mark; 0 if it is none.
int64_t SequenceIn(const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, absl::ByAnyChar(" \n"));
  int64_t sequence = 0;
  // tipgate journal head sequence N hash H
  if (words.size() != 8 || !absl::SimpleAtoi(words[4], &sequence)) return 0;
  return ToText(sequence, words[6]) == text ? sequence : 0;
}

}  // namespace

absl::Status WriteHeadMark(const std::string& directory, const JournalHead& head) {
  return WriteSmallFile(directory, kHeadName, ToText(head.sequence, ToHex(head.hash)));
}

absl::Status CheckHeadMark(const std::string& directory, const Journal& journal) {
  const std::string path = absl::StrCat(directory, "/", kHeadName);
  const auto refusal = [&path](const std::string& what) {
    return WithAdvice(
        absl::StatusCode::kDataLoss, what,
        absl::StrCat(kRestoreAdvice, ", or, to go on without what was lost, remove ", path));
  };
  const File file(path, O_RDONLY | O_CLOEXEC);
  if (!file.is_open()) {
    return errno == ENOENT ? absl::OkStatus() : IoError(errno, absl::StrCat("open ", path));
  }
  const std::string mark = file.Read();
  const int64_t sequence = SequenceIn(mark);
  if (sequence < 1) return refusal(absl::StrCat(path, " is damaged"));
  const int64_t last_sequence = journal.Head().sequence;
  if (last_sequence < sequence) {
    return refusal(absl::StrCat("the journal ends at entry ", last_sequence, ", but ", path,
                                " knows entry ", sequence, ": entries were lost"));
  }
  Entry entry;
  const std::unique_ptr<JournalReader> reader = journal.ReadFrom(sequence);
  if (const absl::StatusOr<bool> has_entry = reader->Next(&entry); !has_entry.ok()) {
    return has_entry.status();
  }
  if (ToText(sequence, ToHex(reader->hash())) == mark) return absl::OkStatus();
  return refusal(absl::StrCat("entry ", sequence, " of the journal is not the one that ", path,
                              " knows: this is another journal"));
}

HeadMarker::HeadMarker(std::string directory, const Journal* journal)
    : directory_(std::move(directory)), journal_(*journal) {}

absl::Status HeadMarker::Mark() {
  const JournalHead head = journal_.Head();
  if (head.sequence == marked_sequence_) return absl::OkStatus();
  const absl::Status status = WriteHeadMark(directory_, head);
  if (status.ok()) marked_sequence_ = head.sequence;
  return status;
}

}  // namespace tipgate
