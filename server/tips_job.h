#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "server/rpc_job.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

// Decides on the tips of one call and collects an answer for each. Replays are read from the
// journal, all those of the call together; only then does the call get its answer.
class TipsJob : public ReadingJob {
 public:
  using ReadingJob::ReadingJob;

  absl::Status LookUpKeys() final;
  void Read(EntryReader* reader) final;

 protected:
  bool Answer(const Batch& batch) final;

  // Adds a valid request, which is the next one.
  void Add(const TipRequest& request);
  TipsCommand& tips() { return std::get<TipsCommand>(command); }

  // Where the decision on request number `index` goes.
  virtual v1::TipDecision* DecisionOf(size_t index) = 0;
  // Instead of a decision. The error's field is that in TipIntent.
  virtual void RefuseTip(size_t index, const CallError& error) = 0;
  // All requests have their answers.
  virtual void Finish() = 0;

 private:
  struct Replay {
    RecordId first;
    size_t index = 0;
  };

  void Answer(const Batch& batch, size_t index);
  void Answer(EntryReader* reader, const Replay& replay);

  std::vector<Replay> replays_;
};

}  // namespace tipgate
