#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/check.h"

namespace tipgate {

// An amount in minor units (fen for CNY) of the deployment's one currency. Never a fraction.
//
// Invariant: + and - never wrap. What the world can make overflow goes through Plus or Times, which
// say so; an operator that would overflow is a bug and stops the process.
class Money {
 public:
  constexpr Money() = default;
  constexpr explicit Money(int64_t minor) : minor_(minor) {}

  constexpr int64_t minor() const { return minor_; }

  constexpr auto operator<=>(const Money&) const = default;

  // The sum, or nothing if it does not fit.
  constexpr std::optional<Money> Plus(Money other) const {
    int64_t sum = 0;
    if (__builtin_add_overflow(minor_, other.minor_, &sum)) return std::nullopt;
    return Money(sum);
  }

  // The product, or nothing if it does not fit.
  constexpr std::optional<Money> Times(int64_t count) const {
    int64_t product = 0;
    if (__builtin_mul_overflow(minor_, count, &product)) return std::nullopt;
    return Money(product);
  }

  Money& operator+=(Money other) {
    TIPGATE_CHECK(!__builtin_add_overflow(minor_, other.minor_, &minor_));
    return *this;
  }
  Money& operator-=(Money other) {
    TIPGATE_CHECK(!__builtin_sub_overflow(minor_, other.minor_, &minor_));
    return *this;
  }
  friend Money operator+(Money a, Money b) { return a += b; }
  friend Money operator-(Money a, Money b) { return a -= b; }

 private:
  int64_t minor_ = 0;
};

// What stands for a limit that is not set: higher than any sum.
inline constexpr Money kNoLimit{std::numeric_limits<int64_t>::max()};

// What stands for a payer's balance where the gate keeps none.
inline constexpr Money kNoBalance{-1};

// The highest unit price of a gift that a request may carry.
inline constexpr Money kUnitPriceMax{10'000'000'000};
// The most pieces of a gift in one tip.
inline constexpr int32_t kCountMax = 9'999;
// The highest recharge that a request may carry.
inline constexpr Money kRechargeAmountMax{100'000'000'000'000};
static_assert(kUnitPriceMax.Times(kCountMax).has_value());

}  // namespace tipgate
