#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/command.h"
#include "core/journal.h"
#include "core/key_memory.h"
#include "core/state_store.h"
#include "core/tip_lookup.h"
#include "server/replay.h"
#include "tests/differ/gate_answers.h"
#include "tests/differ/gate_conversion.h"
#include "tests/differ/oracle_calls.h"
#include "tests/differ/text.h"

namespace tipgate::simulation {

// What a client wants, under a key of its own; sent as often as it takes.
class Wish {
 public:
  explicit Wish(std::string key) : key_(std::move(key)) {}
  virtual ~Wish() = default;

  const std::string& key() const { return key_; }

  // With what the server finds in journal and store before a command enters the ring.
  virtual Command MakeCommand(const Journal& journal, const StateStore& store) const = 0;

  // Puts it to the oracle. What differs between that and the record; empty: nothing.
  virtual std::string CompareWithOracle(oracle::Oracle* oracle,
                                        const differ::RecordPlace& place) const = 0;

 private:
  const std::string key_;
};

using WishPtr = std::unique_ptr<const Wish>;

inline KeyLookup LookupOf(const Intent& intent) {
  return {.hash = HashKey(intent.caller, intent.key.view()), .stored = RecordId()};
}

template <typename Result, typename Request>
class WishOf : public Wish {
 public:
  explicit WishOf(Request request) : Wish(request.idempotency_key), request_(std::move(request)) {}

  Command MakeCommand(const Journal& journal, const StateStore& store) const override {
    auto core = differ::ToCore(request_);
    if constexpr (std::is_same_v<decltype(core), TipRequest>) {
      return TipsCommand{
          .is_dry_run = false, .requests = {core}, .keys = {LookupOf(core.intent)}, .answers = {}};
    } else {
      LookUp(journal, store, &core);
      const KeyLookup key = LookupOf(core.intent);
      return ChangeCommand<decltype(core)>{.request = std::move(core), .key = key, .answer = {}};
    }
  }

  std::string CompareWithOracle(oracle::Oracle* oracle,
                                const differ::RecordPlace& place) const override {
    Result recorded;
    differ::Fill(place, &recorded);
    const Result expected =
        differ::Ask(oracle, place.entry.moment.time_ms, request_, place.id.value());
    if (differ::IsSame(recorded, expected)) return "";
    return absl::StrCat(differ::Text(request_), "\n", differ::DifferenceText(recorded, expected));
  }

 private:
  template <typename CoreRequest>
  static void LookUp(const Journal& journal, const StateStore& store, CoreRequest* request) {
    if constexpr (std::is_same_v<CoreRequest, SessionRequest>) {
      request->was_opened = store.FindSession(request->session)->has_value();
    } else if constexpr (std::is_same_v<CoreRequest, TipChangeRequest>) {
      request->looked_up = *LookUpTip(journal, store, request->tip);
    }
  }

  const Request request_;
};

template <typename Result, typename Request>
WishPtr MakeWish(Request request) {
  return std::make_unique<const WishOf<Result, Request>>(std::move(request));
}

}  // namespace tipgate::simulation
