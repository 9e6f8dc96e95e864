#pragma once

#include <cstdint>
#include <vector>

namespace tipgate {

// A gift that the viewers of the evening may choose.
struct EveningGift {
  int64_t gift_id = 0;
  int64_t unit_price_minor = 0;
  bool is_disabled = false;
};

// The gifts of deploy/gifts.yaml, the catalogue that the gate under test must have; ascending ids.
const std::vector<EveningGift>& EveningCatalog();

}  // namespace tipgate
