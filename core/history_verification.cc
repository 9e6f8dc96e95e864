#include "core/history_verification.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace tipgate {
namespace {

// "accepted_minor 5, pending_minor 7" for those that differ; "" if none does.
std::string DifferenceOf(const Totals& totals, const EntityCounts& counts, const StateSummary& to) {
  std::vector<int64_t> others;
  ForEachSum(to.totals, to.counts, [&](const char*, int64_t value) { others.push_back(value); });
  std::string text;
  size_t position = 0;
  ForEachSum(totals, counts, [&](const char* name, int64_t value) {
    const int64_t other = others[position++];
    if (other == value) return;
    absl::StrAppend(&text, text.empty() ? "" : ", ", name, " ", other, " instead of ", value);
  });
  return text;
}

EntityCounts CountsOf(const State& state) {
  return {.payers = state.payers_count(),
          .streamers = static_cast<int64_t>(state.streamers.size()),
          .sessions = static_cast<int64_t>(state.sessions.size())};
}

class MoneyCount {
 public:
  void Expect(const char* what, Money counted, Money told) {
    if (counted == told || !status_.ok()) return;
    status_ =
        absl::DataLossError(absl::StrCat("the money does not add up: ", what, " sum up to ",
                                         counted.minor(), ", and the totals say ", told.minor()));
  }
  const absl::Status& status() const { return status_; }

 private:
  absl::Status status_;
};

}  // namespace

StateSummary SummaryOf(const State& state, int64_t last_sequence, int64_t time_ms) {
  return {.last_sequence = last_sequence,
          .time_ms = time_ms,
          .totals = state.totals,
          .counts = CountsOf(state),
          .fingerprint = state.Fingerprint(time_ms)};
}

absl::Status CheckMoney(const State& state) {
  const Totals& totals = state.totals;
  TipSums tips;
  state.streamers.ForEach([&](const Streamer& streamer) { tips += streamer.tips; });
  Money balances;
  state.payers.ForEach([&](const Payer& payer) { balances += payer.balance; });
  Money held;
  state.recharges.ForEach([&](const Recharge& recharge) {
    if (recharge.state == RechargeState::kHeld) held += recharge.amount;
  });
  MoneyCount count;
  count.Expect("tips by state", totals.tips.accepted(), totals.accepted);
  count.Expect("held tips of all streamers", tips.held, totals.tips.held);
  count.Expect("pending tips of all streamers", tips.pending, totals.tips.pending);
  count.Expect("frozen tips of all streamers", tips.frozen, totals.tips.frozen);
  count.Expect("settled tips of all streamers", tips.settled, totals.tips.settled);
  count.Expect("voided tips of all streamers", tips.voided, totals.tips.voided);
  count.Expect("refunded tips of all streamers", tips.refunded, totals.tips.refunded);
  count.Expect("recharges by state",
               totals.recharge_held + totals.recharge_captured + totals.recharge_voided +
                   totals.recharge_expired,
               totals.recharge_authorized);
  count.Expect("held recharges", held, totals.recharge_held);
  count.Expect("balances of all payers", balances, totals.balances);
  return count.status();
}

HistoryVerification::HistoryVerification(const Journal& journal)
    : reader_(journal.ReadFrom(1)), verifier_(journal) {}

absl::Status HistoryVerification::Run(int64_t last_sequence, GoOn go_on) {
  Entry entry;
  for (int64_t sequence = 1; sequence <= last_sequence; ++sequence) {
    const absl::StatusOr<bool> has_entry = reader_->Next(&entry);
    if (!has_entry.ok()) return has_entry.status();
    if (!*has_entry) {
      return absl::DataLossError(absl::StrCat("journal entry ", sequence, " is missing"));
    }
    if (absl::Status status = verifier_.Verify(entry); !status.ok()) return status;
    if (!go_on(entry)) return absl::CancelledError("nobody waits for the result");
  }
  if (last_sequence > 0) chain_head_ = reader_->hash();
  return CheckMoney(state());
}

absl::Status HistoryVerification::Compare(const StateSummary& other,
                                          absl::string_view whose) const {
  const auto differs = [&](absl::string_view in) {
    return absl::DataLossError(absl::StrCat("after journal entry ", other.last_sequence, " ", whose,
                                            " state is not what the journal folds into: ", in));
  };
  EntityCounts counts = CountsOf(state());
  counts.sessions = other.counts.sessions;  // closed ones leave a state's memory; the hash tells
  const std::string difference = DifferenceOf(state().totals, counts, other);
  if (!difference.empty()) return differs(absl::StrCat("totals: ", difference));
  const Hash128 folded = state().Fingerprint(other.time_ms);
  if (folded == other.fingerprint) return absl::OkStatus();
  return differs(
      absl::StrCat("state hash ", other.fingerprint.ToHex(), " instead of ", folded.ToHex()));
}

}  // namespace tipgate
