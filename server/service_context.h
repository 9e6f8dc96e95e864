#pragma once

#include <cstdint>
#include <string>

#include "core/backup_store.h"
#include "core/journal.h"
#include "core/state_store.h"
#include "server/damage_alarm.h"
#include "server/job.h"
#include "server/reader_pool.h"
#include "server/stats.h"

namespace tipgate {

// What the handlers of calls work with. All that is pointed to outlives them.
struct ServiceContext {
  JobIntake* pipeline = nullptr;
  const Journal* journal = nullptr;
  const StateStore* store = nullptr;
  BackupStore* backups = nullptr;  // null: none are configured
  ReaderPool* readers = nullptr;
  PipelineStats* stats = nullptr;
  DamageAlarm* damage = nullptr;

  // What GetServerInfo tells besides the state.
  std::string version;
  int32_t format_version = 0;
  int64_t idempotency_retention_ms = 0;
  int64_t start_time_ms = 0;  // when this process began to serve
};

}  // namespace tipgate
