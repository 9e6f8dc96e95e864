// Clocks that step, stand still, or show a leap second, around the midnights of zones whose days
// are odd; and zone data that is another at the next start. The real server, whose clock a test
// sets to the nanosecond.

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

constexpr absl::Duration kTick = absl::Nanoseconds(1);
constexpr absl::Duration kSecond = absl::Seconds(1);
constexpr absl::Duration kHour = absl::Hours(1);

class ClockSteps : public GateTest {
 protected:
  // In this zone, at this time, which is in the past: calls have deadlines.
  void StartIn(const std::string& zone_name, absl::Time time) {
    ASSERT_TRUE(absl::LoadTimeZone(zone_name, &zone_));
    policy_.tiers[0].session_duration_max = "48h";
    more_config_ = "clock_jump_max: 40d\n";
    StartOptions();  // makes the files
    const std::string policy = files().policy_file();
    WriteFile(policy, absl::StrReplaceAll(ReadFile(policy), {{NoonTimeZone(), zone_name}}));
    clock_ = &StopClock(absl::ToUnixMillis(time));
    StartGateWithSession();
    last_ = time;
  }

  // A tip of one fen at this reading of the clock: in the day and the month that an own calendar
  // says, at a time that never goes back.
  void ExpectTipAt(absl::Time reading) {
    SetClock(reading);
    const v1::TipDecision decision = client().Tip(TipOf(absl::StrCat("tip ", ++tips_count_), 1));
    last_ = std::max(last_, absl::FromUnixMillis(absl::ToUnixMillis(reading)));
    SCOPED_TRACE(absl::StrCat("tip ", tips_count_, " at ", absl::FormatTime(reading, zone_)));
    EXPECT_EQ(decision.outcome(), v1::OUTCOME_ACCEPTED);
    EXPECT_EQ(TimeOf(decision.decide_time()), last_);
    const absl::CivilDay day = absl::ToCivilDay(last_, zone_);
    EXPECT_EQ(decision.day_total_minor(), ++day_totals_[day]);
    EXPECT_EQ(decision.month_total_minor(), ++month_totals_[absl::CivilMonth(day)]);
  }

  // A batch that was stamped before is over when this returns.
  void SetClock(absl::Time reading) {
    clock_->SetNs(absl::ToUnixNanos(reading));
    client().Info(/*with_state_hash=*/false);
  }

  // A restart folds, and a verification decides, the same history to the same end.
  void ExpectProved() {
    const std::string hash = client().Info(/*with_state_hash=*/true).state_hash();
    EXPECT_EQ(client().Verify().state_hash(), hash);
    gate().Kill();
    StartGate();
    EXPECT_EQ(client().Info(/*with_state_hash=*/true).state_hash(), hash);
    EXPECT_EQ(client().Verify().state_hash(), hash);
  }

  absl::TimeZone zone_;
  TestClock* clock_ = nullptr;
  absl::Time last_;  // of the journal
  int tips_count_ = 0;
  std::map<absl::CivilDay, int64_t> day_totals_;
  std::map<absl::CivilMonth, int64_t> month_totals_;
};

struct Night {
  const char* name;
  const char* zone;
  absl::CivilDay last_day;  // the day that ends
  size_t months_count;      // that the tips are in
};

void PrintTo(const Night& night, std::ostream* out) { *out << night.name; }

class Midnight : public ClockSteps, public testing::WithParamInterface<Night> {};

// To the nanosecond, and then every step back over it.
TEST_P(Midnight, ATipIsInOneDayAndNoTotalIsResetTwice) {
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone(GetParam().zone, &zone));
  // Where midnight is skipped the day begins after the gap; where it comes twice, with the first.
  const absl::TimeZone::TimeInfo begin = zone.At(absl::CivilSecond(GetParam().last_day + 1));
  const absl::Time midnight =
      begin.kind == absl::TimeZone::TimeInfo::SKIPPED ? begin.trans : begin.pre;
  StartIn(GetParam().zone, midnight - 3 * kHour);
  for (const absl::Duration reading : {-kHour,
                                       -kSecond,
                                       -kTick,
                                       absl::ZeroDuration(),
                                       kTick,
                                       -kTick,
                                       -kSecond,
                                       -kHour,
                                       absl::ZeroDuration(),
                                       kTick,
                                       absl::Milliseconds(1),
                                       absl::Milliseconds(1),
                                       kHour,
                                       -kHour,
                                       kHour + kTick,
                                       2 * kHour,
                                       24 * kHour,
                                       kHour,
                                       25 * kHour,
                                       26 * kHour}) {
    ExpectTipAt(midnight + reading);
  }
  EXPECT_EQ(month_totals_.size(), GetParam().months_count);
  EXPECT_GE(day_totals_.size(), 2U);
  ExpectProved();
}

