#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/crash/deed.h"
#include "tests/differ/random.h"
#include "tests/integration/gate_client.h"

namespace tipgate::crash {

// A client with books of its own: what it sent, and every answer that came. It outlives the gate,
// and asks again with the same keys until it is answered. One thread at a time.
class Client {
 public:
  // `name` makes its keys its own.
  Client(std::string name, uint64_t seed) : name_(std::move(name)), random_(seed) {}

  // Where the gate is from now on.
  void Connect(const std::string& target);

  // To be sent; until then it is open.
  void Add(std::unique_ptr<Deed> deed) { deeds_.push_back(std::move(deed)); }
  // What payers do all day: tips, by all calls, and what becomes of tips and recharges.
  void AddNew();

  // Sends what is open, in order. False if something stays open: the gate is gone, or too busy.
  bool SendOpen();
  // Sends again all that was answered: the answers must be the same. False if the gate is gone.
  bool Replay();

  std::string NextKey();
  bool has_open() const { return open_ < deeds_.size(); }
  const std::vector<std::unique_ptr<Deed>>& deeds() const { return deeds_; }
  GateClient& gate() { return *gate_; }
  int64_t retries_count() const { return retries_count_; }
  // The first promise that an answer broke; empty: none.
  const std::string& fault() const { return fault_; }

 private:
  Sent SendOne(Deed* deed);
  // What it may capture, void or refund from now on.
  void Learn(const Deed& deed);
  oracle::TipRequest DrawTip();
  void AddTips();
  void AddTipChange();
  void AddRecharge();

  const std::string name_;
  differ::Random random_;
  std::string target_;
  std::unique_ptr<GateClient> gate_;
  int64_t keys_count_ = 0;
  std::vector<std::unique_ptr<Deed>> deeds_;
  size_t open_ = 0;  // those before are answered
  std::vector<int64_t> held_tips_;
  std::vector<int64_t> tips_;
  std::vector<int64_t> recharges_;
  int64_t retries_count_ = 0;
  std::string fault_;
};

}  // namespace tipgate::crash
