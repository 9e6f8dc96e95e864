#include "core/recovery.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/fold.h"
#include "core/payer_look_ups.h"
#include "core/touched_payers.h"

namespace tipgate {
namespace {

constexpr char kAdvice[] = "; restore the data directory from a backup";

template <typename Entities>
void NoteNewest(const Entities& entities, RecordId* newest) {
  for (const auto& entity : entities) *newest = std::max(*newest, entity.changed);
}

// State never leads the journal: where it does, the journal has lost what it acknowledged.
// `newest`: of the payers.
absl::Status CheckAgainstJournal(const StoredState& stored, RecordId newest,
                                 const JournalHead& head) {
  newest = std::max({newest, stored.totals.changed, stored.stops.changed, stored.policies.changed});
  NoteNewest(stored.controls, &newest);
  NoteNewest(stored.recent_tips, &newest);
  NoteNewest(stored.streamers, &newest);
  NoteNewest(stored.sanctions, &newest);
  NoteNewest(stored.sessions, &newest);
  NoteNewest(stored.recharges, &newest);
  NoteNewest(stored.tips, &newest);
  NoteNewest(stored.agencies, &newest);
  NoteNewest(stored.income_jobs, &newest);
  const int64_t known = std::max(newest.sequence(), stored.complete_sequence);
  if (known <= head.sequence) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the journal ends at entry ", head.sequence,
                                          ", but stored state knows entry ", known,
                                          ": the end of the journal is lost", kAdvice));
}

// Reads what a record holds to `out`; nothing if `id` is unset.
template <typename RecordType, typename T>
absl::Status LoadFrom(const Journal& journal, RecordId id, T RecordType::*member, T* out) {
  if (!id.is_set()) return absl::OkStatus();
  Entry entry;
  if (absl::Status status = journal.Read(id.sequence(), &entry); !status.ok()) return status;
  const auto position = static_cast<size_t>(id.position());
  const auto* const record =
      position < entry.records.size() ? std::get_if<RecordType>(&entry.records[position]) : nullptr;
  if (record == nullptr) {
    return absl::DataLossError(absl::StrCat("entry ", id.sequence(), " has another record at ",
                                            id.position(), " than stored state says", kAdvice));
  }
  *out = record->*member;
  return absl::OkStatus();
}

// Finds the policies and the catalogue that stored state names.
absl::Status LoadNamed(const Journal& journal, State* state) {
  const Totals& totals = state->totals;
  absl::Status status =
      LoadFrom(journal, totals.policy_record, &PolicyRecord::policy, &state->policy);
  status.Update(LoadFrom(journal, totals.catalog_record, &CatalogRecord::catalog, &state->catalog));
  for (Proposal& proposal : state->policies.proposals) {
    if (!proposal.is_open()) continue;
    status.Update(LoadFrom(journal, proposal.id, &ProposalRecord::policy, &proposal.policy));
  }
  return status;
}

absl::Status NoteForgottenKeys(const Journal& journal, int64_t forget_before, KeyMemory* keys) {
  const int64_t last_forgotten = std::min(forget_before - 1, journal.Head().sequence);
  if (last_forgotten < 1) return absl::OkStatus();
  Entry entry;
  if (absl::Status status = journal.Read(last_forgotten, &entry); !status.ok()) return status;
  keys->NoteForgotten(entry.moment.time_ms);
  return absl::OkStatus();
}

// Brings the payers that an entry touches into memory.
absl::Status AdmitPayers(const Entry& entry, const StateStore& store, State* state) {
  if (state->cold_payers_count() == 0) return absl::OkStatus();
  std::vector<PayerId> missing;
  for (const Record& record : entry.records) {
    ForEachPayer(entry, record, [&](PayerId id) {
      if (state->payers.Find(id) == nullptr) missing.push_back(id);
    });
  }
  SortOnce(&missing);
  std::vector<PayerId> absent;
  for (const PayerId id : missing) {
    const absl::StatusOr<std::optional<Payer>> found = store.FindPayer(id);
    if (!found.ok()) return found.status();
    if (found->has_value()) {
      state->Admit(**found);
    } else {
      absent.push_back(id);
    }
  }
  state->SetAbsentPayers(std::move(absent));
  return absl::OkStatus();
}

}  // namespace

void InsertKeys(const Entry& entry, KeyMemory* keys) {
  for (size_t position = 0; position < entry.records.size(); ++position) {
    const Intent* const intent = IntentOf(entry.records[position]);
    if (intent == nullptr) continue;
    keys->Insert(HashKey(intent->caller, intent->key.view()), entry.IdAt(position));
  }
}

absl::StatusOr<RecoveryReport> Recover(const Journal& journal, StateStore& store,
                                       int64_t payers_resident_max, State* state, KeyMemory* keys) {
  absl::StatusOr<StoredState> stored = store.Load();
  if (!stored.ok()) return stored.status();
  state->Load(*stored);
  RecordId newest;
  absl::Status status = store.LoadPayers([&](absl::Span<const Payer> payers) {
    NoteNewest(payers, &newest);
    state->LoadPayers(payers, payers_resident_max);
  });
  if (!status.ok()) return status;
  status = CheckAgainstJournal(*stored, newest, journal.Head());
  if (!status.ok()) return status;
  if (status = LoadNamed(journal, state); !status.ok()) return status;

  RecoveryReport report{.stored_sequence = stored->complete_sequence};
  keys->Reset(report.stored_sequence);
  status = NoteForgottenKeys(journal, stored->forget_keys_before, keys);
  if (!status.ok()) return status;
  const std::unique_ptr<JournalReader> reader = journal.ReadFrom(report.stored_sequence + 1);
  Entry entry;
  while (true) {
    const absl::StatusOr<bool> has_entry = reader->Next(&entry);
    if (!has_entry.ok()) return has_entry.status();
    if (!*has_entry) break;
    if (status = AdmitPayers(entry, store, state); !status.ok()) return status;
    FoldEntry(entry, state);
    InsertKeys(entry, keys);
    ++report.entries_folded_count;
  }
  return report;
}

}  // namespace tipgate
