#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/clock.h"
#include "server/service_context.h"
#include "tests/differ/generator.h"
#include "tests/oracle/policy.h"
#include "tests/simulation/history.h"
#include "tests/simulation/reads.h"
#include "tests/simulation/wish.h"

namespace tipgate::simulation {

// App servers and staff: they wish for something, ask again with the same key until they are
// answered, sometimes before that, and sometimes long after; some give up waiting, some have
// deadlines. They keep books of what they were told, and hold every answer against history.
class Clients {
 public:
  struct Platform {
    differ::Cast cast;
    oracle::Policy policy;
    std::vector<oracle::Gift> gifts;
    int64_t key_retention_ms = 0;
  };

  // All that is pointed to outlives this.
  Clients(const Platform& platform, int64_t wishes_max, Random* random, const Clock* clock,
          History* history, Reads* reads);

  // Somebody does something: sends a job to the gate.
  void Act(ServiceContext* services);

  // The process is gone: nothing that is under way is answered any more.
  void LoseAll();

  // Everything that was wished for was answered.
  bool AreDone() const;

  int64_t answers_count() const { return answers_count_; }
  // Of the first promise that was broken; empty if none was.
  const std::string& fault() const { return fault_; }

 private:
  class Call;

  // What the books say of a wish.
  struct Page {
    WishPtr wish;
    int64_t under_way_count = 0;
    bool is_answered = false;
    RecordId record{};  // unset: an error for an answer, such as that something is not there
    // Every attempt so far came back with an error that says that nothing was done.
    bool was_always_refused = true;
  };

  // A new wish; null where something was asked for that is none.
  WishPtr Draw(ServiceContext* services);
  WishPtr DrawRequest(ServiceContext* services);
  WishPtr DrawOrder();
  WishPtr DrawProposal();
  WishPtr DrawProposalStep();
  WishPtr DrawGifts();
  void ActAnew(ServiceContext* services);
  void Send(const std::vector<size_t>& pages, ServiceContext* services);
  void OnAnswer(size_t page, const Answer& answer, const Entry& entry);
  void OnFailure(size_t page);
  void Fail(const std::string& fault) {
    if (fault_.empty()) fault_ = fault;
  }
  int64_t now_ms() const { return clock_.WallNs() / kNanosPerMilli; }
  std::string NextKey() const { return absl::StrCat("key-", pages_.size()); }
  Intent NextIntent() const { return differ::ToIntent(NextKey()); }
  ActorName AnyActor() { return ActorName(random_.OneOf<const char*>({"ann", "bob", "cid"})); }

  const Platform platform_;
  const size_t wishes_max_;
  Random& random_;
  const Clock& clock_;
  History& history_;
  Reads& reads_;
  differ::Generator generator_;
  std::vector<Page> pages_;
  int64_t attempts_count_ = 0;
  int64_t answers_count_ = 0;
  std::string fault_;
};

}  // namespace tipgate::simulation
