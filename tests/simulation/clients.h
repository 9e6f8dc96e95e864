#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/clock.h"
#include "server/job.h"
#include "tests/oracle/policy.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/history.h"
#include "tests/simulation/wish.h"

namespace tipgate::simulation {

// App servers: they wish for something, ask again with the same key until they are answered,
// sometimes before that, and sometimes long after; some give up waiting, some have deadlines. They
// keep books of what they were told, and hold every answer against history.
class Clients {
 public:
  struct Platform {
    int64_t payers_count;
    int64_t streamers_count;
    std::vector<std::string> tiers;  // of streamers
    std::vector<oracle::Gift> gifts;
  };

  // All that is pointed to outlives this.
  Clients(const Platform& platform, int64_t wishes_max, Random* random, const Clock* clock,
          History* history);
  ~Clients();

  // Somebody does something: sends a job to the intake.
  void Act(JobIntake* intake, const Journal& journal, const StateStore& store);

  // The process is gone: nothing that is under way is answered any more.
  void LoseAll();

  // Everything that was wished for was answered.
  bool AreDone() const;

  int64_t answers_count() const { return answers_count_; }
  int64_t sent_count() const { return sent_count_; }
  // Of the first promise that was broken; empty if none was.
  const std::string& fault() const { return fault_; }

 private:
  class Call;

  // Whose ids later wishes name.
  enum class Kind { kOther, kTip, kRecharge };

  // What the books say of a wish.
  struct Page {
    WishPtr wish;
    int64_t under_way_count = 0;
    bool is_answered = false;
    RecordId record{};  // unset: an error for an answer, such as that something is not there
    Kind kind = Kind::kOther;
    // Every attempt so far came back with an error that says that nothing was done.
    bool was_always_refused = true;
  };

  WishPtr Draw(Kind* kind);
  WishPtr DrawTip();
  WishPtr DrawTipChange();
  void Send(const std::vector<size_t>& pages, JobIntake* intake, const Journal& journal,
            const StateStore& store);
  void OnAnswer(size_t page, const Answer& answer, const Entry& entry);
  void OnFailure(size_t page, const RequestError& error);
  void Fail(const std::string& fault) {
    if (fault_.empty()) fault_ = fault;
  }
  std::string NextKey() { return absl::StrCat("key-", pages_.size()); }
  int64_t AnyPayer() { return random_.Between(1, platform_.payers_count); }
  int64_t AnyRecord(const std::vector<int64_t>& ids) {
    return ids.empty() ? 1 : random_.OneOf(ids);
  }

  const Platform platform_;
  const size_t wishes_max_;
  Random& random_;
  const Clock& clock_;
  History& history_;
  std::vector<Page> pages_;
  std::set<Call*> calls_;      // that nobody has answered
  std::vector<int64_t> tips_;  // accepted or not, by the answers
  std::vector<int64_t> recharges_;
  std::vector<int64_t> sessions_;  // that were opened, by the answers
  int64_t sessions_count_ = 0;
  int64_t answers_count_ = 0;
  int64_t sent_count_ = 0;
  std::string fault_;
};

}  // namespace tipgate::simulation
