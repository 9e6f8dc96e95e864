#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/differ/gate_answers.h"
#include "tests/differ/oracle_calls.h"
#include "tests/differ/text.h"

namespace tipgate::crash {

// What a client wants, under a key of its own; sent as often as it takes.
class Wish {
 public:
  explicit Wish(std::string key) : key_(std::move(key)) {}
  virtual ~Wish() = default;

  const std::string& key() const { return key_; }

  // Puts it to the oracle. What differs between that and the record; empty: nothing.
  virtual std::string CompareWithOracle(oracle::Oracle* oracle,
                                        const differ::RecordPlace& place) const = 0;

 private:
  const std::string key_;
};

// One that the oracle can be asked for.
template <typename Result, typename Request>
class WishOf final : public Wish {
 public:
  explicit WishOf(Request request) : Wish(request.idempotency_key), request_(std::move(request)) {}

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
  const Request request_;
};

template <typename Result, typename Request>
std::unique_ptr<const Wish> MakeWish(Request request) {
  return std::make_unique<const WishOf<Result, Request>>(std::move(request));
}

}  // namespace tipgate::crash
