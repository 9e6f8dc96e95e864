#include "tests/crash/episode.h"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/check.h"
#include "tests/crash/platform.h"

namespace tipgate::crash {
namespace {

constexpr int kKilled = 128 + SIGKILL;
// How long a point may take to be reached.
constexpr absl::Duration kStrikePatience = absl::Seconds(15);
// The same, once it serves: what RocksDB does beside may come a little later.
constexpr absl::Duration kLatePatience = absl::Seconds(1);
// Load before anything else happens, so that checkpoints have been there.
constexpr absl::Duration kWarmUp = absl::Milliseconds(150);
// How often everybody may ask before they are answered.
constexpr int kFinishTriesMax = 100;

std::string ConfigOf(differ::Random* random) {
  return absl::StrCat("checkpoint_interval: 50ms\ndevelopment_identities: true\n",
                      "block_cache_bytes: 8388608\nkey_filter_bytes: 1048576\n",
                      // Of some directories most payers are cold: they come with their tips.
                      random->Permille(500) ? "payers_resident_max: 3\n" : "");
}

}  // namespace

Episode::Episode(uint64_t seed, Report* report)
    : random_(seed), report_(*report), before_(*report) {
  const std::string config = ConfigOf(&random_);
  do {  // the zone changes at half past each hour
    time_zone_ = NoonTimeZone();
    auto files = GateFiles::Create(PolicyOfGate(), config);
    TIPGATE_CHECK(files.ok());
    files_ = *std::move(files);
  } while (time_zone_ != NoonTimeZone());
  kill_switch_ = std::make_unique<KillSwitchFile>(files_.Join("switch"));
  audit_ = std::make_unique<Audit>(time_zone_);
  crowd_ = std::make_unique<Crowd>(random_.Next() >> 8);
  staff_ = std::make_unique<Staff>(random_.Next());
}

Episode::~Episode() {
  gate_.reset();
  crowd_->Rest();
}

void Episode::Begin(const std::vector<const KillPoint*>& deaths) {
  for (const KillPoint* point : deaths) DieAtStart(*point);
  Start();
  if (has_failed()) return;
  staff_->AddPlatform();
  FinishAll();
}

void Episode::Round(const KillPoint& death, const std::vector<const KillPoint*>& deaths_at_start) {
  if (has_failed()) return;
  Die(death);
  for (const KillPoint* point : deaths_at_start) DieAtStart(*point);
  Start();
  FinishAll();
  ReplayAll();
  if (has_failed()) return;
  if (const std::string fault = staff_->Verify(); !fault.empty()) Fail(fault);
  ++report_.rounds_count;
  Tally();
}

void Episode::End() {
  if (has_failed()) return;
  if (!staff_->AwaitSettlement()) Fail("what is due does not settle");
  const absl::StatusOr<int> code = gate_->Terminate();
  if (code.value_or(-1) != 0) Fail(absl::StrCat("it does not stop well: ", gate_->LogTail()));
  Inspect();
  if (!has_failed()) audit_->CheckTotals();
  if (!audit_->fault().empty()) Fail(audit_->fault());
  Tally();
}

GateProcessOptions Episode::StartOptions() const {
  GateProcessOptions options;
  options.config_file = files_.config_file();
  options.data_dir = files_.data_dir();
  options.log_file = files_.log_file();
  options.environment = kill_switch_->Environment();
  return options;
}

void Episode::DieAtStart(const KillPoint& point) {
  if (has_failed()) return;
  GateProcessOptions options = StartOptions();
  if (point.situation == Situation::kRebuild) options.extra_arguments = {"--rebuild-keys"};
  ArmFor(point);
  ++report_.starts_count;
  auto gate = GateProcess::Launch(options);
  if (!gate.ok()) return Fail(std::string(gate.status().message()));
  gate_ = *std::move(gate);
  const bool is_ready = !point.is_at_any_moment() && gate_->WaitReady().ok();
  AwaitDeath(point, is_ready ? kLatePatience : kStrikePatience);
  Inspect();
}

void Episode::Start() {
  if (has_failed()) return;
  kill_switch_->Disarm();
  ++report_.starts_count;
  auto gate = GateProcess::Start(StartOptions());
  if (!gate.ok()) return Fail(absl::StrCat("it does not start: ", gate.status().message()));
  gate_ = *std::move(gate);
  staff_->client().Connect(gate_->target());
}

void Episode::Die(const KillPoint& point) {
  crowd_->Load(gate_->target());
  if (point.situation != Situation::kLoad) gate_->WaitExit(kWarmUp).status().IgnoreError();
  Prepare(point.situation);
  ArmFor(point);
  Provoke(point.situation);
  AwaitDeath(point, kStrikePatience);
  if (!crowd_->Rest()) Fail("the clients do not notice that the gate is gone");
  Inspect();
}

void Episode::Prepare(Situation situation) {
  Client& client = staff_->client();
  const bool is_order = situation == Situation::kFreeze || situation == Situation::kRelease ||
                        situation == Situation::kRefund;
  if (!is_order) return;
  staff_->AddTipsForOrder();
  if (situation == Situation::kRelease) staff_->AddFreeze();
  for (int tries = 0; client.has_open() && tries < kFinishTriesMax; ++tries) client.SendOpen();
  if (client.has_open() || !staff_->AwaitOrders()) Fail("nothing can be ordered");
}

void Episode::Provoke(Situation situation) {
  switch (situation) {
    case Situation::kBurst:
      staff_->AddBurst();
      break;
    case Situation::kFreeze:
      staff_->AddFreeze();
      break;
    case Situation::kRelease:
      staff_->AddRelease();
      break;
    case Situation::kRefund:
      staff_->AddRefund();
      break;
    case Situation::kDrain:
      kill(gate_->pid(), SIGTERM);
      break;
    case Situation::kLoad:
    case Situation::kStart:
    case Situation::kRebuild:
    case Situation::kNewDirectory:
      break;
  }
  staff_->client().SendOpen();
}

void Episode::AwaitDeath(const KillPoint& point, absl::Duration patience) {
  if (point.is_at_any_moment()) patience = absl::Microseconds(random_.Between(1, point.count_max));
  const absl::StatusOr<int> code = gate_->WaitExit(patience);
  const bool has_drained = code.value_or(-1) == 0 && point.situation == Situation::kDrain;
  if (code.ok() && *code != kKilled && !has_drained) {
    return Fail(absl::StrCat("it ended with exit status ", *code, ": ", gate_->LogTail()));
  }
  gate_->Kill();
  const bool has_struck = point.is_at_any_moment() || kill_switch_->has_struck();
  ++(has_struck ? report_.strikes : report_.misses)[point.name];
}

void Episode::ArmFor(const KillPoint& point) {
  kill_switch_->Disarm();
  if (point.is_at_any_moment()) return;
  KillOrder order = point.order;
  order.count = static_cast<int32_t>(random_.Between(1, point.count_max));
  kill_switch_->Arm(order);
}

void Episode::Inspect() {
  if (has_failed()) return;
  const std::vector<const Client*> all = Everybody();
  for (const Client* client : all) audit_->Expect(*client);
  audit_->Read(files_.data_dir());
  for (const Client* client : all) audit_->Check(*client);
  if (!audit_->fault().empty()) Fail(audit_->fault());
}

void Episode::FinishAll() {
  for (int tries = 0; !has_failed(); ++tries) {
    crowd_->Finish(gate_->target());
    bool has_open = !staff_->client().SendOpen();
    if (!crowd_->Rest()) Fail("a call is never answered");
    for (const auto& client : crowd_->clients()) has_open |= client->has_open();
    if (!has_open) break;
    if (tries == kFinishTriesMax)
      Fail(absl::StrCat("not everybody is answered: ", gate_->LogTail()));
  }
  if (!has_failed() && !staff_->AwaitOrders()) Fail("an order is not carried out");
}

void Episode::ReplayAll() {
  if (has_failed()) return;
  crowd_->Replay(gate_->target());
  const bool is_answered = staff_->client().Replay();
  if (!crowd_->Rest() || !is_answered) Fail("not everybody gets their answers again");
  for (const auto& client : crowd_->clients()) {
    if (!client->fault().empty()) Fail(client->fault());
  }
  if (!staff_->client().fault().empty()) Fail(staff_->client().fault());
}

std::vector<const Client*> Episode::Everybody() const {
  std::vector<const Client*> all = {&staff_->client()};
  for (const auto& client : crowd_->clients()) all.push_back(client.get());
  return all;
}

void Episode::Tally() {
  report_.acknowledged_count = before_.acknowledged_count;
  report_.retries_count = before_.retries_count;
  const std::vector<const Client*> all = Everybody();
  for (const Client* client : all) {
    report_.retries_count += client->retries_count();
    for (const auto& deed : client->deeds()) {
      for (const Line& line : deed->lines()) report_.acknowledged_count += !line.answer.empty();
    }
  }
  report_.entries_count = before_.entries_count + audit_->entries_count();
  report_.records_count = before_.records_count + audit_->records_count();
}

void Episode::Fail(const std::string& fault) {
  if (has_failed()) return;
  report_.fault = fault;
  report_.losses = audit_->losses();
  const std::filesystem::path kept =
      std::filesystem::temp_directory_path() / absl::StrCat("tipgate-crash-", getpid());
  std::error_code error;
  std::filesystem::create_directories(kept, error);
  if (!error) {
    std::filesystem::copy(files_.data_dir(), kept / "data",
                          std::filesystem::copy_options::recursive, error);
  }
  if (!error) std::filesystem::copy(files_.log_file(), kept / "gate.log", error);
  absl::StrAppend(&report_.fault, "\nits data directory and its log: ",
                  error ? absl::StrCat("not kept: ", error.message()) : kept.string());
}

}  // namespace tipgate::crash
