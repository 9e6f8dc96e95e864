#pragma once

#include <cstdint>

#include "core/age.h"
#include "core/ids.h"
#include "core/inline_text.h"
#include "core/policy.h"
#include "core/records/intent.h"

namespace tipgate {

struct PayerRecord {
  Intent intent;
  PayerId payer;
  bool is_verified = false;
  Age age;
  bool has_guardian_consent = false;
  bool has_youth_mode = false;
  TierName tier;  // of the policy's payer tiers; empty: none
  PayerLimits guardian;
  PayerLimits risk;
  SourceName source;
  int64_t requested_observe_time_ms = 0;  // as asked for; 0: not told
  int64_t observe_time_ms = 0;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.payer, self.is_verified);
    self.age.Fields(self.age, visit);
    visit(self.has_guardian_consent, self.has_youth_mode, self.tier);
    self.guardian.Fields(self.guardian, visit);
    self.risk.Fields(self.risk, visit);
    visit(self.source, self.requested_observe_time_ms, self.observe_time_ms);
  }
};

struct StreamerRecord {
  Intent intent;
  StreamerId streamer;
  bool is_verified = false;
  Age age;
  bool has_guardian_consent = false;
  TierName tier;
  AgencyId agency;
  PayerId payer;
  SourceName source;
  int64_t requested_observe_time_ms = 0;
  int64_t observe_time_ms = 0;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.streamer, self.is_verified);
    self.age.Fields(self.age, visit);
    visit(self.has_guardian_consent, self.tier, self.agency, self.payer, self.source,
          self.requested_observe_time_ms, self.observe_time_ms);
  }
};

}  // namespace tipgate
