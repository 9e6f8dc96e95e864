#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/differ/duel.h"
#include "tests/differ/edges.h"
#include "tests/differ/gate_calls.h"
#include "tests/differ/operation.h"
#include "tests/differ/oracle_calls.h"

namespace tipgate::differ {

// A request that is sent to both. Ids of what earlier steps made stand in it as the numbers of
// those steps, since only the gate gives ids.
template <typename Request>
class Call final : public Operation {
 public:
  Call(const char* name, Request request) : name_(name), request_(std::move(request)) {}

  void Run(Duel* duel) const override {
    const Request request = Resolved(duel->observations());
    const auto answered = Send(&duel->gate(), request);
    const auto expected = Ask(&duel->oracle(), duel->now_ms(), request, answered.id);
    duel->Compare(name_, answered.result, expected);
    duel->NoteId(answered.id);
    duel->observations().Note(answered.result);
    CheckEdges(duel, request, answered.result);
  }

  std::string Text() const override { return absl::StrCat(name_, " ", differ::Text(request_)); }

  const char* name() const override { return name_; }

  std::optional<AnyRequest> RequestOf(const Observations& observations,
                                      const std::string& key) const override {
    Request resolved = Resolved(observations);
    if constexpr (HasKey()) resolved.idempotency_key = key;
    return resolved;
  }

  OperationPtr Altered(Random* random) const override {
    if constexpr (HasKey()) {
      Request altered = request_;
      ForEachMember(&altered, [&](std::string_view name, auto& value) {
        if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, int64_t>) {
          const bool may_be_altered = name.ends_with("_id") || name == "amount";
          if (may_be_altered && random->Below(2) == 0) ++value;
        } else if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>,
                                            std::string>) {
          if (name == "app" && random->Below(2) == 0) value += "x";
        }
      });
      return std::make_shared<Call>(name_, std::move(altered));
    } else {
      return nullptr;
    }
  }

  OperationPtr WithKey(const std::string& key) const override {
    if constexpr (HasKey()) {
      Request renamed = request_;
      renamed.idempotency_key = key;
      return std::make_shared<Call>(name_, std::move(renamed));
    } else {
      return nullptr;
    }
  }

 private:
  static constexpr bool HasKey() {
    return requires(Request request) { request.idempotency_key; };
  }

  template <typename Visit>
  static void ForEachMember(Request* request, const Visit& visit) {
    std::apply([&](const auto&... field) { (visit(field.name, request->*field.member), ...); },
               FieldsOf<Request>::kList);
  }

  Request Resolved(const Observations& observations) const {
    Request resolved = request_;
    if constexpr (requires { resolved.recharge_id; }) {
      resolved.recharge_id = observations.IdOf(resolved.recharge_id);
    }
    if constexpr (requires { resolved.tip_id; }) {
      resolved.tip_id = observations.IdOf(resolved.tip_id);
    }
    if constexpr (requires { resolved.scope.kind == oracle::IncomeKind::kTip; }) {
      int64_t& id = resolved.scope.id;
      if (resolved.scope.kind == oracle::IncomeKind::kTip) id = observations.IdOf(id);
    }
    if constexpr (requires { resolved.sanction_id; }) {
      resolved.sanction_id = observations.IdOf(resolved.sanction_id);
    }
    if constexpr (requires { resolved.token; }) {
      resolved.token = observations.IdOf(resolved.token);
    }
    if constexpr (requires { resolved.confirmation_token; }) {
      int64_t& token = resolved.confirmation_token;
      if (token != 0) token = observations.IdOf(token);
    }
    return resolved;
  }

  const char* name_;
  Request request_;
};

template <typename Request>
OperationPtr MakeCall(const char* name, Request request) {
  return std::make_shared<Call<Request>>(name, std::move(request));
}

// Several tips that are decided at one moment, in one command.
OperationPtr MakeBatch(std::vector<oracle::TipRequest> requests);

// Things that happen to the gate, and not by a request.
OperationPtr MakePolicyChange(const oracle::Policy& policy);
OperationPtr MakeProposal(const oracle::Policy& policy, int64_t delay_ms);
OperationPtr MakeWithdrawal();
OperationPtr MakeCatalogChange(const std::vector<oracle::Gift>& gifts);
OperationPtr MakeSettlement();
OperationPtr MakeLook();
OperationPtr MakeSessionLook(int64_t session_id);
OperationPtr MakeTipLook(int64_t step);
OperationPtr MakeCheckpointBegin();
OperationPtr MakeCheckpointPart(int64_t entities_count);
OperationPtr MakeRestart();

}  // namespace tipgate::differ
