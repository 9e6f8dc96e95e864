#include "tests/interleaving/checker.h"

#include <algorithm>

#include "core/check.h"

namespace tipgate::interleaving {
namespace {

thread_local Checker* current = nullptr;

uint32_t BitOf(int thread) { return uint32_t{1} << thread; }

// Does the operation where it finds what was written last.
Result TakeNewest(const Operation& operation, int thread, Memory* memory) {
  const int newest = memory->CountOf(operation.place) - 1;
  const uint64_t value = memory->ValueOf(operation.place, newest);
  const bool is_acquire = IsAcquire(operation.order);
  const bool is_release = IsRelease(operation.order);
  switch (operation.kind) {
    case Operation::Kind::kLoad:
      memory->Load(thread, operation.place, newest, is_acquire);
      return {.value = value};
    case Operation::Kind::kStore:
      memory->Store(thread, operation.place, newest + 1, operation.operand, is_release);
      return {};
    case Operation::Kind::kExchange:
    case Operation::Kind::kAdd:
    case Operation::Kind::kCompareExchange: {
      const bool is_add = operation.kind == Operation::Kind::kAdd;
      const bool is_success =
          operation.kind != Operation::Kind::kCompareExchange || value == operation.expected;
      const uint64_t written = is_add ? value + operation.operand : operation.operand;
      if (is_success) {
        memory->Update(thread, operation.place, newest, written, is_acquire, is_release);
      }
      return {.value = value, .is_success = is_success};
    }
    case Operation::Kind::kSleep:
    case Operation::Kind::kWake:
    case Operation::Kind::kReadPlain:
    case Operation::Kind::kWritePlain:
      break;
  }
  return {};
}

bool IsSamePlaceInCode(const Operation& a, const Operation& b) {
  return a.line == b.line && a.kind == b.kind && absl::string_view(a.function) == b.function;
}

}  // namespace

Checker::Checker(Machine machine, Fault fault)
    : machine_(machine), is_sequential_(machine == Machine::kSequential), fault_(std::move(fault)) {
  TIPGATE_CHECK(current == nullptr);
  current = this;
}

Checker::~Checker() { current = nullptr; }

Checker& Checker::Current() {
  TIPGATE_CHECK(current != nullptr);
  return *current;
}

void Checker::AddThread(std::function<bool(Locals&)> step, bool waits) {
  TIPGATE_CHECK(steps_.size() < kThreadsMax);
  steps_.push_back(std::move(step));
  waits_.push_back(waits);
}

void Checker::Require(bool holds, const char* claim) const {
  if (!holds) throw Violation{claim};
}

Checker::Report Checker::Run(int64_t states_max) {
  is_running_ = true;
  initial_.SetThreads(static_cast<int>(steps_.size()));
  do {
    has_news_ = false;
    open_.clear();
    seen_.clear();
    links_.clear();
    edges_.clear();
    ends_.clear();
    Explore(states_max);
  } while (has_news_);
  if (report_.fault.empty()) FindDeadEnds();
  report_.states_count = static_cast<int64_t>(links_.size());
  is_running_ = false;
  return report_;
}

void Checker::Explore(int64_t states_max) {
  State first(initial_);
  first.number = -1;
  for (int thread = 0; thread < static_cast<int>(steps_.size()); ++thread) {
    first.nodes[thread] = Beginning(thread, {});
    if (!RunPlain(&first, thread)) return;
  }
  Arrive(first, Link(), true);
  while (!open_.empty() && report_.fault.empty() && !has_news_) {
    if (static_cast<int64_t>(links_.size()) > states_max) Note("there are too many states", 0);
    const State state = open_.back();
    open_.pop_back();
    Expand(state);
  }
}

bool Checker::NoteLook(const State& state, int thread, const Operation& operation) {
  if (state.memory.Looks(thread, operation.place)) return true;
  initial_.SetLooks(thread, operation.place);
  has_news_ = true;
  return false;
}

void Checker::Expand(const State& state) {
  for (int thread = 0; thread < static_cast<int>(steps_.size()); ++thread) {
    if (!waits_[thread] && !FinishesAlone(state, thread)) {
      return Note("a step waits for another thread", state.number);
    }
    if (!nodes_[state.nodes[thread]].is_end) {
      ExpandThread(state, thread);
    }
  }
}

void Checker::ExpandThread(const State& state, int thread) {
  if ((state.asleep & BitOf(thread)) != 0) {  // it may wake up by itself
    State next = state;
    next.asleep &= ~BitOf(thread);
    return Reach(next, thread, {}, false);
  }
  const Node& node = nodes_[state.nodes[thread]];
  Operation operation = node.next;
  if (fault_.kind != Fault::Kind::kNone && NameOf(operation) == fault_.operation) {
    if (fault_.kind == Fault::Kind::kSkip) return Reach(state, thread, {});
    operation.order = fault_.order;
  }
  switch (operation.kind) {
    case Operation::Kind::kLoad:
      return TakeLoads(state, thread, operation);
    case Operation::Kind::kStore:
      return TakeStores(state, thread, operation);
    case Operation::Kind::kExchange:
    case Operation::Kind::kAdd:
    case Operation::Kind::kCompareExchange:
      return TakeUpdates(state, thread, operation);
    case Operation::Kind::kSleep: {
      State next = state;
      const int newest = state.memory.CountOf(operation.place) - 1;
      next.memory.Load(thread, operation.place, newest, false);
      if (state.memory.ValueOf(operation.place, newest) != operation.operand) {
        return Reach(next, thread, {});
      }
      next.asleep |= BitOf(thread);
      return Arrive(next, {.parent = state.number, .node = state.nodes[thread], .result = {}},
                    true);
    }
    case Operation::Kind::kWake:
      return TakeWakes(state, thread, operation);
    case Operation::Kind::kReadPlain:
    case Operation::Kind::kWritePlain:
      break;  // RunPlain has done them
  }
  TIPGATE_CHECK(!IsPlain(operation));
}

bool Checker::IsNews(const State& state, int thread, const Result& result) const {
  int child = state.nodes[thread];
  const Operation& operation = nodes_[child].next;
  for (int node = nodes_[child].parent; node >= 0; child = node, node = nodes_[node].parent) {
    if (nodes_[child].result == result && IsSamePlaceInCode(nodes_[node].next, operation)) {
      return false;
    }
  }
  return true;
}

void Checker::TakeLoads(const State& state, int thread, const Operation& operation) {
  if (!NoteLook(state, thread, operation)) return;
  const int atomic = operation.place;
  const int newest = state.memory.CountOf(atomic) - 1;
  const int oldest = is_sequential_ ? newest : state.memory.OldestOf(thread, atomic);
  for (int message = oldest; message <= newest; ++message) {
    const Result result = {.value = state.memory.ValueOf(atomic, message)};
    if (message < newest && !IsNews(state, thread, result)) continue;
    State next = state;
    next.memory.Load(thread, atomic, message, IsAcquire(operation.order));
    Reach(next, thread, result);
  }
}

void Checker::TakeStores(const State& state, int thread, const Operation& operation) {
  if (!NoteLook(state, thread, operation)) return;
  const int atomic = operation.place;
  const int last = state.memory.CountOf(atomic);
  const int first = is_sequential_ ? last : state.memory.OldestOf(thread, atomic) + 1;
  for (int message = first; message <= last; ++message) {
    if (!state.memory.MayStore(atomic, message)) continue;
    State next = state;
    next.memory.Store(thread, atomic, message, operation.operand, IsRelease(operation.order));
    Reach(next, thread, {});
  }
}

void Checker::TakeUpdates(const State& state, int thread, const Operation& operation) {
  const int atomic = operation.place;
  const int newest = state.memory.CountOf(atomic) - 1;
  const int oldest = is_sequential_ ? newest : state.memory.OldestOf(thread, atomic);
  const bool is_conditional = operation.kind == Operation::Kind::kCompareExchange;
  if (is_conditional && !NoteLook(state, thread, operation)) return;
  for (int message = oldest; message <= newest; ++message) {
    const uint64_t value = state.memory.ValueOf(atomic, message);
    if (is_conditional && (machine_ == Machine::kAny || value != operation.expected)) {
      const Result failure = {.value = value, .is_success = false};
      if (IsNews(state, thread, failure)) {
        State next = state;
        next.memory.Load(thread, atomic, message, false);
        Reach(next, thread, failure);
      }
      if (value != operation.expected) continue;
    }
    if (!state.memory.MayUpdate(atomic, message)) continue;
    const uint64_t written =
        operation.kind == Operation::Kind::kAdd ? value + operation.operand : operation.operand;
    State next = state;
    next.memory.Update(thread, atomic, message, written, IsAcquire(operation.order),
                       IsRelease(operation.order));
    Reach(next, thread, {.value = value});
  }
}

void Checker::TakeWakes(const State& state, int thread, const Operation& operation) {
  bool has_sleeper = false;
  for (int sleeper = 0; sleeper < static_cast<int>(steps_.size()); ++sleeper) {
    int node = state.nodes[sleeper];
    const bool is_there =
        (state.asleep & BitOf(sleeper)) != 0 && nodes_[node].next.place == operation.place;
    if (!is_there) continue;
    has_sleeper = true;
    State next = state;
    next.asleep &= ~BitOf(sleeper);
    next.nodes[sleeper] = Follow(node, {});
    if (RunPlain(&next, sleeper)) Reach(next, thread, {});
  }
  if (!has_sleeper) Reach(state, thread, {});
}

bool Checker::RunPlain(State* state, int thread) {
  int& place = state->nodes[thread];
  while (true) {
    const Node& node = nodes_[place];
    if (!node.fault.empty()) {
      Note(node.fault, state->number);
      return false;
    }
    if (node.is_end) state->memory.Retire(thread);
    if (node.is_end || !IsPlain(node.next)) return true;
    const Operation& operation = node.next;
    const bool is_read = operation.kind == Operation::Kind::kReadPlain;
    const uint64_t value = state->memory.PlainValue(operation.place);
    const bool is_ordered =
        is_read ? state->memory.ReadPlain(thread, operation.place)
                : state->memory.WritePlain(thread, operation.place, operation.operand);
    if (!is_ordered) {
      Note("a data race", state->number);
      return false;
    }
    place = Follow(place, {.value = is_read ? value : 0});
  }
}

void Checker::Reach(State state, int thread, const Result& result, bool is_reliable) {
  int& place = state.nodes[thread];
  const Link link = {.parent = state.number, .node = place, .result = result};
  place = Follow(place, result);
  if (RunPlain(&state, thread)) Arrive(state, link, is_reliable);
}

void Checker::Arrive(State state, const Link& link, bool is_reliable) {
  state.memory.Tidy(is_sequential_);
  Hasher128 hasher;
  state.memory.AddTo(&hasher);
  for (const int node : state.nodes) hasher.Add(static_cast<uint64_t>(node));
  hasher.Add(state.asleep);
  const auto [seen, is_new] =
      seen_.try_emplace(hasher.Finish(), static_cast<int32_t>(links_.size()));
  state.number = seen->second;
  if (is_reliable && link.parent >= 0) edges_.emplace_back(link.parent, state.number);
  if (!is_new) return;
  links_.push_back(link);
  if (HasEnded(state)) {
    ends_.push_back(state.number);
  } else {
    open_.push_back(state);
  }
}

bool Checker::HasEnded(const State& state) const {
  for (size_t thread = 0; thread < steps_.size(); ++thread) {
    if (!nodes_[state.nodes[thread]].is_end) return false;
  }
  return true;
}

// Memory gives what is newest: whoever is alone sees everything in time.
bool Checker::FinishesAlone(State state, int thread) {
  int& place = state.nodes[thread];
  for (size_t steps = 0; steps < kStepOperationsMax; ++steps) {
    const Node& node = nodes_[place];
    if (node.parent < 0 || node.is_end) return true;
    const Operation& operation = node.next;
    place = Follow(place, TakeNewest(operation, thread, &state.memory));
    state.memory.Tidy(is_sequential_);
    if (!RunPlain(&state, thread)) return true;  // which is a fault of its own
  }
  return false;
}

}  // namespace tipgate::interleaving
