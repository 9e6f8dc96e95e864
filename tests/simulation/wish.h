#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/command.h"
#include "core/key_memory.h"
#include "server/replay.h"
#include "tests/differ/gate_answers.h"
#include "tests/differ/gate_conversion.h"
#include "tests/differ/observations.h"
#include "tests/differ/oracle_calls.h"
#include "tests/differ/text.h"

namespace tipgate::simulation {

// What a client wants, under a key of its own; sent as often as it takes.
class Wish {
 public:
  // `name`: of the call. `step`: the number by which later wishes know what this one made.
  Wish(const char* name, std::string key, int64_t step)
      : name_(name), key_(std::move(key)), step_(step) {}
  virtual ~Wish() = default;

  const char* name() const { return name_; }
  const std::string& key() const { return key_; }

  // `attempt`: another number each time.
  virtual Command MakeCommand(int64_t attempt) const = 0;

  // Puts it to the oracle, and notes what clients learn by the answer. What differs between that
  // and the record; empty: nothing.
  virtual std::string CompareRecord(oracle::Oracle* oracle, const differ::RecordPlace& place,
                                    differ::Observations* observations) const = 0;

  // The same of an error, which leaves no record.
  virtual std::string CompareError(oracle::Oracle*, int64_t /*time_ms*/, const RequestError&,
                                   differ::Observations*) const {
    return "";
  }

  // Several tips may go in one call.
  virtual bool is_tip() const { return false; }

  // What it is to bring into force; null: nothing of the kind.
  virtual const oracle::Policy* policy() const { return nullptr; }
  virtual const std::vector<oracle::Gift>* gifts() const { return nullptr; }

 protected:
  int step() const { return static_cast<int>(step_); }

 private:
  const char* const name_;
  const std::string key_;
  const int64_t step_;
};

using WishPtr = std::unique_ptr<const Wish>;

inline KeyLookup LookupOf(const Intent& intent) {
  return {.hash = HashKey(intent.caller, intent.key.view()), .stored = RecordId()};
}

// One that the oracle can be asked for.
template <typename Request>
class WishOf final : public Wish {
 public:
  WishOf(const char* name, Request request, int64_t step)
      : Wish(name, request.idempotency_key, step), request_(std::move(request)) {}

  Command MakeCommand(int64_t attempt) const override {
    auto core = differ::ToCore(request_);
    const KeyLookup key = LookupOf(core.intent);
    if constexpr (std::is_same_v<Request, oracle::TipRequest>) {
      return TipsCommand{.is_dry_run = false, .requests = {core}, .keys = {key}, .answers = {}};
    } else {
      // As the server does: each attempt draws another token.
      if constexpr (kStartsConfirmation) core.token = differ::ToToken(attempt);
      return ChangeCommand<decltype(core)>{.request = std::move(core), .key = key, .answer = {}};
    }
  }

  bool is_tip() const override { return std::is_same_v<Request, oracle::TipRequest>; }

  std::string CompareRecord(oracle::Oracle* oracle, const differ::RecordPlace& place,
                            differ::Observations* observations) const override {
    if (!IsRepeat(differ::ToCore(request_), place.entry, place.record)) {
      return absl::StrCat(differ::Text(request_), "\nhas the record of another request");
    }
    Result recorded;
    differ::Fill(place, &recorded);
    int64_t id = place.id.value();
    if constexpr (kStartsConfirmation) id = recorded.token;
    const Result expected = differ::Ask(oracle, place.entry.moment.time_ms, request_, id);
    if (!differ::IsSame(recorded, expected)) return Difference(recorded, expected);
    observations->Note(recorded);
    observations->NoteId(step(), id);
    if constexpr (kOpensSession) {
      const bool is_open = recorded.outcome == oracle::Outcome::kAccepted;
      observations->NoteSession(request_.session_id, is_open ? recorded.max_end_time_ms : 0);
    }
    return "";
  }

  std::string CompareError(oracle::Oracle* oracle, int64_t time_ms, const RequestError& error,
                           differ::Observations* observations) const override {
    if constexpr (kOpensSession) observations->NoteSession(request_.session_id, 0);
    const Result told{.error = differ::ToOracle(error)};
    const Result expected = differ::Ask(oracle, time_ms, request_, 0);
    // Whether a tip that is not held is there at all, the server asks the journal afterwards.
    const bool is_looked_for = std::is_same_v<Request, oracle::CaptureTipRequest> &&
                               told.error == oracle::ErrorReason::kNotFound &&
                               expected.error == oracle::ErrorReason::kWrongState;
    return is_looked_for || told.error == expected.error ? "" : Difference(told, expected);
  }

 private:
  using Result = decltype(differ::Ask(std::declval<oracle::Oracle*>(), int64_t{},
                                      std::declval<const Request&>(), int64_t{}));
  static constexpr bool kStartsConfirmation =
      std::is_same_v<Request, oracle::StartConfirmationRequest>;
  static constexpr bool kOpensSession = std::is_same_v<Request, oracle::OpenSessionRequest>;

  std::string Difference(const Result& told, const Result& expected) const {
    return absl::StrCat(name(), " ", differ::Text(request_), "\n",
                        differ::DifferenceText(told, expected));
  }

  const Request request_;
};

// One that the oracle has no call for: the record must be of the request, and whoever follows the
// records says the rest.
template <typename CommandType>
class CoreWish : public Wish {
 public:
  using Request = decltype(CommandType::request);

  CoreWish(const char* name, Request request, int64_t step)
      : Wish(name, std::string(request.intent.key.view()), step), request_(std::move(request)) {}

  Command MakeCommand(int64_t) const override {
    CommandType command;
    command.request = request_;
    command.key = LookupOf(request_.intent);
    return command;
  }

  std::string CompareRecord(oracle::Oracle*, const differ::RecordPlace& place,
                            differ::Observations*) const override {
    if (IsRepeat(request_, place.entry, place.record)) return "";
    return absl::StrCat(name(), " ", key(), " has the record of another request");
  }

 private:
  const Request request_;
};

class ProposalWish final : public CoreWish<ProposalCommand> {
 public:
  ProposalWish(ProposalRecord request, oracle::Policy policy, int64_t step)
      : CoreWish("ProposePolicy", std::move(request), step), policy_(std::move(policy)) {}

  const oracle::Policy* policy() const override { return &policy_; }

 private:
  const oracle::Policy policy_;
};

class GiftsWish final : public CoreWish<GiftsCommand> {
 public:
  GiftsWish(CatalogRecord request, std::vector<oracle::Gift> gifts, int64_t step)
      : CoreWish("PutGifts", std::move(request), step), gifts_(std::move(gifts)) {}

  const std::vector<oracle::Gift>* gifts() const override { return &gifts_; }

 private:
  const std::vector<oracle::Gift> gifts_;
};

}  // namespace tipgate::simulation
