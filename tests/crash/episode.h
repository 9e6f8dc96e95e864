#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/gate_process.h"
#include "tests/crash/audit.h"
#include "tests/crash/crowd.h"
#include "tests/crash/kill_point.h"
#include "tests/crash/kill_switch.h"
#include "tests/crash/report.h"
#include "tests/crash/staff.h"
#include "tests/differ/random.h"
#include "tests/integration/gate_files.h"

namespace tipgate::crash {

// One data directory from its first start to its end: a real gate on it that dies again and again,
// and those who tip meanwhile. One thread. After a fault nothing more is done.
class Episode {
 public:
  // `report` takes what happens; outlives this.
  Episode(uint64_t seed, Report* report);
  ~Episode();

  // First starts that die at these points, then one that serves; everybody is registered.
  void Begin(const std::vector<const KillPoint*>& deaths);
  // Clients tip, the gate dies at a point, starts die at the others; then it serves, everybody is
  // answered, gets the same answers once more, and the books agree.
  void Round(const KillPoint& death, const std::vector<const KillPoint*>& deaths_at_start);
  // All settles, the gate stops; the sums of all money agree.
  void End();

  bool has_failed() const { return !report_.fault.empty(); }

 private:
  GateProcessOptions StartOptions() const;
  // Starts that are to die.
  void DieAtStart(const KillPoint& point);
  // One that is to serve.
  void Start();
  // Lets the gate that serves die.
  void Die(const KillPoint& point);
  void ArmFor(const KillPoint& point);
  // Brings about what the point is about: first what must be there before, then the thing itself.
  // Both return once they have asked for it, or the gate has gone.
  void Prepare(Situation situation);
  void Provoke(Situation situation);
  // Waits so long for the end that was brought about, then brings it itself.
  void AwaitDeath(const KillPoint& point, absl::Duration patience);
  // What is on disk now, against everybody's books.
  void Inspect();
  // Everybody is answered, and what they have ordered is done.
  void FinishAll();
  void ReplayAll();
  std::vector<const Client*> Everybody() const;
  // What clients and journal have come to so far.
  void Tally();
  void Fail(const std::string& fault);

  differ::Random random_;
  Report& report_;
  const Report before_;  // of the data directories before this one
  std::string time_zone_;
  GateFiles files_;
  std::unique_ptr<KillSwitchFile> kill_switch_;
  std::unique_ptr<Audit> audit_;
  std::unique_ptr<Crowd> crowd_;
  std::unique_ptr<Staff> staff_;
  std::unique_ptr<GateProcess> gate_;
};

}  // namespace tipgate::crash
