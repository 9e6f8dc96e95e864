#include <memory>
#include <utility>

#include "core/decide_policy.h"
#include "core/sequencer.h"

namespace tipgate {
namespace {

constexpr RequestError kGiftTooDearError{
    ErrorReason::kInvalidField, "gifts",
    "gifts: none may be dearer than the policy's gift_price_max_minor"};

// Proposals before `before` (unset: all), newest first, at most `count_max`.
void CopyPage(const PolicyBook& policies, PolicyPage page, PolicyVisit* visit) {
  const std::vector<Proposal>& all = policies.proposals;
  for (auto it = all.rbegin(); it != all.rend(); ++it) {
    if (page.before.is_set() && it->id >= page.before) continue;
    visit->has_more = static_cast<int>(visit->found.size()) == page.count_max;
    if (visit->has_more) return;
    visit->found.push_back(*it);
  }
}

}  // namespace

void Sequencer::Run(ProposalCommand& command) {
  if (IsAnswered(command.request.intent, command.key, &command.answer)) return;
  if (const auto refusal = WhyProposalRefused(state_, command.request, now_ms())) {
    command.answer = *refusal;
    return;
  }
  command.answer = Put(command.request, command.key);
}

void Sequencer::Run(ProposalStepCommand& command) {
  if (IsAnswered(command.request.intent, command.key, &command.answer)) return;
  if (const auto refusal = WhyStepRefused(state_, command.request)) {
    command.answer = *refusal;
    return;
  }
  command.answer = Put(DecideStep(state_, command.request, now_ms()), command.key);
  // What is due at once begins the next batch, and nothing is decided before it.
  is_closed_ |= state_.policies.next_activation_ms <= now_ms();
}

void Sequencer::Run(GiftsCommand& command) {
  if (IsAnswered(command.request.intent, command.key, &command.answer)) return;
  command.too_dear = FindGiftTooDear(state_, *command.request.catalog);
  if (command.too_dear.has_value()) {
    command.answer = kGiftTooDearError;
    return;
  }
  command.request.version = state_.policies.gifts_version + 1;
  command.answer = Put(command.request, command.key);
}

void Sequencer::Run(PolicyCommand& command) {
  auto policy = std::make_shared<Policy>(*command.policy);
  policy->version = NextPolicyVersion(state_);
  Put(PolicyRecord{.proposal = {}, .policy = std::move(policy)});
}

void Sequencer::Run(CatalogCommand& command) {
  Put(CatalogRecord{.intent = {},
                    .actor = {},
                    .version = state_.policies.gifts_version + 1,
                    .catalog = command.catalog});
}

void Sequencer::Run(PolicyVisit& visit) {
  const PolicyBook& policies = state_.policies;
  const Proposal* found = nullptr;
  if (const auto* page = std::get_if<PolicyPage>(&visit.of)) {
    CopyPage(policies, *page, &visit);
  } else if (const auto* id = std::get_if<RecordId>(&visit.of)) {
    found = policies.Find(*id);
  } else if (const auto* version = std::get_if<int32_t>(&visit.of)) {
    found = *version == 0 ? policies.active() : policies.FindVersion(*version);
  }
  if (found != nullptr) visit.found.push_back(*found);
  visit.policy = state_.policy;
  visit.catalog = state_.catalog;
  visit.gifts_version = policies.gifts_version;
  visit.gifts_actor = policies.gifts_actor;
  visit.cursors = state_.totals.cursors;
}

// One that was withdrawn meanwhile, or came into force before a restart, stays as it is.
void Sequencer::PolicyIsDue(RecordId id) {
  const Proposal* const proposal = state_.policies.Find(id);
  if (proposal == nullptr || !IsActivationDue(*proposal, now_ms())) return;
  Put(DecideActivation(state_, *proposal));
}

}  // namespace tipgate
