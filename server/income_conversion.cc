#include "server/income_conversion.h"

#include <algorithm>
#include <string>
#include <variant>

#include "server/request_fields.h"
#include "server/time_conversion.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

static_assert(static_cast<int>(IncomeAction::kFreeze) == v1::INCOME_ACTION_FREEZE);
static_assert(static_cast<int>(IncomeAction::kRelease) == v1::INCOME_ACTION_RELEASE);
static_assert(static_cast<int>(IncomeAction::kRefund) == v1::INCOME_ACTION_REFUND);

constexpr int64_t kDelayMaxMs = 90 * kDayMs;

IncomeScope ReadId(const char* field, IncomeScopeKind kind, int64_t id, FieldChecks* checks) {
  checks->Id(field, id);
  return {.kind = kind, .id = id};
}

IncomeScope ReadKind(const v1::IncomeScope& scope, FieldChecks* checks) {
  switch (scope.scope_case()) {
    case v1::IncomeScope::kTipId:
      return ReadId("scope.tip_id", IncomeScopeKind::kTip, scope.tip_id(), checks);
    case v1::IncomeScope::kSessionId:
      return ReadId("scope.session_id", IncomeScopeKind::kSession, scope.session_id(), checks);
    case v1::IncomeScope::kStreamerId:
      return ReadId("scope.streamer_id", IncomeScopeKind::kStreamer, scope.streamer_id(), checks);
    case v1::IncomeScope::kAgencyId:
      return ReadId("scope.agency_id", IncomeScopeKind::kAgency, scope.agency_id(), checks);
    case v1::IncomeScope::kWholeCase:
      checks->That(scope.whole_case(), "scope.whole_case", "must be true");
      return {.kind = IncomeScopeKind::kCase};
    case v1::IncomeScope::kPayerId:
      return ReadId("scope.payer_id", IncomeScopeKind::kPayer, scope.payer_id(), checks);
    case v1::IncomeScope::kEverything:
      checks->That(scope.everything(), "scope.everything", "must be true");
      checks->That(scope.has_start_time(), "scope.start_time", "must be set with everything");
      return {.kind = IncomeScopeKind::kEverything};
    case v1::IncomeScope::SCOPE_NOT_SET:
      break;
  }
  checks->That(false, "scope",
               "one of tip_id, session_id, streamer_id, agency_id, whole_case, payer_id and "
               "everything must be set");
  return {};
}

void ReadTimes(const v1::IncomeScope& message, FieldChecks* checks, IncomeScope* scope) {
  const bool is_of_tip = scope->kind == IncomeScopeKind::kTip;
  checks->That(!is_of_tip || !message.has_start_time(), "scope.start_time",
               "must be left out with tip_id");
  checks->That(!is_of_tip || !message.has_end_time(), "scope.end_time",
               "must be left out with tip_id");
  if (message.has_start_time()) {
    scope->start_time_ms = ReadBound("scope.start_time", message.start_time(), checks);
  }
  if (!message.has_end_time()) return;
  scope->end_time_ms = ReadBound("scope.end_time", message.end_time(), checks);
  checks->That(scope->end_time_ms > 0 && scope->end_time_ms > scope->start_time_ms,
               "scope.end_time", "must be after start_time, and after 1970");
}

template <typename MessageType>
void ReadOrder(const MessageType& message, IncomeAction action, size_t reason_bytes_min,
               FieldChecks* checks, IncomeJobRequest* request) {
  ReadKey(message.idempotency_key(), checks, &request->intent);
  request->action = action;
  request->scope = ReadKind(message.scope(), checks);
  ReadTimes(message.scope(), checks, &request->scope);
  ReadCase(message.case_reference(), checks, &request->note);
  ReadReason(message.reason(), reason_bytes_min, checks, &request->note);
}

// One about a single tip is carried out where it was given.
void AddStepOfSameEntry(const Entry& entry, IncomeJob* job) {
  for (auto position = static_cast<size_t>(job->id.position()) + 1; position < entry.records.size();
       ++position) {
    const auto* const step = std::get_if<IncomeStepRecord>(&entry.records[position]);
    if (step == nullptr || step->job != job->id) continue;
    job->tips_count = step->tips_count;
    job->skipped_count = step->skipped_count;
    job->amount = step->amount;
    job->done_time_ms = entry.moment.time_ms;
    return;
  }
}

// The job as its record begins it.
void FillNewJob(const IncomeJobRecord& record, const Entry& entry, RecordId id,
                v1::IncomeJob* out) {
  IncomeJob job;
  job.id = id;
  job.action = record.action;
  job.scope = record.scope;
  job.permille = record.permille;
  job.actor = record.actor;
  job.note = entry.View(record.note).front();
  job.start_time_ms = entry.moment.time_ms;
  if (record.scope.kind == IncomeScopeKind::kTip) AddStepOfSameEntry(entry, &job);
  FillIncomeJob(job, out);
}

