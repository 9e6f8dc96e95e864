#include "core/proposal.h"

#include <algorithm>

#include "core/check.h"

namespace tipgate {
namespace {

template <typename Predicate>
const Proposal* FindIf(const std::vector<Proposal>& proposals, Predicate predicate) {
  const auto it = std::find_if(proposals.begin(), proposals.end(), predicate);
  return it == proposals.end() ? nullptr : &*it;
}

bool IsClosed(const Proposal& proposal) {
  return proposal.state == ProposalState::kSuperseded ||
         proposal.state == ProposalState::kWithdrawn;
}

}  // namespace

const Proposal* PolicyBook::Find(RecordId id) const {
  return FindIf(proposals, [id](const Proposal& proposal) { return proposal.id == id; });
}
Proposal* PolicyBook::Find(RecordId id) {
  return const_cast<Proposal*>(static_cast<const PolicyBook*>(this)->Find(id));
}

const Proposal* PolicyBook::FindVersion(int32_t version) const {
  if (version == 0) return nullptr;
  return FindIf(proposals,
                [version](const Proposal& proposal) { return proposal.version == version; });
}

const Proposal* PolicyBook::active() const {
  return FindIf(proposals,
                [](const Proposal& proposal) { return proposal.state == ProposalState::kActive; });
}
Proposal* PolicyBook::active() {
  return const_cast<Proposal*>(static_cast<const PolicyBook*>(this)->active());
}

size_t PolicyBook::open_count() const {
  return static_cast<size_t>(
      std::count_if(proposals.begin(), proposals.end(),
                    [](const Proposal& proposal) { return proposal.is_open(); }));
}

void PolicyBook::NoteNextActivation() {
  next_activation_ms = INT64_MAX;
  for (const Proposal& proposal : proposals) {
    if (proposal.state != ProposalState::kApproved) continue;
    next_activation_ms = std::min(next_activation_ms, proposal.effective_time_ms);
  }
}

Proposal& PolicyBook::Add(RecordId id) {
  TIPGATE_CHECK(proposals.empty() || proposals.back().id < id);
  if (proposals.size() == kKeptMax) {
    const auto oldest = std::find_if(proposals.begin(), proposals.end(), IsClosed);
    TIPGATE_CHECK(oldest != proposals.end());
    proposals.erase(oldest);
  }
  Proposal& added = proposals.emplace_back();
  added.id = id;
  return added;
}

}  // namespace tipgate
