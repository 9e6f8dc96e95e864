#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/entry.h"
#include "tests/differ/observations.h"
#include "tests/oracle/oracle.h"
#include "tests/simulation/approval_book.h"
#include "tests/simulation/order_book.h"
#include "tests/simulation/settlement_book.h"
#include "tests/simulation/tip_book.h"
#include "tests/simulation/wish.h"

namespace tipgate::simulation {

// What the oracle says to each durable record, in order: of what somebody wished for, and of what
// the gate does by itself: holds that expire, policies that come into force, settlements, steps of
// orders.
class Judge {
 public:
  Judge(const oracle::Policy& policy, std::vector<oracle::Gift> gifts, int64_t key_retention_ms)
      : policy_(policy), gifts_(std::move(gifts)), oracle_(key_retention_ms) {}

  // Before the wish is sent for the first time; outlives this.
  void Expect(const Wish* wish) { wishes_[wish->key()] = wish; }

  // The next record. What is wrong with it; empty: nothing.
  std::string Apply(const differ::RecordPlace& place);
  // True for what time alone does at the beginning of a batch.
  static bool IsDue(const Record& record);
  // Nothing more is due in a batch of this time: what is decided in it may begin.
  std::string EndDues(int64_t time_ms);
  // Its entry has no more records.
  std::string EndEntry(int64_t time_ms) { return ExpireHolds(time_ms); }

  // The oracle after all records so far, to be asked at this time: as good as read-only, since what
  // is asked of a later time than theirs leaves no trace. Until the next Apply.
  oracle::Oracle* At(int64_t time_ms);

  // How many records there were.
  int64_t moment() const { return records_count_; }
  const TipBook& tips() const { return tips_; }
  // What clients have learned by answers.
  differ::Observations& observations() { return observations_; }
  // By id, for who goes on with them.
  const std::vector<int64_t>& proposals() const { return proposals_; }
  bool HasOpenOrders() const { return !orders_.IsEmpty(); }
  // What was met, how often.
  const std::map<std::string, int64_t>& met() const { return met_; }

 private:
  std::string ApplyDue(const differ::RecordPlace& place);
  std::string ExpireHolds(int64_t time_ms);
  std::string ApplyWish(const differ::RecordPlace& place, const std::string& key);
  std::string ApplyOwn(const differ::RecordPlace& place);
  std::string Activate(const differ::RecordPlace& place);
  std::string Settle(const differ::RecordPlace& place);
  std::string ChangeByOrder(const differ::RecordPlace& place);
  // What a record that agrees with the oracle leads to.
  std::string Note(const differ::RecordPlace& place, const Wish& wish);
  void NoteTip(const differ::RecordPlace& place, int64_t tip_id);

  const oracle::Policy policy_;
  const std::vector<oracle::Gift> gifts_;
  oracle::Oracle oracle_;
  int64_t time_ms_ = 0;  // of the last record
  std::map<std::string, const Wish*> wishes_;
  int64_t records_count_ = 0;
  SettlementBook settlements_;
  OrderBook orders_;
  ApprovalBook approvals_;
  TipBook tips_;
  std::vector<Tip> expired_;             // by records whose batch has decided nothing yet
  std::optional<oracle::Oracle> ahead_;  // of a later time than the last record
  differ::Observations observations_;
  std::vector<int64_t> proposals_;
  std::map<std::string, int64_t> met_;
};

}  // namespace tipgate::simulation
