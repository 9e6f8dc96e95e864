#pragma once

#include <cstdint>
#include <vector>

#include "bench/evening.h"
#include "bench/evening_random.h"

namespace tipgate {

// How viewers behave, as weights to draw from: chosen so that every limit of deploy/policy.yaml is
// reached by some, and about nine tips in ten are accepted; the higher ones only with a cooling-off
// as short as the evening (./dev run).

// How often each session is chosen, the most popular first: Zipf's law with a flattened head.
std::vector<int64_t> PopularityWeights(int sessions);

// Which gifts each purse chooses, over EveningCatalog(): the cheap ones of its range more often.
std::vector<WeightedChoice> GiftChoices();

// How many pieces at once, by the price of one: 1, 10, 66, 99, 520, 1314.
int32_t DrawCount(int64_t unit_price_minor, EveningRandom& random);

// Whose tip or recharge comes next.
Purse DrawTipper(EveningRandom& random);
Purse DrawRecharger(EveningRandom& random);

// True of 7 payers in 10: asked to confirm with a code from their phone, they do.
bool Confirms(int64_t payer_id);

int64_t DrawRechargeAmount(Purse purse, EveningRandom& random);
EveningRechargeEnd DrawRechargeEnd(EveningRandom& random);

}  // namespace tipgate
