#include "core/folder.h"

namespace tipgate {

void Folder::operator()(const StopRecord& record) {
  if (!Claim(state_.stops)) return;
  if (!record.is_stopped) return state_.stops.Erase(record.scope);
  const bool is_new = state_.stops.Find(record.scope) == nullptr;
  Stop& stop = state_.stops.FindOrInsert(record.scope);
  stop.lift_approver = record.first_approver;
  if (!is_new) return;
  stop.actor = record.actor;
  stop.reason = record.reason;
  stop.start_time_ms = record.start_time_ms;
}

void Folder::operator()(const SanctionRecord& record) {
  if (Streamer* streamer = FindAndClaim(state_.streamers, record.streamer)) {
    streamer->suspended_until_ms = record.suspended_until_ms;
  }
  StreamerSanctions* const sanctions = InsertAndClaim(state_.sanctions, record.streamer);
  if (sanctions == nullptr) return;
  sanctions->Erase(record.lifted, now_.time_ms);
  if (record.action == SanctionAction::kLift) return;
  TIPGATE_CHECK(sanctions->sanctions.size() < kSanctionsMax);
  sanctions->sanctions.push_back(
      {.id = id_, .kind = record.kind, .resume_time_ms = record.resume_time_ms});
}

}  // namespace tipgate
