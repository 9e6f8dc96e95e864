#include "tests/differ/scenario.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "tests/differ/abort_note.h"
#include "tests/differ/generator.h"
#include "tests/differ/random.h"
#include "tests/differ/random_policy.h"

namespace tipgate::differ {
namespace {

// Zones with summer time, with none, with one that begins at midnight (Cairo, Santiago, Beirut),
// and both ends of the date line.
std::string DrawZone(Random* random) {
  return random->OneOf<const char*>({"Asia/Shanghai", "Asia/Shanghai", "America/New_York",
                                     "Europe/London", "Africa/Cairo", "America/Santiago",
                                     "Asia/Beirut", "America/Havana", "Australia/Lord_Howe",
                                     "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"});
}

// What kind of difference it is: which fields of which answer, not their values.
std::string KindOf(const std::string& difference) {
  std::string kind;
  for (const absl::string_view line : absl::StrSplit(difference, '\n')) {
    absl::StrAppend(&kind, line.substr(0, line.find(':')), "\n");
  }
  return kind;
}

std::string TimeText(int64_t time_ms, const std::string& zone_name) {
  absl::TimeZone zone;
  absl::LoadTimeZone(zone_name, &zone);
  return absl::FormatTime("%Y-%m-%d %H:%M:%E3S", absl::FromUnixMillis(time_ms), zone);
}

}  // namespace

uint64_t ScenarioSeed(uint64_t seed, int64_t n) {
  return Random(Random(seed).Next() + static_cast<uint64_t>(n)).Next() >> 1;
}

Scenario::Scenario(uint64_t seed)
    : Scenario(absl::StrCat("scenario ", seed), seed % 2 == 0, Random(seed), Random(seed + 1)) {}

Scenario::Scenario(absl::string_view bytes)
    : Scenario(absl::StrCat("scenario of ", bytes.size(), " bytes"), bytes.size() % 2 == 0,
               Random(bytes), std::nullopt) {}

Scenario::Scenario(const std::string& name, bool has_cold, Random random,
                   std::optional<Random> steps)
    : name_(name), random_(random) {
  cast_ = {.payers_count = random.Between(2, 5), .streamers_count = random.Between(2, 4)};
  cast_.payers_resident_max = has_cold ? 1 : cast_.payers_count;
  key_retention_ms_ = random.OneOf<int64_t>({oracle::kHourMs, 7 * oracle::kDayMs});
  policy_ = RandomPolicy(DrawZone(&random), &random);
  random_ = steps.value_or(random);
}

bool Scenario::Run(int64_t requests_max) {
  const AbortNote note(name_);
  Duel duel(cast_, policy_, key_retention_ms_);
  Generator generator(cast_, policy_, key_retention_ms_, random_);
  bool is_same = true;
  while (is_same && requests_count_ < requests_max && !generator.is_over()) {
    steps_.push_back(generator.Next(duel.observations()));
    requests_count_ += steps_.back().operation->requests_count();
    is_same = duel.Do(steps_.back());
  }
  if (is_same) is_same = duel.Finish();
  difference_ = duel.difference();
  tally_ = duel.observations().tally();
  return is_same;
}

std::string Scenario::DifferenceOf(const std::vector<Step>& steps) const {
  Duel duel(cast_, policy_, key_retention_ms_);
  for (const Step& step : steps) {
    if (!duel.Do(step)) return duel.difference();
  }
  duel.Finish();
  return duel.difference();
}

// Leaves out stretches of steps, long ones first, as long as a difference of that kind stays.
std::vector<Step> Scenario::Shrunken() const {
  const std::string kind = KindOf(difference_);
  std::vector<Step> steps = steps_;
  for (size_t length = steps.size() / 2; length > 0; length /= 2) {
    for (size_t begin = 0; begin + length <= steps.size();) {
      std::vector<Step> shorter(steps.begin(), steps.begin() + static_cast<int64_t>(begin));
      shorter.insert(shorter.end(), steps.begin() + static_cast<int64_t>(begin + length),
                     steps.end());
      if (KindOf(DifferenceOf(shorter)) == kind) {
        steps = shorter;
      } else {
        begin += length;
      }
    }
  }
  return steps;
}

std::string Scenario::Report() const {
  std::string text = absl::StrCat(name_, ", step ", steps_.size(), ": ", difference_);
  const std::vector<Step> steps = Shrunken();
  absl::StrAppend(&text, "The shortest trace found, of ", steps.size(), " steps, ends with\n",
                  DifferenceOf(steps), "policy ", Text(policy_), ", keys are remembered for ",
                  key_retention_ms_, " ms\n");
  for (const Step& step : steps) {
    absl::StrAppend(&text, "  ", step.number, "  ", TimeText(step.time_ms, policy_.time_zone), "  ",
                    step.time_ms, "  ", step.operation->Text(), "\n");
  }
  return text;
}

}  // namespace tipgate::differ
