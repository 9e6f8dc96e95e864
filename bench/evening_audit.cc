#include "bench/evening_audit.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/evening_books.h"
#include "bench/evening_text.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"

namespace tipgate {
namespace {

using google::protobuf::util::MessageDifferencer;
using google::protobuf::util::TimeUtil;

constexpr std::chrono::seconds kCallDeadline{30};
constexpr std::chrono::minutes kVerifyDeadline{60};  // a long journal takes its time
constexpr int kJournalAttemptsMax = 10;
constexpr absl::Duration kJournalPause = absl::Milliseconds(500);

template <typename Invoke>
grpc::Status CallOnce(Invoke invoke) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallDeadline);
  return invoke(&context);
}

absl::Status ToAbsl(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

template <typename Key>
int64_t Find(const absl::flat_hash_map<Key, int64_t>& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? 0 : found->second;
}

// The local day before the moment when a period's count starts again.
absl::CivilDay LastDay(const v1::Usage& usage, absl::TimeZone zone) {
  const int64_t reset_ms = TimeUtil::TimestampToMilliseconds(usage.reset_time());
  return absl::ToCivilDay(absl::FromUnixMillis(reset_ms - 1), zone);
}

void CheckUsage(const std::string& what, const v1::Usage& usage, int64_t expected,
                EveningCheck* check) {
  check->Compare(what + " used", expected, usage.used_minor());
  check->Compare(what + " left", usage.limit_minor() - usage.used_minor(), usage.left_minor());
  if (usage.used_minor() > usage.limit_minor()) check->Fault(what + " is over its limit");
}

void CheckGate(const std::string& what, const v1::ConfirmationGate& gate,
               const absl::flat_hash_map<PayerPeriod, int64_t>& confirmed_ms,
               const PayerPeriod& payer_period, EveningCheck* check) {
  if (gate.passed() == confirmed_ms.contains(payer_period)) return;
  check->Fault(absl::StrCat(what, gate.passed() ? " is passed without a confirmation"
                                                : " is closed in spite of a confirmation"));
}

void CheckPayer(const v1::Payer& payer, const EveningTally& tally, absl::TimeZone zone,
                EveningCheck* check) {
  const int64_t id = payer.payer_id();
  const std::string name = absl::StrCat("payer ", id);
  const absl::CivilDay day = LastDay(payer.tip_day(), zone);
  const absl::CivilDay month = MonthOf(LastDay(payer.tip_month(), zone));
  CheckUsage(name + " day", payer.tip_day(), Find(tally.day.accepted_minor, PayerPeriod(id, day)),
             check);
  CheckUsage(name + " month", payer.tip_month(),
             Find(tally.month.accepted_minor, PayerPeriod(id, month)), check);
  CheckGate(name + " day gate", payer.day_gate(), tally.day.confirmed_ms, {id, day}, check);
  CheckGate(name + " month gate", payer.month_gate(), tally.month.confirmed_ms, {id, month}, check);
  if (tally.recharge.may_expire.contains(id)) return;
  CheckUsage(name + " recharge day", payer.recharge_day(),
             Find(tally.recharge.day_minor, PayerPeriod(id, day)), check);
}

}  // namespace

EveningAudit::EveningAudit(const std::shared_ptr<grpc::Channel>& channel)
    : audit_(v1::AuditService::NewStub(channel)),
      payers_(v1::PayerService::NewStub(channel)),
      streamers_(v1::StreamerService::NewStub(channel)),
      sessions_(v1::SessionService::NewStub(channel)),
      tips_(v1::TipService::NewStub(channel)) {}

absl::StatusOr<v1::GetServerInfoResponse> EveningAudit::GetServerInfo(bool include_state_hash) {
  v1::GetServerInfoRequest request;
  request.set_include_state_hash(include_state_hash);
  v1::GetServerInfoResponse response;
  const grpc::Status status = CallOnce([&](grpc::ClientContext* context) {
    return audit_->GetServerInfo(context, request, &response);
  });
  if (!status.ok()) return ToAbsl(status);
  return response;
}

EveningCheck EveningAudit::CheckSessions(const EveningTally& tally) {
  EveningCheck check;
  check.claim = "Each session received what the client counted, within its cap";
  check.extent = EveningCount(static_cast<int64_t>(tally.sessions_opened.size())) + " sessions";
  for (const int64_t session_id : tally.sessions_opened) {
    const std::string name = absl::StrCat("session ", session_id);
    v1::GetSessionRequest request;
    request.set_session_id(session_id);
    v1::GetSessionResponse response;
    const grpc::Status status = CallOnce([&](grpc::ClientContext* context) {
      return sessions_->GetSession(context, request, &response);
    });
    if (!status.ok()) check.Fault(name + ": " + status.error_message());
    const v1::Session& session = response.session();
    check.Compare(name + " received", Find(tally.session_minor, session_id),
                  session.received_minor());
    if (session.received_minor() > session.received_max_minor()) {
      check.Fault(name + " is over its cap");
    }
    if (!session.has_close_time()) check.Fault(name + " is not closed");
  }
  return check;
}

