#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "tests/integration/gate_client.h"

namespace tipgate {

// Client-side books of tips: what was sent, and every answer that came. Any thread.
class TipBooks {
 public:
  struct Line {
    v1::TipIntent intent;
    std::string answer;  // The serialized decision; empty while none is known.
  };

  void NoteSent(const v1::TipIntent& intent);
  void NoteAnswer(const std::string& key, const v1::TipDecision& decision);

  // Waits for so many more answers than now; false if they do not come within a minute.
  bool AwaitAnswers(int64_t more);

  // Sends every tip again, in batches: an answered one must get its answer byte for byte, and what
  // was not answered gets its answer now. Fails the test otherwise.
  void ReplayAll(GateClient& client);
  // Compares the books, in which every line is answered, with the gate's totals.
  void ExpectTotals(const v1::Totals& totals);

 private:
  absl::Mutex mutex_;
  std::map<std::string, Line> lines_ ABSL_GUARDED_BY(mutex_);
  int64_t answers_count_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Clients that tip as fast as they can, unary, in batches and in streams, until they are stopped or
// a call fails. Payers 1 .. kPayers tip to kStreamer in kSession; every tenth is not known.
class LoadClients {
 public:
  static constexpr int kPayers = 40;
  static constexpr int kThreads = 6;

  // Puts the payers who are known.
  static void PutPayers(GateClient& client);

  // `round` makes keys unique.
  LoadClients(const std::string& target, unsigned seed, int round, TipBooks* books);
  ~LoadClients();

  // Ends after the calls under way, and waits for that.
  void Stop();
  // Waits until every client has ended because a call failed.
  void AwaitEnd();
  // What ended a client other than UNAVAILABLE, such as "StreamTips: 1 Cancelled": no crash or
  // drain explains it.
  std::vector<std::string> UnexplainedEnds();

 private:
  void Run(int number);
  grpc::Status TipOne(GateClient& client, const v1::TipIntent& intent);
  grpc::Status TipMany(GateClient& client, const std::vector<v1::TipIntent>& intents);
  grpc::Status TipStream(GateClient& client, const std::vector<v1::TipIntent>& intents);

  const std::string target_;
  const unsigned seed_;
  const int round_;
  TipBooks& books_;
  std::atomic<bool> is_stopping_{false};
  absl::Mutex mutex_;
  std::vector<std::string> unexplained_ends_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace tipgate