INSTANTIATE_TEST_SUITE_P(
    Nights, Midnight,
    testing::Values(Night{"LeapDay", "Asia/Shanghai", absl::CivilDay(2024, 2, 29), 2},
                    Night{"BeforeALeapDay", "Asia/Shanghai", absl::CivilDay(2024, 2, 28), 2},
                    Night{"LastOfFebruary", "Asia/Shanghai", absl::CivilDay(2023, 2, 28), 2},
                    Night{"LastOfApril", "Asia/Shanghai", absl::CivilDay(2023, 4, 30), 2},
                    Night{"NewYear", "Asia/Shanghai", absl::CivilDay(2023, 12, 31), 2},
                    Night{"DayOf23Hours", "America/New_York", absl::CivilDay(2024, 3, 9), 1},
                    Night{"DayOf25Hours", "America/New_York", absl::CivilDay(2024, 11, 2), 1},
                    Night{"SkippedMidnight", "America/Santiago", absl::CivilDay(2023, 9, 2), 1},
                    Night{"MidnightTwice", "America/Havana", absl::CivilDay(2023, 11, 4), 1},
                    Night{"SkippedDay", "Pacific/Apia", absl::CivilDay(2011, 12, 29), 2}),
    [](const auto& param_info) { return param_info.param.name; });

// Linux shows the last second of the day twice, or midnight first and that second after it.
TEST_F(ClockSteps, ALeapSecondBelongsToOneDayAndOneYear) {
  const absl::Time midnight = absl::FromCivil(absl::CivilSecond(2017, 1, 1), absl::UTCTimeZone());
  StartIn("Etc/UTC", midnight - kHour);
  for (int pass = 0; pass < 2; ++pass) {
    for (int tenth = 10; tenth > 0; --tenth) {
      ExpectTipAt(midnight - tenth * absl::Milliseconds(100));
    }
    ExpectTipAt(midnight - kTick);
  }
  EXPECT_EQ(day_totals_.size(), 1U);
  ExpectTipAt(midnight);
  for (int tenth = 10; tenth > 0; --tenth) {
    ExpectTipAt(midnight - tenth * absl::Milliseconds(100));
  }
  ExpectTipAt(midnight);
  ExpectTipAt(midnight + kTick);
  EXPECT_EQ(day_totals_.size(), 2U);
  ExpectProved();
}

TEST_F(ClockSteps, AClockThatStandsStillDecidesOnAtOneTime) {
  const absl::Time noon = absl::FromCivil(absl::CivilSecond(2024, 5, 5, 12), absl::UTCTimeZone());
  StartIn("Etc/UTC", noon);
  for (int i = 0; i < 20; ++i) ExpectTipAt(noon);
  EXPECT_EQ(last_, noon);
  ExpectProved();
}

// The zone of the policy as the zone of another place, as an update of the zone database could make
// it: the next start sees other days.
class ZoneData : public ClockSteps {
 protected:
  // From the next start on.
  void UseZoneDataOf(const std::string& place) {
    const std::string folder = files().Join("zoneinfo " + std::to_string(++folders_count_));
    std::filesystem::create_directories(folder + "/Asia");
    std::filesystem::copy_file("/usr/share/zoneinfo/" + place, folder + "/" + kZone);
    environment_ = {"TZDIR=" + folder};
    gate().Kill();
    StartGate();
    EXPECT_EQ(client().Verify().state_hash(), client().Info(true).state_hash());
  }

  void ExpectDayTotal(absl::Time time, int64_t day_total) {
    SetClock(time);
    const v1::TipDecision decision = client().Tip(TipOf(absl::StrCat("tip ", ++tips_count_), 1));
    EXPECT_EQ(decision.outcome(), v1::OUTCOME_ACCEPTED);
    EXPECT_EQ(TimeOf(decision.decide_time()), time);
    EXPECT_EQ(decision.day_total_minor(), day_total) << absl::FormatTime(time, zone_);
  }

  static constexpr char kZone[] = "Asia/Shanghai";

 private:
  int folders_count_ = 0;
};

TEST_F(ZoneData, ThatChangesMovesNoTipAndBringsNoDayBack) {
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone(kZone, &zone));
  const absl::Time noon = absl::FromCivil(absl::CivilSecond(2024, 5, 5, 12), zone);
  StartIn(kZone, noon);
  ExpectDayTotal(noon, 1);
  ExpectDayTotal(noon + kHour, 2);
  // There it is the evening of the day before: that one is over, so this one goes on.
  UseZoneDataOf("America/Los_Angeles");
  ExpectDayTotal(noon + 2 * kHour, 3);
  ExpectDayTotal(noon + 13 * kHour, 4);  // and ends as that place has it
  // As it was: it is one o'clock of the next day.
  UseZoneDataOf(kZone);
  ExpectDayTotal(noon + 14 * kHour, 1);
  UseZoneDataOf("America/Los_Angeles");
  ExpectDayTotal(noon + 15 * kHour, 2);
  // There it is the day after next already.
  UseZoneDataOf("Pacific/Kiritimati");
  ExpectDayTotal(noon + 31 * kHour, 1);
  UseZoneDataOf(kZone);
  ExpectDayTotal(noon + 32 * kHour, 2);
  ExpectDayTotal(noon + 37 * kHour, 3);  // that day begins here too, and is not counted anew
  ExpectProved();
}

}  // namespace
}  // namespace tipgate