EveningCheck EveningAudit::CheckStreamers(const EveningCast& cast, const EveningTally& tally) {
  EveningCheck check;
  check.claim = "Each streamer has the income that the client counted";
  check.extent = EveningCount(static_cast<int64_t>(cast.streamers().size())) + " streamers";
  for (const EveningStreamer& streamer : cast.streamers()) {
    const std::string name = absl::StrCat("streamer ", streamer.streamer_id);
    v1::GetStreamerRequest request;
    request.set_streamer_id(streamer.streamer_id);
    v1::GetStreamerResponse response;
    const grpc::Status status = CallOnce([&](grpc::ClientContext* context) {
      return streamers_->GetStreamer(context, request, &response);
    });
    if (!status.ok()) check.Fault(name + ": " + status.error_message());
    const v1::Streamer& found = response.streamer();
    check.Compare(
        name + " in all states", Find(tally.streamer_minor, streamer.streamer_id),
        found.held_minor() + found.pending_minor() + found.frozen_minor() + found.settled_minor());
  }
  return check;
}

EveningCheck EveningAudit::CheckPayers(const EveningCast& cast, const EveningTally& tally,
                                       absl::TimeZone zone, size_t payers_max) {
  EveningCheck check;
  check.claim = "Each payer's day and month are the client's, within their limits";
  const size_t distance = (cast.payers().size() + payers_max - 1) / payers_max;
  int64_t checked = 0;
  for (size_t i = 0; i < cast.payers().size(); i += distance) {
    v1::GetPayerRequest request;
    request.set_payer_id(cast.payers()[i].payer_id);
    v1::GetPayerResponse response;
    const grpc::Status status = CallOnce([&](grpc::ClientContext* context) {
      return payers_->GetPayer(context, request, &response);
    });
    ++checked;
    if (status.ok()) {
      CheckPayer(response.payer(), tally, zone, &check);
    } else {
      check.Fault(absl::StrCat("payer ", request.payer_id(), ": ", status.error_message()));
    }
  }
  check.extent = EveningCount(checked) + " payers";
  return check;
}

EveningCheck EveningAudit::CheckHistory(
    const std::vector<std::pair<std::string, std::string>>& answers, size_t tips_max) {
  EveningCheck check;
  check.claim = "The history tells each decision as it was answered";
  const size_t count = std::min(answers.size(), tips_max);
  check.extent = EveningCount(static_cast<int64_t>(count)) + " tips";
  for (size_t i = 0; i < count; ++i) {
    v1::GetTipRequest request;
    request.set_idempotency_key(answers[i].first);
    v1::GetTipResponse response;
    const grpc::Status status = CallOnce(
        [&](grpc::ClientContext* context) { return tips_->GetTip(context, request, &response); });
    if (!status.ok()) {
      check.Fault(absl::StrCat("tip \"", answers[i].first, "\": ", status.error_message()));
    } else if (response.tip().decision().SerializeAsString() != answers[i].second) {
      check.Fault(absl::StrCat("tip \"", answers[i].first, "\" is told otherwise"));
    }
  }
  return check;
}

absl::StatusOr<v1::VerifyJournalResponse> EveningAudit::Verify(
    const std::function<void(int64_t, int64_t)>& progress) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kVerifyDeadline);
  const auto stream = audit_->VerifyJournal(&context, v1::VerifyJournalRequest());
  v1::VerifyJournalResponse response;
  while (stream->Read(&response)) {
    progress(response.entries_verified_count(), response.entries_total_count());
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return ToAbsl(status);
  if (!response.is_done()) return absl::DataLossError("the verification ended without its end");
  return response;
}

EveningCheck EveningAudit::CheckJournal(const std::function<void(int64_t, int64_t)>& progress) {
  EveningCheck check;
  check.claim = "The replayed journal gives the same totals, state and head";
  // Holds that expire and tips that settle are journalled at any time; only a journal that stood
  // still can be compared.
  for (int i = 0; i < kJournalAttemptsMax; ++i) {
    if (i > 0) absl::SleepFor(kJournalPause);
    const auto before = GetServerInfo(/*include_state_hash=*/true);
    const auto verified = Verify(progress);
    const auto after = GetServerInfo(/*include_state_hash=*/true);
    for (const absl::Status& status : {before.status(), verified.status(), after.status()}) {
      if (!status.ok()) check.Fault(std::string(status.message()));
    }
    if (!check.holds()) return check;
    if (before->journal_sequence() != after->journal_sequence()) continue;

    check.extent = EveningCount(verified->records_verified_count()) + " records in " +
                   EveningCount(verified->entries_verified_count()) + " entries";
    if (verified->state_hash() != after->state_hash()) check.Fault("another state hash");
    if (verified->chain_head() != after->chain_head()) check.Fault("another chain head");
    std::string difference;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    if (!differencer.Compare(verified->totals(), after->totals())) {
      check.Fault("totals: " + difference);
    }
    return check;
  }
  check.Fault("the journal did not stand still");
  return check;
}

}  // namespace tipgate
