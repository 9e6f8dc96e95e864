#pragma once

#include <cstdint>
#include <string>

#include "tests/crash/client.h"

namespace tipgate::crash {

// The ninth client: registers everybody, brings tips by the thousand, and gives orders about many
// tips at once. One thread.
class Staff {
 public:
  explicit Staff(uint64_t seed) : client_("staff", seed) {}

  // To be sent: all payers, streamers and open sessions, then a first burst.
  void AddPlatform();
  // Holds by the thousand, in one call, that nobody will capture: their rows and their keys are
  // enough for files of their own, now and when they expire.
  void AddBurst();
  // Tips by the thousand in a session of their own, for the next order.
  void AddTipsForOrder();
  // The orders, about those.
  void AddFreeze();
  void AddRelease();
  void AddRefund();

  // Waits until every order is carried out. False if the gate goes, or takes over a minute.
  bool AwaitOrders();
  // Waits until everything that settles soon has settled. The same.
  bool AwaitSettlement();
  // The journal from its beginning leads to the state that the gate is in. Empty, or what differs.
  std::string Verify();

  Client& client() { return client_; }

 private:
  void AddTips(int64_t sessions_begin, int64_t sessions_count, int64_t count, bool is_held);
  std::string OrderCase() const;

  Client client_;
  int64_t orders_count_ = 0;
};

}  // namespace tipgate::crash
