// What a checker finds.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/interleaving/checker.h"

namespace tipgate::interleaving {

void Checker::Note(const std::string& fault, int32_t state) {
  if (!report_.fault.empty()) return;
  report_.fault = fault;
  report_.trace = TraceTo(state);
}

std::vector<std::string> Checker::TraceTo(int32_t state) const {
  std::vector<std::string> trace;
  for (; state > 0; state = links_[state].parent) {
    const Link& link = links_[state];
    const Node& node = nodes_[link.node];
    trace.push_back(absl::StrCat("thread ", node.thread, ": ", NameOf(node.next), " of ",
                                 node.next.place, ", line ", node.next.line, ": ",
                                 link.result.value, link.result.is_success ? "" : ", fails"));
  }
  std::reverse(trace.begin(), trace.end());
  return trace;
}

void Checker::FindDeadEnds() {
  // Against the edges, from the ends.
  std::sort(edges_.begin(), edges_.end(),
            [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<bool> has_way_out(links_.size(), false);
  std::vector<int32_t> open = ends_;
  for (const int32_t end : ends_) has_way_out[end] = true;
  while (!open.empty()) {
    const int32_t state = open.back();
    open.pop_back();
    auto edge = std::lower_bound(
        edges_.begin(), edges_.end(), state,
        [](const std::pair<int32_t, int32_t>& any, int32_t to) { return any.second < to; });
    for (; edge != edges_.end() && edge->second == state; ++edge) {
      if (has_way_out[edge->first]) continue;
      has_way_out[edge->first] = true;
      open.push_back(edge->first);
    }
  }
  const auto dead_end = std::find(has_way_out.begin(), has_way_out.end(), false);
  if (dead_end == has_way_out.end()) return;
  Note("the end is out of reach: somebody sleeps or waits for ever",
       static_cast<int32_t>(dead_end - has_way_out.begin()));
}

}  // namespace tipgate::interleaving
