// When the process that preload_kill.cc is loaded into dies: what the harness and that library
// share.
#pragma once

#include <atomic>
#include <cstdint>

namespace tipgate::crash {

// Names the file that holds a KillSwitch.
inline constexpr char kKillSwitchVariable[] = "TIPGATE_KILL_SWITCH";

// What a process does to a file.
enum class FileCall : int32_t {
  kNone,
  kOpen,    // of one that exists, as far as the caller cares
  kCreate,  // with O_CREAT
  kRead,    // at a place of its own, as tables are read
  kWrite,
  kSync,
  kRename,  // the new name counts
  kLink,    // the old name counts
  kUnlink,  // of one that is there
};

// What a write to RocksDB's log begins with (log_content.h).
enum class LogContent : int32_t {
  kAny,
  kEntry,     // of the journal
  kRows,      // of the state, in a checkpoint
  kComplete,  // the end of a checkpoint
  kKeys,
  kTerm,     // a claim
  kRebuild,  // the keys are, or are no longer, to be made anew
  kNothing,  // that we know
};

// Which calls are meant.
struct CallPattern {
  FileCall call = FileCall::kNone;
  char name[24] = "";  // of the file without its folder, with * and ?
  LogContent content = LogContent::kAny;
  // Of kEntry: the kind of its first record, the first byte of that, and how long the key is that
  // somebody asked for it with (docs/disk-format.md); -1: any.
  int32_t record_kind = -1;
  int32_t record_action = -1;
  int32_t record_key_bytes = -1;
};

enum class Moment : int32_t {
  kBefore,
  kMiddle,  // of a write: half of it is done
  kAfter,
};

// Dies at the count-th call of `first`, or at the next call of `then` after it.
struct KillOrder {
  CallPattern first = {};
  CallPattern then = {};
  Moment moment = Moment::kBefore;
  int32_t count = 1;
};

// In memory that both sides share. The order may be written while it is not armed.
struct KillSwitch {
  KillOrder order;
  std::atomic<int32_t> calls_left;
  std::atomic<int32_t> is_armed;
  std::atomic<int32_t> has_struck;
};
static_assert(std::atomic<int32_t>::is_always_lock_free);

}  // namespace tipgate::crash
