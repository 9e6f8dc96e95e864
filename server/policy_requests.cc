#include "server/policy_requests.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/message_fields.h"
#include "server/policy_conversion.h"
#include "server/policy_file.h"
#include "server/policy_list.h"
#include "server/request_fields.h"

namespace tipgate {
namespace {

constexpr size_t kNoteBytesMax = 256;
constexpr int kPageSizeMax = 1'000;
constexpr int kPageSizeDefault = 100;
constexpr int32_t kNanosPerMs = 1'000'000;

// What every proposal has.
template <typename MessageType>
void ReadProposal(const MessageType& message, FieldChecks* checks, ProposalRecord* request) {
  ReadKey(message.idempotency_key(), checks, &request->intent);
  checks->Bytes("note", message.note(), 0, kNoteBytesMax);
  request->note = message.note();
  if (!message.has_effective_time()) return;
  checks->That(message.effective_time().nanos() % kNanosPerMs == 0, "effective_time",
               "must be whole milliseconds");
  request->requested_time_ms = checks->TimeMs("effective_time", message.effective_time());
}

template <typename MessageType>
std::optional<CallError> ConvertStep(const MessageType& message, ProposalStep step,
                                     ProposalStepRecord* request) {
  FieldChecks checks;
  ReadKey(message.idempotency_key(), &checks, &request->intent);
  checks.Id("proposal_id", message.proposal_id());
  request->step = step;
  request->proposal = RecordId(message.proposal_id());
  return checks.TakeFault();
}

// Checks a message of a call as the file of it would be checked, and completes it.
template <typename MessageType>
std::vector<FieldFault> FaultsIn(const char* path, void (*check)(MessageType*, FieldFaults*),
                                 MessageType* message) {
  const YamlLocations set = SetFieldsOf(*message);
  FieldFaults faults(&set);
  CheckSetFields(message, &faults);
  check(message, &faults);
  std::vector<FieldFault> found = faults.list();
  for (FieldFault& fault : found) fault.field = FieldPath(path, fault.field);
  return found;
}

}  // namespace

std::vector<FieldFault> FaultsOf(const v1::TippingPolicy& policy) {
  v1::TippingPolicy completed = policy;
  return FaultsIn("policy", CheckPolicy, &completed);
}

CallError ToCallError(const FieldFault& fault) {
  return InvalidField(fault.field,
                      absl::StrCat("expected ", fault.expected, ", found ", fault.found));
}

CallError ErrorOf(const GiftsCommand& command, const RequestError& error) {
  if (!command.too_dear.has_value()) return ToCallError(error);
  const std::string gift = ItemPath("catalog.gifts", static_cast<int>(*command.too_dear));
  return InvalidField(FieldPath(gift, "unit_price_minor"),
                      "must be at most the policy's gift_price_max_minor");
}

std::optional<CallError> Convert(const v1::ProposePolicyRequest& message, ProposalRecord* request) {
  FieldChecks checks;
  ReadProposal(message, &checks, request);
  checks.That(message.has_policy(), "policy", "must be set");
  if (std::optional<CallError> fault = checks.TakeFault()) return fault;
  v1::TippingPolicy policy = message.policy();
  const std::vector<FieldFault> faults = FaultsIn("policy", CheckPolicy, &policy);
  if (!faults.empty()) return ToCallError(faults.front());
  request->policy = std::make_shared<const Policy>(ToPolicy(policy));
  return std::nullopt;
}

std::optional<CallError> Convert(const v1::ApprovePolicyRequest& message,
                                 ProposalStepRecord* request) {
  return ConvertStep(message, ProposalStep::kApprove, request);
}

std::optional<CallError> Convert(const v1::WithdrawProposalRequest& message,
                                 ProposalStepRecord* request) {
  return ConvertStep(message, ProposalStep::kWithdraw, request);
}

std::optional<CallError> Convert(const v1::RollBackPolicyRequest& message,
                                 ProposalRecord* request) {
  FieldChecks checks;
  ReadProposal(message, &checks, request);
  checks.Id("version", message.version());
  request->restored_version = message.version();
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::PutGiftsRequest& message, CatalogRecord* request) {
  FieldChecks checks;
  ReadKey(message.idempotency_key(), &checks, &request->intent);
  checks.That(message.has_catalog(), "catalog", "must be set");
  if (std::optional<CallError> fault = checks.TakeFault()) return fault;
  v1::GiftCatalog catalog = message.catalog();
  const std::vector<FieldFault> faults = FaultsIn("catalog", CheckGifts, &catalog);
  if (!faults.empty()) return ToCallError(faults.front());
  request->catalog = std::make_shared<const GiftCatalog>(ToGiftCatalog(catalog));
  return std::nullopt;
}

std::optional<CallError> Convert(const v1::ListPoliciesRequest& message, PolicyPage* page) {
  FieldChecks checks;
  checks.Range("page_size", message.page_size(), 0, kPageSizeMax);
  page->count_max = message.page_size() == 0 ? kPageSizeDefault : message.page_size();
  if (!message.page_token().empty()) {
    const std::optional<RecordId> before = ParsePolicyPageToken(message.page_token());
    checks.That(before.has_value(), "page_token", "must be next_page_token of the page before");
    page->before = before.value_or(RecordId());
  }
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::GetPolicyRequest& message, PolicyName* name) {
  FieldChecks checks;
  checks.Range("version", message.version(), 0, kNoMax);
  checks.Range("proposal_id", message.proposal_id(), 0, kNoMax);
  checks.That(message.version() == 0 || message.proposal_id() == 0, "proposal_id",
              "at most one of version and proposal_id may be set");
  if (message.proposal_id() != 0) {
    *name = RecordId(message.proposal_id());
  } else {
    *name = message.version();
  }
  return checks.TakeFault();
}

}  // namespace tipgate
