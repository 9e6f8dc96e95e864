// A small platform for the oracle's own tests: the sample policy of rules.md 11 without the
// features that a test switches on itself, one streamer of tier L1 in an open session, adult
// payers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/oracle/oracle.h"

namespace tipgate::oracle {

// A local time of Asia/Shanghai, such as Local("2026-05-10 12:00:00.000").
int64_t Local(const std::string& time);

Policy SamplePolicy();

// Facts of a verified adult, born 1990-06-15.
PayerFacts AdultFacts();
StreamerFacts AdultStreamerFacts();

class Scene {
 public:
  static constexpr int64_t kPayer = 1;
  static constexpr int64_t kStreamer = 10;
  static constexpr int64_t kSession = 100;

  // Noon of 2026-05-10; gift n costs n fen for every price that a test tips.
  explicit Scene(const Policy& policy = SamplePolicy());

  std::string NextKey();
  void PutPayer(int64_t payer_id, const PayerFacts& facts);
  void PutStreamer(int64_t streamer_id, const StreamerFacts& facts);
  OpenSessionResult Open(int64_t session_id, int64_t streamer_id = kStreamer);

  // A request for one piece of a gift of that price, which is put into the catalogue.
  TipRequest Request(int64_t unit_price, int64_t count = 1, int64_t payer_id = kPayer);
  TipResult Tip(int64_t unit_price, int64_t count = 1, int64_t payer_id = kPayer);
  TipResult Send(const TipRequest& request);
  RechargeResult Recharge(int64_t amount, int64_t payer_id = kPayer);

  Oracle oracle;
  int64_t now_ms;
  int64_t last_id = 0;

 private:
  void PutGift(int64_t unit_price);

  std::vector<Gift> gifts_;
};

// The codes of the violations, in order.
std::vector<Code> Codes(const Violations& violations);

}  // namespace tipgate::oracle
