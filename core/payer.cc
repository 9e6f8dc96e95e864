#include "core/payer.h"

namespace tipgate {

void PeriodTotals::Add(const Moment& now, Money amount) {
  TIPGATE_CHECK(amount.minor() >= 0);
  TIPGATE_CHECK(day <= now.day);
  day_total = DayTotal(now) + amount;
  month_total = MonthTotal(now) + amount;
  day = now.day;
}

void PeriodTotals::TakeBack(Day counted_day, Month counted_month, Money amount) {
  if (counted_day == day) day_total -= amount;
  if (counted_month == month()) month_total -= amount;
  TIPGATE_CHECK(day_total.minor() >= 0);
  TIPGATE_CHECK(month_total.minor() >= 0);
}

}  // namespace tipgate
