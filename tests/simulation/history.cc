#include "tests/simulation/history.h"

#include <stdexcept>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace tipgate::simulation {

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
    return true;
  }
  if (std::holds_alternative<CatalogRecord>(place.record)) {
    oracle_.PutGifts(time_ms, gifts_);
    return true;
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

bool History::Recover(const std::vector<Entry>& entries, const std::vector<ChainHash>& hashes) {
  if (hashes.size() < hashes_.size()) {
    return Fail(absl::StrCat("lost: ", hashes_.size() - hashes.size(), " durable entries"));
  }
  for (size_t i = 0; i < hashes_.size(); ++i) {
    if (hashes[i] != hashes_[i]) return Fail(absl::StrCat("entry ", i + 1, " is another one"));
  }
  for (size_t i = hashes_.size(); i < hashes.size(); ++i) {
    if (!Add(entries[i], hashes[i])) return false;
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

}  // namespace tipgate::simulation
