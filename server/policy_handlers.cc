#include "server/policy_handlers.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/change_job.h"
#include "server/policy_continuity.h"
#include "server/policy_conversion.h"
#include "server/policy_list.h"
#include "server/policy_requests.h"
#include "server/policy_responses.h"
#include "server/rpc_job.h"

namespace tipgate {
namespace {

// Rule V3: a rollback is a proposal of what an older version says.
using RollBackJob = ChangeJob<v1::RollBackPolicyRequest, v1::RollBackPolicyResponse,
                              ProposalCommand, ProposalRecord>;

// What the record of a proposal, or of a policy of the gate's own file, says; null: it is neither.
PolicyPtr PolicyIn(const Record& record) {
  if (const auto* proposal = std::get_if<ProposalRecord>(&record)) return proposal->policy;
  if (const auto* policy = std::get_if<PolicyRecord>(&record)) return policy->policy;
  return nullptr;
}

// Reads the policy of a proposal; null if its bytes are damaged, of which operators have been told.
PolicyPtr ReadPolicy(ServiceContext* context, RecordId id, EntryReader* reader) {
  const Entry* const entry = ReadEntryOf(context, id, reader);
  return entry == nullptr ? nullptr : PolicyIn(entry->records[id.position()]);
}

CallError UnknownPolicyError(const PolicyName& name) {
  const bool is_version = std::holds_alternative<int32_t>(name);
  return is_version ? NotFound("version", "policy version") : NotFound("proposal_id", "proposal");
}

// One that is visited, and then read where the state does not have it.
class PolicyJob : public ReadingJob {
 public:
  PolicyJob(ServiceContext* context, std::unique_ptr<Rpc> rpc, const PolicyName& name)
      : ReadingJob(context, std::move(rpc)), name_(name) {
    PolicyVisit asked;
    if (const auto* version = std::get_if<int32_t>(&name)) asked.of = *version;
    if (const auto* id = std::get_if<RecordId>(&name)) asked.of = *id;
    command = std::move(asked);
  }

  void Read(EntryReader* reader) final {
    const PolicyPtr policy = ReadPolicy(&context(), found().id, reader);
    if (policy == nullptr) return rpc().Fail(DamagedError());
    AnswerWith(*policy);
  }

 protected:
  virtual void AnswerWith(const Policy& policy) = 0;

  bool Answer(const Batch&) final {
    if (visit().found.empty()) {
      rpc().Fail(UnknownPolicyError(name_));
    } else if (found().state == ProposalState::kActive) {
      AnswerWith(*visit().policy);
    } else if (found().policy != nullptr) {
      AnswerWith(*found().policy);
    } else {
      return false;
    }
    return true;
  }

  const Proposal& found() { return visit().found.front(); }

 private:
  PolicyVisit& visit() { return std::get<PolicyVisit>(command); }

  const PolicyName name_;
};

class GetPolicyJob final : public PolicyJob {
 public:
  using PolicyJob::PolicyJob;

 private:
  void AnswerWith(const Policy& policy) override {
    v1::GetPolicyResponse response;
    FillProposal(found(), response.mutable_proposal());
    FillPolicy(policy, response.mutable_policy());
    rpc().Reply(response);
  }
};

// Finds what an older version says, and proposes it.
class FindVersionJob final : public PolicyJob {
 public:
  FindVersionJob(ServiceContext* context, std::unique_ptr<Rpc> rpc, ProposalCommand change)
      : PolicyJob(context, std::move(rpc), change.request.restored_version),
        change_(std::move(change)) {}

 private:
  void AnswerWith(const Policy& policy) override {
    v1::TippingPolicy message;
    FillPolicy(policy, &message);
    // What was right under an older tipgate need not be so for ever.
    if (const std::vector<FieldFault> faults = FaultsOf(message); !faults.empty()) {
      return rpc().Fail(ToCallError(faults.front()));
    }
    auto unnumbered = std::make_shared<Policy>(policy);
    unnumbered->version = 0;
    change_.request.policy = std::move(unnumbered);
    auto job = std::make_unique<RollBackJob>(&context(), TakeRpc());
    job->command = std::move(change_);
    context().pipeline->Submit(std::move(job));
  }

  ProposalCommand change_;
};

// The visit tells what the policy must fit.
class ValidatePolicyJob final : public RpcJob {
 public:
  ValidatePolicyJob(ServiceContext* context, std::unique_ptr<Rpc> rpc,
                    std::vector<FieldFault> faults, Policy policy)
      : RpcJob(context, std::move(rpc)), faults_(std::move(faults)), policy_(std::move(policy)) {
    command = PolicyVisit();
  }

  void Reply(const Batch&) override {
    const std::unique_ptr<ValidatePolicyJob> self(this);
    const PolicyVisit& visit = std::get<PolicyVisit>(command);
    const YamlLocations nothing("");
    FieldFaults misfits(&nothing);
    CheckPolicyContinuity(visit.policy.get(), visit.cursors, policy_, &misfits);
    v1::ValidatePolicyResponse response;
    for (const FieldFault& fault : faults_) AddProblem(fault, &response);
    for (FieldFault fault : misfits.list()) {
      fault.field = FieldPath("policy", fault.field);
      AddProblem(fault, &response);
    }
    rpc().Reply(response);
  }

