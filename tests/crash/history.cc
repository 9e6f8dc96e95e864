#include "tests/crash/history.h"

#include <stdexcept>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace tipgate::crash {

bool History::Add(const Entry& entry, const ChainHash& hash) {
  if (entry.sequence != entries_count() + 1) return Fail("an entry out of order");
  hashes_.push_back(hash);
  try {
    for (size_t i = 0; i < entry.records.size(); ++i) {
      if (!AddRecord({entry.records[i], entry, entry.IdAt(i)})) return false;
    }
  } catch (const std::logic_error& error) {
    return Fail(absl::StrCat("the oracle contradicts itself: ", error.what()));
  }
  return true;
}

bool History::AddRecord(const differ::RecordPlace& place) {
  const int64_t time_ms = place.entry.moment.time_ms;
  if (const auto* policy = std::get_if<PolicyRecord>(&place.record)) {
    oracle::Policy numbered = policy_;
    numbered.version = policy->policy->version;
    oracle_.ActivatePolicy(time_ms, numbered);
    has_policy_ = true;
    if (has_gifts_) oracle_.PutGifts(time_ms, gifts_);
    return true;
  }
  // The gate may have one before it has a policy; the oracle asks for that.
  if (std::holds_alternative<CatalogRecord>(place.record)) {
    has_gifts_ = true;
    if (has_policy_) oracle_.PutGifts(time_ms, gifts_);
    return true;
  }
  if (const auto* change = std::get_if<TipChangeRecord>(&place.record)) {
    if (change->job.is_set()) return AddStep(place, *change);
  }
  if (const auto* order = std::get_if<IncomeJobRecord>(&place.record)) {
    cases_[place.id] = std::string(place.entry.View(order->note).front().case_name.view());
  }
  const Intent* const intent = IntentOf(place.record);
  const std::string key(intent == nullptr ? "" : intent->key.view());
  if (key.empty()) return true;  // a hold that expired: the oracle finds that itself
  const auto wish = wishes_.find(key);
  if (wish == wishes_.end()) return Fail(absl::StrCat("nobody wished ", key));
  if (!records_.emplace(key, place.id).second) return Fail(absl::StrCat("doubled: ", key));
  const std::string difference = wish->second->CompareWithOracle(&oracle_, place);
  if (!difference.empty())
    return Fail(absl::StrCat("entry ", place.entry.sequence, ": ", difference));
  return true;
}

bool History::AddStep(const differ::RecordPlace& place, const TipChangeRecord& change) {
  const RecordId tip = place.entry.View(change.after).front().id;
  const std::string key = absl::StrCat("job ", change.job.value(), " tip ", tip.value());
  if (!records_.emplace(key, place.id).second) return Fail(absl::StrCat("doubled: ", key));
  const std::string difference = CompareStep(place, change, key);
  return difference.empty() || Fail(absl::StrCat(key, ": ", difference));
}

std::string History::CompareStep(const differ::RecordPlace& place, const TipChangeRecord& change,
                                 const std::string& key) {
  const int64_t time_ms = place.entry.moment.time_ms;
  const int64_t tip = place.entry.View(change.after).front().id.value();
  const std::string& case_name = cases_[change.job];
  if (change.action == TipAction::kRefund) {
    oracle::TipLifeResult recorded;
    differ::Fill(place, &recorded);
    const oracle::TipLifeResult expected =
        oracle_.RefundTip(time_ms, {.idempotency_key = key,
                                    .tip_id = tip,
                                    .amount = change.amount.minor(),
                                    .reason = "an order",
                                    .case_reference = case_name});
    return differ::IsSame(recorded, expected) ? "" : differ::DifferenceText(recorded, expected);
  }
  const oracle::IncomeScope scope = {.kind = oracle::IncomeKind::kTip, .id = tip};
  const oracle::IncomeResult expected =
      change.action == TipAction::kFreeze ? oracle_.FreezeIncome(time_ms, {key, scope, case_name})
                                          : oracle_.ReleaseIncome(time_ms, {key, scope, case_name});
  const oracle::IncomeResult recorded{.count = 1, .amount = change.amount.minor()};
  return differ::IsSame(recorded, expected) ? "" : differ::DifferenceText(recorded, expected);
}

bool History::Meet(const Entry& entry, const ChainHash& hash) {
  if (entry.sequence > entries_count()) return Add(entry, hash);
  if (hashes_[static_cast<size_t>(entry.sequence) - 1] == hash) return true;
  return Fail(absl::StrCat("entry ", entry.sequence, " is another one"));
}

bool History::Recover(const std::vector<Entry>& entries, const std::vector<ChainHash>& hashes) {
  if (hashes.size() < hashes_.size()) {
    return Fail(absl::StrCat("lost: ", hashes_.size() - hashes.size(), " durable entries"));
  }
  for (size_t i = 0; i < hashes.size(); ++i) {
    if (!Meet(entries[i], hashes[i])) return false;
  }
  return true;
}

RecordId History::Find(const std::string& key) const {
  const auto it = records_.find(key);
  return it == records_.end() ? RecordId() : it->second;
}

bool History::Fail(std::string fault) {
  if (fault_.empty()) fault_ = std::move(fault);
  return false;
}

}  // namespace tipgate::crash
