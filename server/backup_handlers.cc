#include "server/backup_handlers.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/backup_store.h"
#include "server/call_error.h"
#include "server/error_status.h"
#include "server/log.h"
#include "server/rpc_job.h"
#include "server/time_conversion.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

CallError NotConfiguredError() {
  return {.reason = ErrorReason::kWrongState,
          .field = "",
          .message =
              "no backup_dir is configured; set it in the gate's configuration, then start "
              "the gate again"};
}

CallError FailedError(const absl::Status& status) {
  return {
      .reason = ErrorReason::kBackupFailed, .field = "", .message = std::string(status.message())};
}

v1::Backup ToProto(const Backup& backup) {
  v1::Backup proto;
  proto.set_backup_id(backup.id);
  SetUnixMs(backup.create_time_ms, proto.mutable_create_time());
  proto.set_journal_sequence(backup.sequence);
  if (backup.sequence > 0) proto.set_chain_head(backup.chain_head);
  proto.set_size_bytes(backup.bytes);
  return proto;
}

std::optional<CallError> CreateBackup(BackupStore* backups, ResponseStream& stream) {
  v1::CreateBackupRequest request;
  if (auto error = stream.Parse(&request); error.has_value()) return error;
  if (backups == nullptr) return NotConfiguredError();
  v1::CreateBackupResponse response;
  const absl::StatusOr<Backup> backup = backups->Create([&](int64_t written_bytes) {
    response.set_written_bytes(written_bytes);
    return stream.is_open() && stream.Write(response);
  });
  if (absl::IsCancelled(backup.status())) return StoppingError();
  if (!backup.ok()) {
    Log(Severity::kError, absl::StrCat("a backup has failed: ", backup.status().message()));
    return FailedError(backup.status());
  }
  Log(Severity::kInfo, absl::StrCat("backup ", backup->id, " is whole: every entry up to ",
                                    backup->sequence, ", ", backup->bytes, " bytes"));
  *response.mutable_backup() = ToProto(*backup);
  return stream.Write(response) ? std::nullopt : std::make_optional(StoppingError());
}

class ListBackupsTask final : public ReaderTask {
 public:
  ListBackupsTask(ServiceContext* context, std::unique_ptr<Rpc> rpc)
      : context_(*context), rpc_(std::move(rpc)), deadline_ns_(rpc_->deadline_ns()) {}

  void Read(EntryReader*) override {
    const absl::StatusOr<std::vector<Backup>> backups = context_.backups->List();
    if (!backups.ok()) return rpc_->Fail(FailedError(backups.status()));
    v1::ListBackupsResponse response;
    for (const Backup& backup : *backups) *response.add_backups() = ToProto(backup);
    rpc_->Reply(response);
  }
  void Refuse(ReaderRefusal why) override { rpc_->Fail(CountRefusal(context_.stats, why)); }
  int64_t reader_deadline_ns() const override { return deadline_ns_; }
  bool is_short() const override { return false; }

 private:
  ServiceContext& context_;
  const std::unique_ptr<Rpc> rpc_;
  const int64_t deadline_ns_;
};

}  // namespace

ResponseStreamHandler CreateBackupHandler(ServiceContext* context) {
  return [context](ResponseStream& stream) { return CreateBackup(context->backups, stream); };
}

RpcHandler ListBackupsHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    v1::ListBackupsRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    if (context->backups == nullptr) return rpc->Fail(NotConfiguredError());
    context->readers->Submit(std::make_unique<ListBackupsTask>(context, std::move(rpc)));
  };
}

}  // namespace tipgate
