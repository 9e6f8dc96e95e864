#include "server/history_handlers.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/journal_search.h"
#include "core/key_memory.h"
#include "server/call_error.h"
#include "server/history.h"
#include "server/request_conversion.h"
#include "server/rpc_job.h"
#include "server/tip_views.h"

namespace tipgate {
namespace {

CallError TipUnknownError(const TipName& name) {
  const bool is_id = std::holds_alternative<RecordId>(name);
  return NotFound(is_id ? "tip_id" : "idempotency_key", "tip");
}

CallError PageTokenError() {
  return InvalidField("page_token", "must be next_page_token of the page before");
}

// The visit tells which record a key names; the journal tells the decision, and TipViews the rest.
class GetTipJob final : public ReadingJob {
 public:
  GetTipJob(ServiceContext* context, std::unique_ptr<Rpc> rpc, const TipName& name)
      : ReadingJob(context, std::move(rpc)), name_(name) {
    HistoryVisit asked;
    if (const auto* key = std::get_if<IdempotencyKey>(&name_)) {
      asked.of = KeyLookup{.hash = HashKey(CallerId(), key->view()), .stored = RecordId()};
    }
    command = std::move(asked);
  }

  absl::Status LookUpKeys() override {
    auto* const key = std::get_if<KeyLookup>(&visit().of);
    return key == nullptr ? absl::OkStatus() : LookUpKey(context(), key);
  }

  void Read(EntryReader* reader) override {
    const absl::StatusOr<const Entry*> entry = reader->Read(id_.sequence());
    if (absl::IsNotFound(entry.status())) return rpc().Fail(TipUnknownError(name_));
    if (!entry.ok()) {
      context().damage->Raise(absl::StrCat("journal entry ", id_.sequence()),
                              entry.status().message());
      return rpc().Fail(DamagedError());
    }
    const TipRecord* const tip = FindTip(**entry);
    if (tip == nullptr) return rpc().Fail(TipUnknownError(name_));
    v1::GetTipResponse response;
    TipViews views(&context());
    views.Add(*tip, **entry, id_, response.mutable_tip());
    if (const std::optional<CallError> error = views.Finish(reader)) return rpc().Fail(*error);
    rpc().Reply(response);
  }

 protected:
  bool Answer(const Batch&) override {
    const auto* const id = std::get_if<RecordId>(&name_);
    id_ = id == nullptr ? visit().newest : *id;
    if (id_.is_set()) return false;
    rpc().Fail(TipUnknownError(name_));
    return true;
  }

 private:
  // The tip at id_, or null if there is none or if it does not have the name.
  const TipRecord* FindTip(const Entry& entry) const {
    if (id_.position() >= static_cast<int64_t>(entry.records.size())) return nullptr;
    const auto* const tip = std::get_if<TipRecord>(&entry.records[id_.position()]);
    const auto* const key = std::get_if<IdempotencyKey>(&name_);
    if (tip == nullptr || key == nullptr) return tip;
    return tip->request.intent.key == *key ? tip : nullptr;
  }

  HistoryVisit& visit() { return std::get<HistoryVisit>(command); }

  const TipName name_;
  RecordId id_;
};

// The visit tells where the walk begins; the walk goes through the journal, and TipViews tells what
// has become of the tips.
class ListTipsJob final : public ReadingJob {
 public:
  ListTipsJob(ServiceContext* context, std::unique_ptr<Rpc> rpc, const ListRequest& request)
      : ReadingJob(context, std::move(rpc)), request_(request) {
    HistoryVisit asked;
    if (const auto* payer = std::get_if<PayerId>(&request_.filter.of)) asked.of = *payer;
    if (const auto* streamer = std::get_if<StreamerId>(&request_.filter.of)) asked.of = *streamer;
    if (const auto* session = std::get_if<SessionId>(&request_.filter.of)) asked.of = *session;
    command = std::move(asked);
  }

  void Read(EntryReader* reader) override {
    v1::ListTipsResponse response;
    TipViews views(&context());
    if (const absl::Status status = FillPage(reader, &views, &response); status.ok()) {
      if (const std::optional<CallError> error = views.Finish(reader)) return rpc().Fail(*error);
      rpc().Reply(response);
    } else if (absl::IsInvalidArgument(status)) {
      rpc().Fail(PageTokenError());
    } else {
      context().damage->Raise("a list of tips", status.message());
      rpc().Fail(DamagedError());
    }
  }
  bool is_short() const override { return false; }

 protected:
  bool Answer(const Batch&) override { return false; }

 private:
  absl::Status FillPage(EntryReader* reader, TipViews* views, v1::ListTipsResponse* response) {
    const absl::StatusOr<RecordId> first = First(reader->journal());
    if (!first.ok()) return first.status();
    TipWalk walk(request_.filter, *first, reader);
    while (response->tips_size() < request_.page_size) {
      const absl::StatusOr<bool> has_tip = walk.Advance();
      if (!has_tip.ok()) return has_tip.status();
      if (!*has_tip) break;
      views->Add(walk.tip(), walk.entry(), walk.id(), response->add_tips());
    }
    if (walk.next().is_set()) {
      response->set_next_page_token(MakePageToken(request_.filter, walk.next()));
    }
    return absl::OkStatus();
  }

  // Where the page begins; unset if there is nothing.
  absl::StatusOr<RecordId> First(const Journal& journal) {
    if (request_.next.is_set()) return request_.next;
    if (visit().newest.is_set()) return visit().newest;
    if (const auto* session = std::get_if<SessionId>(&request_.filter.of)) {
      const absl::StatusOr<std::optional<Session>> stored = context().store->FindSession(*session);
      if (!stored.ok()) return stored.status();
      return stored->has_value() ? (*stored)->last_tip : RecordId();
    }
    if (!std::holds_alternative<std::monostate>(request_.filter.of)) return RecordId();
    int64_t last_sequence = visit().last_sequence;
    if (request_.filter.end_time_ms != TipFilter::kNoEndMs) {
      const absl::StatusOr<int64_t> end = FirstSequenceAt(journal, request_.filter.end_time_ms);
      if (!end.ok()) return end.status();
      last_sequence = std::min(last_sequence, *end - 1);
    }
    return LastRecordOf(last_sequence);
  }

  HistoryVisit& visit() { return std::get<HistoryVisit>(command); }

  const ListRequest request_;
};

}  // namespace

RpcHandler GetTipHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    v1::GetTipRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    TipName name;
    if (const std::optional<CallError> fault = Convert(message, &name)) {
      return RefuseMalformed(context, rpc.get(), *fault);
    }
    context->pipeline->Submit(std::make_unique<GetTipJob>(context, std::move(rpc), name));
  };
}

RpcHandler ListTipsHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    v1::ListTipsRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    ListRequest request;
    if (const std::optional<CallError> fault = Convert(message, &request)) {
      return RefuseMalformed(context, rpc.get(), *fault);
    }
    context->pipeline->Submit(std::make_unique<ListTipsJob>(context, std::move(rpc), request));
  };
}

}  // namespace tipgate
