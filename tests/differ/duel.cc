#include "tests/differ/duel.h"

#include <algorithm>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "tests/differ/gate_calls.h"

namespace tipgate::differ {

Duel::Duel(const Cast& cast, const oracle::Policy& policy, int64_t key_retention_ms)
    : cast_(cast),
      gate_(policy, key_retention_ms, cast.payers_resident_max),
      oracle_(key_retention_ms) {
  const std::vector<oracle::Gift> gifts = {{.gift_id = 1, .unit_price = 1}};
  gate_.core().Run(CatalogCommand{.catalog = ToCore(gifts)});
  oracle_.ActivatePolicy(now_ms(), policy);
  oracle_.PutGifts(now_ms(), gifts);
}

bool Duel::Do(const Step& step) {
  step_number_ = step.number;
  gate_.SetTime(step.time_ms);
  try {
    ActivatePolicies();
    step.operation->Run(this);
  } catch (const std::logic_error& error) {
    Note(absl::StrCat("the oracle contradicts itself: ", error.what(), "\n"));
  }
  return difference_.empty();
}

bool Duel::Finish() {
  try {
    CompareViews();
    Restart();
    CompareViews();
  } catch (const std::logic_error& error) {
    Note(absl::StrCat("the oracle contradicts itself: ", error.what(), "\n"));
  }
  const std::string fault = gate_.Verify();
  if (!fault.empty()) Note(absl::StrCat("verification: ", fault, "\n"));
  return difference_.empty();
}

void Duel::ApprovePolicy(const oracle::Policy& policy, int64_t time_ms) {
  const Decided proposed = gate_.core().Propose(ToCore(policy), "ann", time_ms);
  const Decided approved = gate_.core().Approve(proposed.id, "bob");
  LetTimePass();
  if (!approved.is_accepted()) return;  // too many wait
  approved_.push_back({.time_ms = approved.proposal_step.effective_time_ms,
                       .proposal = proposed.id,
                       .policy = policy});
  ActivatePolicies();
}

void Duel::WithdrawPolicy() {
  if (approved_.empty()) return;
  if (!gate_.core().Withdraw(approved_.back().proposal, "cid").is_accepted()) {
    Note("a policy that waits cannot be withdrawn\n");
  }
  approved_.pop_back();
  LetTimePass();
}

// What the gate does at the beginning of a batch, such as holds that expire, the oracle does when
// it is asked something.
void Duel::LetTimePass() { oracle_.GetTotals(now_ms()); }

// In the order of their times, at the beginning of the gate's next batch.
void Duel::ActivatePolicies() {
  std::sort(approved_.begin(), approved_.end());
  if (approved_.empty() || approved_.front().time_ms > now_ms()) return;
  int32_t version = gate_.core().state.policy->version;
  gate_.core().Tick();
  for (; !approved_.empty() && approved_.front().time_ms <= now_ms();
       approved_.erase(approved_.begin())) {
    oracle::Policy policy = approved_.front().policy;
    policy.version = ++version;
    oracle_.ActivatePolicy(now_ms(), policy, approved_.front().time_ms);
  }
  if (gate_.core().state.policy->version != version) {
    Note("another policy is in force than the one whose time has come\n");
  }
}

void Duel::CompareViews() {
  const int64_t now_ms = this->now_ms();
  Compare("totals", LookAtTotals(&gate_), oracle_.GetTotals(now_ms));
  Compare("stops", LookAtStops(&gate_), oracle_.ListStops(now_ms));
  for (int64_t id = 1; id <= cast_.payers_count; ++id) {
    Compare(absl::StrCat("payer ", id), LookAtPayer(&gate_, id), oracle_.GetPayer(now_ms, id));
  }
  for (int64_t id = 1; id <= kAgenciesCount; ++id) {
    Compare(absl::StrCat("agency ", id), LookAtAgency(&gate_, id), oracle_.GetAgency(now_ms, id));
  }
  for (int64_t id = 1; id <= cast_.streamers_count; ++id) {
    const oracle::StreamerView view = LookAtStreamer(&gate_, id);
    Compare(absl::StrCat("streamer ", id), view, oracle_.GetStreamer(now_ms, id));
    if (view.open_session_id == 0) continue;
    Compare(absl::StrCat("session ", view.open_session_id),
            LookAtSession(&gate_, view.open_session_id),
            oracle_.GetSession(now_ms, view.open_session_id));
  }
}

void Duel::Restart() {
  const Hash128 before = gate_.core().Fingerprint();
  gate_.Restart();
  if (!(gate_.core().Fingerprint() == before)) Note("a restart changes the state\n");
}

}  // namespace tipgate::differ
