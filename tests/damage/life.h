#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/clock.h"
#include "core/command.h"
#include "core/key_memory.h"
#include "core/state.h"
#include "rocksdb/env.h"
#include "server/pipeline.h"
#include "storage/data_directory.h"
#include "storage/rocksdb_state_store.h"
#include "tests/differ/random.h"
#include "tests/storage/journal_fixture.h"

namespace tipgate::damage {

// Time that a test lets pass.
class PassingClock final : public Clock {
 public:
  int64_t WallNs() const override { return now_ns_; }
  int64_t SteadyNs() const override { return now_ns_; }
  void Pass(int64_t ns) { now_ns_ += ns; }

 private:
  int64_t now_ns_ = 1'795'435'200'000 * kNanosPerMilli;  // 2026-11-23 20:00 in Shanghai
};

// What clients have asked for over all lives of a gate, and what they were told.
struct ClientBooks {
  struct Page {
    Command command;  // of this one thing
    Hash128 key;
    RecordId record{};  // unset: nobody was told an answer
  };
  std::vector<Page> pages;
  PassingClock clock;

  int64_t answered_count() const;
};

// How a life ended.
struct Ending {
  absl::Status status;  // OK: it did all that it was asked to
  int exit_code = 0;    // of the process, where it is not
  std::string fault;    // a promise that was broken
};

// One process from start to end: the gate from its ring to RocksDB and back, in one thread, without
// a network. Clients ask for new things, several at a time, and again for what they asked before.
class Life {
 public:
  // `env` and `books` outlive it. `failed_file` tells what the disk has failed on, empty: nothing.
  Life(std::string directory, rocksdb::Env* env, ClientBooks* books, uint64_t seed,
       std::function<std::string()> failed_file);
  ~Life();

  // Starts and answers so many batches, or as many as it can.
  Ending Run(int64_t batches_count);

 private:
  class Call;
  struct Stop {
    absl::Status status;
  };

  absl::Status Start();
  // A batch of calls, until all of them are answered. May throw Stop.
  void ServeBatch();
  void Ask(const std::vector<size_t>& pages);
  void Step();
  void OnAnswer(size_t page, const Answer& answer, const Entry& entry);
  void Fail(std::string fault) {
    if (fault_.empty()) fault_ = std::move(fault);
  }
  // Everything that was answered is there, once, and the state is what the journal says.
  void CheckBooks();
  std::vector<size_t> DrawPages();
  void AddPage(Command command, const std::string& key);
  void AddScene();
  void AddTip();

  const std::string directory_;
  rocksdb::Env* const env_;
  ClientBooks& books_;
  differ::Random random_;
  const std::function<std::string()> failed_file_;
  std::string fault_;
  bool has_started_ = false;

  std::unique_ptr<DataDirectory> data_;
  OpenJournal open_;
  std::unique_ptr<RocksDbStateStore> store_;
  State state_;
  KeyMemory keys_;
  std::unique_ptr<Pipeline> pipeline_;
  std::set<Call*> calls_;  // that nobody has answered
};

}  // namespace tipgate::damage