// By entries: one that looks at the list of frozen tips first, and then at the journal, has begun.
int32_t ProgressPermille(const IncomeJob& job) {
  if (job.is_done()) return kPermilleMax;
  const bool is_over_frozen = !job.is_in_journal && !job.is_about_journal();
  if (!job.is_in_journal && !is_over_frozen) return 0;
  const int64_t begin = is_over_frozen ? 0 : job.journal_begin.sequence();
  const int64_t length = job.end.sequence() - begin;
  if (length <= 0) return 0;
  const int64_t done = std::max<int64_t>(job.next.sequence() - begin, 0);
  return static_cast<int32_t>(std::min<int64_t>(done * kPermilleMax / length, kPermilleMax - 1));
}

}  // namespace

std::optional<CallError> Convert(const v1::FreezeIncomeRequest& message,
                                 IncomeJobRequest* request) {
  FieldChecks checks;
  ReadOrder(message, IncomeAction::kFreeze, 0, &checks, request);
  checks.That(request->scope.kind != IncomeScopeKind::kCase, "scope.whole_case",
              "must be left out: a case freezes what it is told");
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::ReleaseIncomeRequest& message,
                                 IncomeJobRequest* request) {
  FieldChecks checks;
  ReadOrder(message, IncomeAction::kRelease, 0, &checks, request);
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::RefundTipsRequest& message, IncomeJobRequest* request) {
  FieldChecks checks;
  ReadOrder(message, IncomeAction::kRefund, 1, &checks, request);
  checks.Range("permille", message.permille(), 1, kPermilleMax);
  request->permille = message.permille();
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::DelayIncomeRequest& message,
                                 ManualDelayRecord* request) {
  FieldChecks checks;
  ReadKey(message.idempotency_key(), &checks, &request->intent);
  checks.Id("streamer_id", message.streamer_id());
  checks.That(message.has_delay(), "delay", "must be set");
  request->streamer = StreamerId(message.streamer_id());
  request->delay_ms = checks.DurationMs("delay", message.delay(), 0, kDelayMaxMs);
  checks.That(request->delay_ms % kDayMs == 0, "delay", "must be whole days");
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::GetIncomeJobRequest& message, RecordId* id) {
  FieldChecks checks;
  checks.Id("job_id", message.job_id());
  *id = RecordId(message.job_id());
  return checks.TakeFault();
}

void FillResponse(const IncomeJobRecord& record, const Entry& entry, RecordId id,
                  v1::FreezeIncomeResponse* out) {
  FillNewJob(record, entry, id, out->mutable_job());
}

void FillResponse(const IncomeJobRecord& record, const Entry& entry, RecordId id,
                  v1::ReleaseIncomeResponse* out) {
  FillNewJob(record, entry, id, out->mutable_job());
}

void FillResponse(const IncomeJobRecord& record, const Entry& entry, RecordId id,
                  v1::RefundTipsResponse* out) {
  FillNewJob(record, entry, id, out->mutable_job());
}

void FillResponse(const ManualDelayRecord& record, const Entry& entry, RecordId,
                  v1::DelayIncomeResponse* out) {
  out->set_streamer_id(record.streamer.value());
  SetMilliseconds(record.delay_ms, out->mutable_delay());
  SetUnixMs(entry.moment.time_ms, out->mutable_update_time());
}

void FillIncomeScope(const IncomeScope& scope, v1::IncomeScope* out) {
  if (scope.start_time_ms != 0) SetUnixMs(scope.start_time_ms, out->mutable_start_time());
  if (scope.end_time_ms != 0) SetUnixMs(scope.end_time_ms, out->mutable_end_time());
  switch (scope.kind) {
    case IncomeScopeKind::kTip:
      return out->set_tip_id(scope.id);
    case IncomeScopeKind::kSession:
      return out->set_session_id(scope.id);
    case IncomeScopeKind::kStreamer:
      return out->set_streamer_id(scope.id);
    case IncomeScopeKind::kAgency:
      return out->set_agency_id(scope.id);
    case IncomeScopeKind::kCase:
      return out->set_whole_case(true);
    case IncomeScopeKind::kPayer:
      return out->set_payer_id(scope.id);
    case IncomeScopeKind::kEverything:
      return out->set_everything(true);
  }
}

void FillIncomeJob(const IncomeJob& job, v1::IncomeJob* out) {
  out->set_job_id(job.id.value());
  out->set_action(static_cast<v1::IncomeAction>(job.action));
  FillIncomeScope(job.scope, out->mutable_scope());
  out->set_permille(job.permille);
  out->set_case_reference(std::string(job.note.case_name.view()));
  out->set_reason(std::string(job.note.reason.view()));
  out->set_identity(std::string(job.actor.view()));
  out->set_tips_count(job.tips_count);
  out->set_skipped_count(job.skipped_count);
  out->set_amount_minor(job.amount.minor());
  out->set_progress_permille(ProgressPermille(job));
  out->set_done(job.is_done());
  SetUnixMs(job.start_time_ms, out->mutable_start_time());
  if (job.is_done()) SetUnixMs(job.done_time_ms, out->mutable_done_time());
}

}  // namespace tipgate
