// How a checker runs the code of its threads.
#include <algorithm>
#include <utility>

#include "core/check.h"
#include "tests/interleaving/checker.h"

namespace tipgate::interleaving {

Result Checker::Perform(const Operation& operation) {
  // What comes out of nowhere may only be what is modelled.
  TIPGATE_CHECK(operation.order != std::memory_order_seq_cst &&
                operation.order != std::memory_order_consume);
  if (is_running_) {
    if (replayed_ < replay_.size()) return replay_[replayed_++];
    pending_ = operation;
    throw Pause();
  }
  switch (operation.kind) {  // before the threads begin
    case Operation::Kind::kStore:
      initial_.SetAtomic(operation.place, operation.operand);
      return {};
    case Operation::Kind::kWritePlain:
      initial_.SetPlain(operation.place, operation.operand);
      return {};
    case Operation::Kind::kLoad:
      return {.value = initial_.Initial(operation.place)};
    case Operation::Kind::kReadPlain:
      return {.value = initial_.PlainValue(operation.place)};
    case Operation::Kind::kExchange:
    case Operation::Kind::kAdd:
    case Operation::Kind::kCompareExchange:
    case Operation::Kind::kSleep:
    case Operation::Kind::kWake:
      break;
  }
  TIPGATE_CHECK(is_running_);
  return {};
}

int Checker::Add(Node node) {
  nodes_.push_back(std::move(node));
  return static_cast<int>(nodes_.size()) - 1;
}

int Checker::Beginning(int thread, const Locals& locals) {
  const auto [place, is_new] = beginnings_.try_emplace({thread, locals}, -1);
  if (!is_new) {
    TIPGATE_CHECK(place->second >= 0);  // else steps lead to each other without any operation
    return place->second;
  }
  Node beginning;
  beginning.thread = thread;
  beginning.locals = locals;
  const int node = Add(std::move(beginning));
  nodes_[node].root = node;
  return beginnings_[{thread, locals}] = RunCode(node);
}

int Checker::Follow(int node, const Result& result) {
  Node& from = nodes_[node];
  const auto found = from.children.find({result.value, result.is_success});
  if (found != from.children.end()) return found->second;
  Node after;
  after.thread = from.thread;
  after.root = from.root;
  after.parent = node;
  after.result = result;
  const int child = Add(std::move(after));
  const int reached = RunCode(child);
  return nodes_[node].children[{result.value, result.is_success}] = reached;
}

int Checker::RunCode(int index) {
  replay_.clear();
  replayed_ = 0;
  for (int i = index; nodes_[i].parent >= 0; i = nodes_[i].parent) {
    replay_.push_back(nodes_[i].result);
  }
  std::reverse(replay_.begin(), replay_.end());
  Node& node = nodes_[index];
  Locals locals = nodes_[node.root].locals;
  try {
    if (replay_.size() > kStepOperationsMax) throw Violation{"a loop does not end"};
    if (steps_[node.thread](locals)) return Beginning(node.thread, locals);
    node.is_end = true;
  } catch (const Pause&) {
    node.next = pending_;
    if (!IsPlain(pending_)) report_.operations[NameOf(pending_)] = pending_.order;
  } catch (const Violation& violation) {
    node.fault = violation.claim;
  }
  return index;
}

}  // namespace tipgate::interleaving
