#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "bench/peer_rules.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/streamer.pb.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

// The gate that one would write on a first afternoon: a mutex, and for each tip a few reads of
// RocksDB, a few rules, and one synced write of the tip with the counters that it moves. It is
// right, as far as its rules go, and durable before it answers. Thread-safe.
//
// It knows the idempotency key and the rules T2, T3, T4, T9, T12, T13, T14, T16, T17 and T19, and
// names only the first that refuses.
class NaiveGate {
 public:
  static absl::StatusOr<std::unique_ptr<NaiveGate>> Open(const std::string& data_dir,
                                                         PeerRules rules);

  // The decision, which for a repeat of a key is the first one, byte for byte. ALREADY_EXISTS if
  // the key was used for another payload.
  absl::StatusOr<v1::TipDecision> Authorize(const v1::TipIntent& intent);

  // Not synced: what is put is there before the tips, which are.
  absl::Status PutPayer(const v1::PutPayerRequest& request);
  absl::Status PutStreamer(const v1::PutStreamerRequest& request);
  absl::Status OpenSession(const v1::OpenSessionRequest& request);

 private:
  struct PayerState {
    bool is_known = false;
    bool is_verified = false;
    bool is_adult = false;
    bool is_youth_mode = false;
    int64_t day = 0;
    int64_t day_total_minor = 0;
    int64_t month = 0;
    int64_t month_total_minor = 0;
  };

  struct SessionState {
    bool is_known = false;
    int64_t streamer_id = 0;
    int64_t cap_minor = 0;
    int64_t received_minor = 0;
  };

  NaiveGate(std::unique_ptr<rocksdb::DB> db, PeerRules rules)
      : rules_(std::move(rules)), db_(std::move(db)) {}

  v1::TipDecision Decide(const v1::TipIntent& intent, PayerState& payer,
                         SessionState& session) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The first rule that refuses; unspecified if none does.
  v1::RejectionCode FirstRefusal(const v1::TipIntent& intent, int64_t amount_minor,
                                 const PayerState& payer, const SessionState& session) const;
  template <typename State>
  absl::StatusOr<State> Read(char table, int64_t id) const;

  const PeerRules rules_;
  absl::Mutex mutex_;  // Over all of a decision, so that no total is read twice before it moves.
  const std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace tipgate
