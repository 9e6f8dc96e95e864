#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "core/hash128.h"
#include "tests/interleaving/memory.h"
#include "tests/interleaving/operation.h"

namespace tipgate::interleaving {

// What a thread keeps from one of its steps to the next: all of it, for nothing else may outlive a
// step but what is shared.
using Locals = std::array<int8_t, 8>;

// What the code runs on: the more a machine may do, the more states there are.
enum class Machine {
  kAny,         // all that C++ allows
  kSure,        // the same, but a compare_exchange_weak does not fail without a reason
  kSequential,  // as kSure, and loads read what was written last, and stores go last
};

// Tries every way in which a few threads can go through code: every order of their operations on
// what they share, and in each of them everything that memory may give (memory.h).
//
// The code is the real one, made of ModelAtomics. A thread is a function that is called again and
// again until it says that it was the last time; the checker finds its next operation by running it
// anew with the results of those before, and stops it there by an exception. So it must do nothing
// but compute, use Locals, ModelAtomics, and Require; a state is a value, and one that was reached
// before is not tried again.
//
// Found are: what Require refuses, data races, and states from which the end cannot be reached any
// more, such as a thread that sleeps and that nobody will wake: early returns from a sleep are
// tried, but nobody may count on them.
//
// Use: make a checker, then what is shared, then the threads; Run. One checker at a time in a
// thread.
class Checker {
 public:
  struct Report {
    std::string fault;               // empty: there is none
    std::vector<std::string> trace;  // the steps that lead to it
    int64_t states_count = 0;
    std::map<std::string, std::memory_order> operations;  // all that were met, by name
  };

  explicit Checker(Machine machine = Machine::kAny, Fault fault = {});
  ~Checker();
  Checker(const Checker&) = delete;
  Checker& operator=(const Checker&) = delete;

  // That of this thread.
  static Checker& Current();

  // One call of `step` is a step; false: it was the last one. `waits`: its steps may be waiting for
  // other threads. If it says no, whatever the others have begun, its step must come to its end
  // though nobody else goes on.
  void AddThread(std::function<bool(Locals&)> step, bool waits = true);

  // More states than that are a fault.
  Report Run(int64_t states_max = 50'000'000);

  // For threads: what must hold.
  void Require(bool holds, const char* claim) const;

  // For ModelAtomics.
  int AddAtomic(uint64_t value) { return initial_.AddAtomic(value); }
  int AddPlain(uint64_t value) { return initial_.AddPlain(value); }
  Result Perform(const Operation& operation);

 private:
  // A place in a thread's code: the beginning of a step with certain locals, or the one after an
  // operation with a certain result. What comes next from there is always the same.
  struct Node {
    int thread = 0;
    int root = 0;     // the beginning of the step
    int parent = -1;  // none: this is a beginning
    Result result;    // of the parent's operation
    Locals locals{};  // of a beginning
    bool is_end = false;
    std::string fault;
    Operation next;
    absl::flat_hash_map<std::pair<uint64_t, bool>, int> children;
  };

  struct State {
    explicit State(const Memory& initial) : memory(initial) {}

    Memory memory;
    std::array<int, kThreadsMax> nodes{};
    uint32_t asleep = 0;  // a bit a thread
    int32_t number = 0;
  };

  // How a state was first reached.
  struct Link {
    int32_t parent = -1;
    int node = 0;  // whose operation it was
    Result result;
  };

  // A step of a thread takes a few operations; more of them are a loop that does not end.
  static constexpr size_t kStepOperationsMax = 64;

  struct Pause {};
  struct Violation {
    std::string claim;
  };

  int Beginning(int thread, const Locals& locals);
  int Follow(int node, const Result& result);
  // Runs the code from the beginning of the step to the node, and on to what comes next. The node
  // that stands for it: another one if the step is over.
  int RunCode(int node);
  int Add(Node node);

  void Explore(int64_t states_max);
  void Expand(const State& state);
  void ExpandThread(const State& state, int thread);
  void TakeLoads(const State& state, int thread, const Operation& operation);
  void TakeStores(const State& state, int thread, const Operation& operation);
  void TakeUpdates(const State& state, int thread, const Operation& operation);
  void TakeWakes(const State& state, int thread, const Operation& operation);
  // The thread's operation has been done to the state, and gives its code this result.
  void Reach(State state, int thread, const Result& result, bool is_reliable = true);
  // It is a state that was reached from the one with its number.
  void Arrive(State state, const Link& link, bool is_reliable);
  // False if it was not known yet that the thread does that: all must be tried again.
  bool NoteLook(const State& state, int thread, const Operation& operation);
  // Plain memory needs no turn of its own: what races is found whatever the order.
  bool RunPlain(State* state, int thread);
  Operation WithFault(const Operation& operation) const;
  // False for what a loop has read already while there is something newer: it only waits.
  bool IsNews(const State& state, int thread, const Result& result) const;
  bool HasEnded(const State& state) const;
  // True if the thread's step ends while no other thread goes on.
  bool FinishesAlone(State state, int thread);
  void Note(const std::string& fault, int32_t state);
  std::vector<std::string> TraceTo(int32_t state) const;
  // Those from which the end can be reached.
  void FindDeadEnds();

  const Machine machine_;
  const bool is_sequential_;
  const Fault fault_;
  Memory initial_;
  std::vector<std::function<bool(Locals&)>> steps_;
  std::vector<bool> waits_;

  // While code runs: the results up to where it stands, and what it asks for next.
  bool is_running_ = false;
  std::vector<Result> replay_;
  size_t replayed_ = 0;
  Operation pending_;

  std::deque<Node> nodes_;
  std::map<std::pair<int, Locals>, int> beginnings_;
  bool has_news_ = false;  // of a thread that looks at an atomic
  std::vector<State> open_;
  absl::flat_hash_map<Hash128, int32_t> seen_;
  std::vector<Link> links_;
  std::vector<std::pair<int32_t, int32_t>> edges_;  // those that one may count on
  std::vector<int32_t> ends_;
  Report report_;
};

}  // namespace tipgate::interleaving
