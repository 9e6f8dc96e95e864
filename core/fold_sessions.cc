#include "core/folder.h"

namespace tipgate {

void Folder::operator()(const SessionRecord& record) {
  if (record.outcome == Outcome::kRejected) return;
  if (record.action == SessionAction::kOpen) {
    OpenSession(record);
  } else {
    CloseSession(record);
  }
}

void Folder::OpenSession(const SessionRecord& record) {
  if (Session* session = InsertAndClaim(state_.sessions, record.session)) {
    session->streamer = record.streamer;
    session->tier = record.tier;
    session->open_time_ms = record.open_time_ms;
    session->max_end_time_ms = record.max_end_time_ms;
  }
  if (Streamer* streamer = FindAndClaim(state_.streamers, record.streamer)) {
    streamer->sessions_today_count = streamer->SessionsToday(now_.day) + 1;
    streamer->sessions_day = now_.day;
    streamer->open_session = record.session;
  }
}

void Folder::CloseSession(const SessionRecord& record) {
  if (Session* session = FindAndClaim(state_.sessions, record.session)) {
    session->close_time_ms = now_.time_ms;
    state_.PushDue(DueOf(*session));
  }
  if (Streamer* streamer = FindAndClaim(state_.streamers, record.streamer)) {
    TIPGATE_CHECK(streamer->open_session == record.session);
    streamer->open_session = SessionId();
    streamer->last_session_end_ms = now_.time_ms;
  }
}

}  // namespace tipgate
