// When income settles, whose it is then, and what streamers and agencies owe after refunds
// (rules.md 6).
#pragma once

#include <cstdint>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

// I2. The longest of the delays that apply to this amount in this session: tier, amount class,
// manual.
int64_t SettleDelay(const World& world, int64_t session_id, int64_t amount);

// I1. Settles what is pending and due: by settle time, then in the order of acceptance.
void SettleDue(World& world, int64_t now_ms);

// Settles one pending tip.
void SettleTip(World& world, Tip& tip);

// The part of an amount, rounded down.
int64_t ShareOf(int64_t amount, int64_t permille);

// What is to come back of refunded settled tips, less what later settlements have kept.
int64_t StreamerReceivable(const World& world, int64_t streamer_id);
int64_t AgencyReceivable(const World& world, int64_t agency_id);

// What was paid out: the shares of what has settled, less what was kept.
int64_t StreamerIncome(const World& world, int64_t streamer_id);
int64_t AgencyIncome(const World& world, int64_t agency_id);

// Records a refund; of a settled tip it makes receivables.
void AddRefund(Tip& tip, int64_t amount);

}  // namespace tipgate::oracle
