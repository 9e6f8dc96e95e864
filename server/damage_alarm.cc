#include "server/damage_alarm.h"

#include "absl/strings/str_cat.h"
#include "server/log.h"

namespace tipgate {

void DamageAlarm::Raise(absl::string_view what, absl::string_view why) {
  count_.Add(1);
  const int64_t now_ns = clock_.SteadyNs();
  absl::MutexLock lock(&mutex_);
  if (has_told_ && now_ns - tell_time_ns_ < kLineIntervalNs) {
    ++untold_count_;
    return;
  }
  Log(Severity::kError,
      absl::StrCat("damaged data: ", what, ": ", why,
                   untold_count_ == 0 ? "" : absl::StrCat(" (and ", untold_count_, " before it)")));
  has_told_ = true;
  tell_time_ns_ = now_ns;
  untold_count_ = 0;
}

}  // namespace tipgate