 private:
  // One for each field: a currency that is none cannot be another one as well.
  static void AddProblem(const FieldFault& fault, v1::ValidatePolicyResponse* response) {
    for (const v1::PolicyProblem& problem : response->problems()) {
      if (problem.field() == fault.field) return;
    }
    v1::PolicyProblem* const problem = response->add_problems();
    problem->set_field(fault.field);
    problem->set_message(absl::StrCat("expected ", fault.expected, ", found ", fault.found));
  }

  const std::vector<FieldFault> faults_;
  const Policy policy_;
};

class ListPoliciesJob final : public RpcJob {
 public:
  using RpcJob::RpcJob;

  void Reply(const Batch&) override {
    const std::unique_ptr<ListPoliciesJob> self(this);
    const PolicyVisit& visit = std::get<PolicyVisit>(command);
    v1::ListPoliciesResponse response;
    for (const Proposal& proposal : visit.found) FillProposal(proposal, response.add_proposals());
    if (visit.has_more) {
      response.set_next_page_token(MakePolicyPageToken(visit.found.back().id));
    }
    rpc().Reply(response);
  }
};

class ListGiftsJob final : public RpcJob {
 public:
  using RpcJob::RpcJob;

  void Reply(const Batch&) override {
    const std::unique_ptr<ListGiftsJob> self(this);
    const PolicyVisit& visit = std::get<PolicyVisit>(command);
    v1::ListGiftsResponse response;
    response.set_gifts_version(visit.gifts_version);
    FillGiftCatalog(*visit.catalog, response.mutable_catalog());
    rpc().Reply(response);
  }
};

// Of a policy with faults only what is compared with the journal word by word: the rest may not
// even fit the core's types.
Policy PolicyToFit(const v1::TippingPolicy& message, bool is_well) {
  if (is_well) return ToPolicy(message);
  Policy policy;
  policy.currency = message.currency();
  policy.time_zone = message.time_zone();
  return policy;
}

void StartRollBack(ServiceContext* context, std::unique_ptr<Rpc> rpc) {
  ProposalCommand change;
  if (!TakeIdentity(context, rpc.get(), &change.request.actor)) return;
  v1::RollBackPolicyRequest message;
  if (!ParseRequest(context, rpc.get(), &message)) return;
  if (const std::optional<CallError> fault = Convert(message, &change.request)) {
    return RefuseMalformed(context, rpc.get(), *fault);
  }
  const Intent& intent = change.request.intent;
  change.key.hash = HashKey(intent.caller, intent.key.view());
  context->pipeline->Submit(
      std::make_unique<FindVersionJob>(context, std::move(rpc), std::move(change)));
}

}  // namespace

RpcHandler ProposePolicyHandler(ServiceContext* context) {
  return ChangeJob<v1::ProposePolicyRequest, v1::ProposePolicyResponse, ProposalCommand,
                   ProposalRecord>::Handler(context);
}

RpcHandler ValidatePolicyHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    v1::ValidatePolicyRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    std::vector<FieldFault> faults = FaultsOf(message.policy());
    Policy policy = PolicyToFit(message.policy(), faults.empty());
    context->pipeline->Submit(std::make_unique<ValidatePolicyJob>(
        context, std::move(rpc), std::move(faults), std::move(policy)));
  };
}

RpcHandler ApprovePolicyHandler(ServiceContext* context) {
  return ChangeJob<v1::ApprovePolicyRequest, v1::ApprovePolicyResponse, ProposalStepCommand,
                   ProposalStepRecord>::Handler(context);
}

RpcHandler WithdrawProposalHandler(ServiceContext* context) {
  return ChangeJob<v1::WithdrawProposalRequest, v1::WithdrawProposalResponse, ProposalStepCommand,
                   ProposalStepRecord>::Handler(context);
}

RpcHandler RollBackPolicyHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) { StartRollBack(context, std::move(rpc)); };
}

RpcHandler ListPoliciesHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    v1::ListPoliciesRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    PolicyPage page;
    if (const std::optional<CallError> fault = Convert(message, &page)) {
      return RefuseMalformed(context, rpc.get(), *fault);
    }
    auto job = std::make_unique<ListPoliciesJob>(context, std::move(rpc));
    PolicyVisit visit;
    visit.of = page;
    job->command = std::move(visit);
    context->pipeline->Submit(std::move(job));
  };
}

RpcHandler GetPolicyHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    v1::GetPolicyRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    PolicyName name;
    if (const std::optional<CallError> fault = Convert(message, &name)) {
      return RefuseMalformed(context, rpc.get(), *fault);
    }
    context->pipeline->Submit(std::make_unique<GetPolicyJob>(context, std::move(rpc), name));
  };
}

RpcHandler PutGiftsHandler(ServiceContext* context) {
  return ChangeJob<v1::PutGiftsRequest, v1::PutGiftsResponse, GiftsCommand, CatalogRecord>::Handler(
      context);
}

RpcHandler ListGiftsHandler(ServiceContext* context) {
  return [context](std::unique_ptr<Rpc> rpc) {
    v1::ListGiftsRequest message;
    if (!ParseRequest(context, rpc.get(), &message)) return;
    auto job = std::make_unique<ListGiftsJob>(context, std::move(rpc));
    job->command = PolicyVisit();
    context->pipeline->Submit(std::move(job));
  };
}

}  // namespace tipgate
