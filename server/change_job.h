#pragma once

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/key_memory.h"
#include "server/call_error.h"
#include "server/confirmation_token.h"
#include "server/record_conversion.h"
#include "server/replay.h"
#include "server/request_conversion.h"
#include "server/rpc_job.h"

namespace tipgate {

// Of calls that people make whom the gate must know: the record says who it was.
template <typename CommandType>
concept HasActor = requires(CommandType command) {
  command.request.actor;
};

// Of calls that change a tip of the past, which the state need not know.
template <typename CommandType>
concept ChangesTip = std::is_same_v<CommandType, TipChangeCommand>;
template <typename CommandType>
concept ChangesTips = ChangesTip<CommandType> || std::is_same_v<CommandType, IncomeJobCommand>;

// Capture and void are for apps, like the tip itself.
template <typename MessageType>
concept IsForApps = std::is_same_v<MessageType, v1::CaptureTipRequest> ||
    std::is_same_v<MessageType, v1::VoidTipRequest>;

// Of calls in which it matters whose app makes them, known or not.
template <typename CommandType>
concept HasApp = requires(CommandType command) {
  command.request.app;
};

// The error as the caller gets it; commands that know more have an overload.
template <typename CommandType>
CallError ErrorOf(const CommandType&, const RequestError& error) {
  return ToCallError(error);
}

// A call that changes one thing under one key. The stored record of RecordType has its answer, now
// and whenever the key comes again.
template <typename MessageType, typename ResponseType, typename CommandType, typename RecordType>
class ChangeJob final : public ReadingJob {
 public:
  using ReadingJob::ReadingJob;

  static RpcHandler Handler(ServiceContext* context) {
    return [context](std::unique_ptr<Rpc> rpc) { Start(context, std::move(rpc)); };
  }

  absl::Status LookUpKeys() override {
    if constexpr (std::is_same_v<CommandType, OpenSessionCommand>) {
      const absl::Status status = LookUpSession(context(), &change().request);
      if (!status.ok()) return status;
    }
    if constexpr (std::is_same_v<CommandType, RechargeRefundCommand>) {
      const absl::Status status = LookUpRecharge(context(), &change().request);
      if (!status.ok()) return status;
    }
    if constexpr (ChangesTips<CommandType>) {
      if (const RecordId tip = OldTip(); tip.is_set()) {
        const absl::StatusOr<bool> is_readable =
            FindOldTip(context(), tip, &change().request.looked_up);
        if (!is_readable.ok()) return is_readable.status();
        is_tip_damaged_ = !*is_readable;
      }
    }
    return LookUpKey(context(), &change().key);
  }

  void Read(EntryReader* reader) override {
    if constexpr (ChangesTip<CommandType>) {
      if (std::holds_alternative<RequestError>(change().answer)) return RefuseCapture();
    }
    const RecordId first = std::get<ReplayOf>(change().answer).record;
    const Entry* const entry = ReadEntryOf(&context(), first, reader);
    if (entry == nullptr) return rpc().Fail(DamagedError());
    if (IsRepeat(change().request, *entry, entry->records[first.position()])) {
      context().stats->replays.Add(1);
      return ReplyWith(*entry, first);
    }
    context().stats->key_conflicts.Add(1);
    rpc().Fail(KeyReusedError());
  }

 protected:
  bool Answer(const Batch& batch) override {
    const auto& answer = change().answer;
    if (const auto* error = std::get_if<RequestError>(&answer)) {
      if (NeedsJournal(*error)) return false;
      rpc().Fail(Refusal(*error));
    } else if (const auto* place = std::get_if<InRecord>(&answer)) {
      ReplyWith(batch.entry, batch.entry.IdAt(place->position));
    } else {
      return false;
    }
    return true;
  }

 private:
  static void Start(ServiceContext* context, std::unique_ptr<Rpc> rpc) {
    CommandType change;
    if constexpr (HasActor<CommandType> && !IsForApps<MessageType>) {
      if (!TakeIdentity(context, rpc.get(), &change.request.actor)) return;
    }
    if constexpr (HasApp<CommandType>) change.request.app = CallerOf(*rpc);
    MessageType message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    if constexpr (std::is_same_v<MessageType, v1::StartConfirmationRequest>) {
      change.request.token = DrawConfirmationToken();  // the core draws nothing
    }
    if (const std::optional<CallError> fault = Convert(message, &change.request)) {
      return RefuseMalformed(context, rpc.get(), *fault);
    }
    const Intent& intent = change.request.intent;
    change.key.hash = HashKey(intent.caller, intent.key.view());
    auto job = std::make_unique<ChangeJob>(context, std::move(rpc));
    job->is_urgent = std::is_same_v<CommandType, StopCommand>;
    job->command = std::move(change);
    if constexpr (ChangesTips<CommandType>) {
      if (job->OldTip().is_set()) return SubmitFromReader(context, std::move(job));
    }
    context->pipeline->Submit(std::move(job));
  }

  // The tip that must be looked for where the state does not know it; unset: none. A held one the
  // state always knows, so a capture is not kept waiting.
  RecordId OldTip() {
    const auto& request = change().request;
    if constexpr (ChangesTip<CommandType>) {
      return request.action == TipAction::kCapture ? RecordId() : request.tip;
    } else if constexpr (ChangesTips<CommandType>) {
      return request.scope.kind == IncomeScopeKind::kTip ? RecordId(request.scope.id) : RecordId();
    }
    return RecordId();
  }

  // True if only the journal knows whether a tip that cannot be captured is there at all.
  bool NeedsJournal(const RequestError& error) {
    if constexpr (ChangesTip<CommandType>) {
      return change().request.action == TipAction::kCapture &&
             error.reason == ErrorReason::kNotFound;
    }
    return false;
  }

  void RefuseCapture() {
    if constexpr (ChangesTip<CommandType>) {
      std::optional<Tip> tip;
      const absl::StatusOr<bool> is_readable = FindOldTip(context(), change().request.tip, &tip);
      if (!is_readable.ok() || !*is_readable) return rpc().Fail(DamagedError());
      if (tip.has_value()) return rpc().Fail(TipNotHeldError());
      rpc().Fail(ToCallError(std::get<RequestError>(change().answer)));
    }
  }

  CallError Refusal(const RequestError& error) {
    if (is_tip_damaged_) return DamagedError();
    const bool is_of_scope =
        std::is_same_v<CommandType, IncomeJobCommand> && absl::string_view(error.field) == "tip_id";
    return is_of_scope ? Within("scope", ToCallError(error)) : ErrorOf(change(), error);
  }

  void ReplyWith(const Entry& entry, RecordId id) {
    ResponseType response;
    FillResponse(std::get<RecordType>(entry.records[id.position()]), entry, id, &response);
    rpc().Reply(response);
  }

  CommandType& change() { return std::get<CommandType>(command); }

  bool is_tip_damaged_ = false;  // it may be there, but cannot be read
};

}  // namespace tipgate
