#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/evening.h"
#include "bench/evening_checks.h"
#include "bench/evening_tally.h"
#include "tipgate/v1/audit.grpc.pb.h"
#include "tipgate/v1/payer.grpc.pb.h"
#include "tipgate/v1/session.grpc.pb.h"
#include "tipgate/v1/streamer.grpc.pb.h"
#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {

// Asks the gate what it knows, after the evening, and compares it with the client's tally. One
// thread.
class EveningAudit {
 public:
  explicit EveningAudit(const std::shared_ptr<grpc::Channel>& channel);

  absl::StatusOr<v1::GetServerInfoResponse> GetServerInfo(bool include_state_hash);

  // Every session received what the client counted, no more than its tier allows, and is closed.
  EveningCheck CheckSessions(const EveningTally& tally);
  // Every streamer has the income that the client counted, pending or settled.
  EveningCheck CheckStreamers(const EveningCast& cast, const EveningTally& tally);
  // Payers at even distances, at most so many: totals of the running day and month, their limits.
  EveningCheck CheckPayers(const EveningCast& cast, const EveningTally& tally, absl::TimeZone zone,
                           size_t payers_max);
  // GetTip gives, by key, the decision that was answered.
  EveningCheck CheckHistory(const std::vector<std::pair<std::string, std::string>>& answers,
                            size_t tips_max);
  // The replayed journal has the totals, the state hash and the head of the running gate.
  // `progress` hears the entries verified so far and all of them.
  EveningCheck CheckJournal(const std::function<void(int64_t, int64_t)>& progress);

 private:
  absl::StatusOr<v1::VerifyJournalResponse> Verify(
      const std::function<void(int64_t, int64_t)>& progress);

  const std::unique_ptr<v1::AuditService::Stub> audit_;
  const std::unique_ptr<v1::PayerService::Stub> payers_;
  const std::unique_ptr<v1::StreamerService::Stub> streamers_;
  const std::unique_ptr<v1::SessionService::Stub> sessions_;
  const std::unique_ptr<v1::TipService::Stub> tips_;
};

}  // namespace tipgate
