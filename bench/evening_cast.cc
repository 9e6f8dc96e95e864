#include "bench/evening_cast.h"

#include <utility>

namespace tipgate {
namespace {

constexpr int64_t kIdsOfARun = 10'000'000;  // so many ids belong to one run
constexpr int64_t kFirstStreamer = 6'000'000;
constexpr int64_t kFirstSession = 8'000'000;
constexpr int64_t kMinorPer10000 = 200;
constexpr int64_t kNotVerifiedPer10000 = 500;
constexpr int kAdultAge = 18;

void SetBirthDate(absl::CivilDay day, v1::Date* date) {
  date->set_year(static_cast<int32_t>(day.year()));
  date->set_month(day.month());
  date->set_day(day.day());
}

// A birthday that makes the person so many years old on `today`, anywhere in that year of life.
// Never 29 February, so that every year has the birthday.
absl::CivilDay BirthDay(int64_t age, absl::CivilDay today, EveningRandom& random) {
  const absl::CivilDay youngest(today.year() - age, today.month(), today.day());
  const absl::CivilDay born = youngest - random.Below(364);
  return born.month() == 2 && born.day() == 29 ? born - 1 : born;
}

// The birthday of one who turns 18 so many days after `today`.
absl::CivilDay BornToBeAdultIn(int64_t days, absl::CivilDay today) {
  const absl::CivilDay birthday = today + days;
  return absl::CivilDay(birthday.year() - kAdultAge, birthday.month(), birthday.day());
}

// One in ten minors turns 18 tomorrow.
void MakeMinor(absl::CivilDay today, EveningRandom& random, v1::PayerFacts* facts) {
  constexpr v1::AgeBand kBands[] = {v1::AGE_BAND_UNDER_8, v1::AGE_BAND_8_TO_15,
                                    v1::AGE_BAND_16_TO_17};
  const int64_t drawn = random.Below(10);
  if (drawn < 3) {
    facts->set_age_band(kBands[drawn]);
  } else if (drawn < 9) {
    const int64_t age = random.Between(8, 17);
    SetBirthDate(BirthDay(age, today, random), facts->mutable_birth_date());
  } else {
    SetBirthDate(BornToBeAdultIn(1, today), facts->mutable_birth_date());
  }
}

// One in a hundred adults turns 18 today.
void MakeAdult(absl::CivilDay today, EveningRandom& random, v1::PayerFacts* facts) {
  const int64_t drawn = random.Below(100);
  if (drawn < 20) {
    facts->set_age_band(v1::AGE_BAND_ADULT);
  } else if (drawn < 99) {
    const int64_t age = random.Between(18, 65);
    SetBirthDate(BirthDay(age, today, random), facts->mutable_birth_date());
  } else {
    SetBirthDate(BornToBeAdultIn(0, today), facts->mutable_birth_date());
  }
}

Purse PurseOf(int payer) {
  const int place = payer % 1'000;
  if (place < 2) return Purse::kWhale;
  if (place < 3) return Purse::kDevotee;
  if (place < 30) return Purse::kRich;
  return place < 200 ? Purse::kRegular : Purse::kCasual;
}

// The more popular, the higher the tier: 8 % L3, 25 % L2, but for the newcomers.
const char* TierOf(int rank, int sessions) {
  if (rank % 12 == 6) return "L1";
  if (rank < sessions * 8 / 100) return "L3";
  return rank < sessions * 33 / 100 ? "L2" : "L1";
}

}  // namespace

bool IsMinor(const v1::PayerFacts& facts, absl::CivilDay day) {
  if (facts.has_birth_date()) {
    const v1::Date& born = facts.birth_date();
    return day < absl::CivilDay(born.year() + kAdultAge, born.month(), born.day());
  }
  return facts.age_band() != v1::AGE_BAND_UNSPECIFIED && facts.age_band() != v1::AGE_BAND_ADULT;
}

EveningCast::EveningCast(const EveningOptions& options)
    : random_(options.seed), id_base_(options.run_id * kIdsOfARun) {
  MakePayers(options);
  MakeStreamers(options);
}

void EveningCast::MakePayers(const EveningOptions& options) {
  for (int i = 0; i < options.payers; ++i) {
    EveningPayer payer;
    payer.payer_id = id_base_ + 1 + i;
    payer.facts.set_real_name_verified(!random_.Chance(kNotVerifiedPer10000));
    payer.facts.set_source("evening");
    if (random_.Chance(kMinorPer10000)) {
      MakeMinor(options.today, random_, &payer.facts);
    } else if (payer.facts.real_name_verified() || random_.Chance(5'000)) {
      MakeAdult(options.today, random_, &payer.facts);
    }
    of_purse_[static_cast<size_t>(PurseOf(i))].push_back(payers_.size());
    payers_.push_back(std::move(payer));
  }
}

void EveningCast::MakeStreamers(const EveningOptions& options) {
  for (int rank = 0; rank < options.sessions; ++rank) {
    EveningStreamer streamer = MakeStreamer(rank, TierOf(rank, options.sessions));
    if (rank == 10) {  // may stream: a guardian has consented
      streamer.facts.set_age_band(v1::AGE_BAND_16_TO_17);
      streamer.facts.set_guardian_consent(true);
    }
    streamers_.push_back(std::move(streamer));
  }
  EveningStreamer child = MakeStreamer(options.sessions, "L1");
  SetBirthDate(BirthDay(15, options.today, random_), child.facts.mutable_birth_date());
  EveningStreamer without_consent = MakeStreamer(options.sessions + 1, "L1");
  without_consent.facts.set_age_band(v1::AGE_BAND_16_TO_17);
  EveningStreamer not_verified = MakeStreamer(options.sessions + 2, "L2");
  not_verified.facts.set_real_name_verified(false);
  ineligible_ = {std::move(child), std::move(without_consent), std::move(not_verified)};
}

EveningStreamer EveningCast::MakeStreamer(int number, const char* tier) const {
  EveningStreamer streamer;
  streamer.streamer_id = id_base_ + kFirstStreamer + number;
  streamer.session_id = id_base_ + kFirstSession + number;
  streamer.facts.set_real_name_verified(true);
  streamer.facts.set_age_band(v1::AGE_BAND_ADULT);
  streamer.facts.set_tier(tier);
  streamer.facts.set_source("evening");
  return streamer;
}

}  // namespace tipgate
