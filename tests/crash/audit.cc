#include "tests/crash/audit.h"

#include <exception>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/crash/journal_on_disk.h"
#include "tests/crash/platform.h"
#include "tests/differ/gate_answers.h"

namespace tipgate::crash {

Audit::Audit(const std::string& time_zone)
    : history_(PolicyOfOracle(time_zone), GiftsOfOracle(), kKeyRetentionMs),
      verifier_(journal_),
      sums_(PolicyOfOracle(time_zone)) {}

void Audit::Expect(const Client& client) {
  size_t& known = expected_[&client];
  for (; known < client.deeds().size(); ++known) {
    for (const Line& line : client.deeds()[known]->lines()) history_.Expect(line.wish.get());
  }
}

void Audit::Read(const std::string& data_dir) {
  int64_t read_count = 0;
  const absl::Status status =
      ReadJournalOnDisk(data_dir, [&](const Entry& entry, const ChainHash& hash) {
        ++read_count;
        return Take(entry, hash);
      });
  if (!status.ok()) Fail(std::string(status.message()));
  losses_.over_limit = sums_.over_limit_count();
  if (losses_.over_limit > 0) Fail("a limit was passed");
  if (read_count < history_.entries_count()) {
    Fail(absl::StrCat("the journal had ", history_.entries_count(), " entries and has ",
                      read_count));
  }
}

bool Audit::Take(const Entry& entry, const ChainHash& hash) {
  const bool is_new = entry.sequence > history_.entries_count();
  if (!history_.Meet(entry, hash)) {
    if (absl::StartsWith(history_.fault(), "doubled")) ++losses_.doubled;
    Fail(history_.fault());
    return false;
  }
  if (!is_new) return true;
  sums_.Add(entry);
  absl::Status status = journal_.Append(entry);
  if (status.ok()) status = verifier_.Verify(entry);
  if (!status.ok()) Fail(absl::StrCat("verification: ", status.message()));
  return status.ok();
}

void Audit::Check(const Client& client) {
  for (const auto& deed : client.deeds()) {
    for (const Line& line : deed->lines()) CheckLine(line);
  }
  if (!client.fault().empty()) Fail(client.fault());
}

void Audit::CheckLine(const Line& line) {
  const std::string& key = line.wish->key();
  const RecordId record = history_.Find(key);
  if (line.is_refused && record.is_set()) Fail(absl::StrCat(key, " was refused, and yet counted"));
  if (line.answer.empty()) return;
  if (!record.is_set()) {
    ++losses_.lost;
    return Fail(absl::StrCat(key, " was acknowledged and is lost"));
  }
  if (line.record_id != 0 && line.record_id != record.value()) {
    Fail(
        absl::StrCat(key, ": the answer names ", line.record_id, ", the journal ", record.value()));
  }
}

void Audit::CheckTotals() {
  const int64_t now_ms = journal_.Head().time_ms;
  try {
    history_.oracle().Settle(now_ms);
    const oracle::Totals of_oracle = history_.oracle().GetTotals(now_ms);
    const oracle::Totals of_gate = differ::ViewOf(verifier_.state().totals);
    if (!differ::IsSame(of_gate, of_oracle)) Fail(differ::DifferenceText(of_gate, of_oracle));
  } catch (const std::logic_error& error) {
    Fail(absl::StrCat("the oracle contradicts itself: ", error.what()));
  }
}

}  // namespace tipgate::crash
