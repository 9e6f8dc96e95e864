#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "core/records/income_records.h"
#include "tests/differ/gate_answers.h"
#include "tests/oracle/oracle.h"

namespace tipgate::simulation {

// The orders about many tips that are being carried out: each tip that an order names is changed
// once by it, unless something else has happened to the tip meanwhile.
class OrderBook {
 public:
  // An order was given. Its name; what it names, the oracle says.
  void Begin(const differ::RecordPlace& place, oracle::Oracle* oracle);

  // A tip was changed: by an order, which the oracle carries out for it, or by something else. What
  // is wrong with it; empty: nothing.
  std::string Change(const differ::RecordPlace& place, oracle::Oracle* oracle);
  void NoteOtherChange(int64_t tip_id);

  // A step of an order is done. What is wrong with it.
  std::string EndStep(const IncomeStepRecord& step);

  bool IsEmpty() const { return orders_.empty(); }

 private:
  struct Order {
    oracle::IncomeOrder order;
    std::set<int64_t> named;    // tips that it would have changed when it was given
    std::set<int64_t> missing;  // of them: those that it is still to change
    std::set<int64_t> changed;  // by it
    int64_t count = 0;          // since its last step
    int64_t amount = 0;
  };

  std::map<RecordId, Order> orders_;  // that are not done
};

}  // namespace tipgate::simulation
