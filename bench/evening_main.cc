// Does the gate keep its promises through a whole evening? Plays a believable evening of a
// live-streaming platform against a running gate, keeps its own books, and compares them with
// everything that the gate says about itself, the replayed journal included.
// Exit codes: 0 everything agrees; 1 something does not; 64 bad flags; 69 no gate there; 73 the
// JSON file cannot be written.

#include <CLI/CLI.hpp>
#include <iostream>
#include <optional>

#include "absl/time/clock.h"
#include "bench/evening_audit.h"
#include "bench/evening_report.h"
#include "bench/evening_run.h"
#include "bench/report_file.h"

namespace tipgate {
namespace {

constexpr int kExitDisagreement = 1;
constexpr int kExitUsage = 64;
constexpr int kExitUnavailable = 69;
constexpr int kExitCannotWrite = 73;
constexpr size_t kPayersChecked = 1'000;
constexpr size_t kTipsChecked = 1'000;

struct Flags {
  EveningOptions evening;
  EveningRun::Options run;
  std::string json_file;
  bool is_quiet = false;
};

void AddFlags(CLI::App* app, Flags* flags) {
  EveningOptions& evening = flags->evening;
  evening.run_id = absl::ToUnixSeconds(absl::Now());
  app->add_option("--target", flags->run.target, "host:port of the gate")->required();
  app->add_option("--seed", evening.seed, "the same seed is the same evening")
      ->check(CLI::Range(int64_t{0}, int64_t{1'000'000'000'000}))
      ->capture_default_str();
  app->add_option("--run-id", evening.run_id, "a number that no evening on this gate has had")
      ->check(CLI::Range(int64_t{1}, int64_t{900'000'000'000}))
      ->default_str("the time");
  app->add_option("--tips", evening.tips, "new tips, retries come on top")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  app->add_option("--payers", evening.payers, "viewers who tip")
      ->check(CLI::Range(1'000, 5'000'000))
      ->capture_default_str();
  app->add_option("--sessions", evening.sessions, "live sessions")
      ->check(CLI::Range(20, 100'000))
      ->capture_default_str();
  app->add_option("--in-flight", flags->run.calls_in_flight, "calls at the same time")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app->add_option("--json", flags->json_file, "also write the report as JSON to this file");
  app->add_flag("--no-progress", flags->is_quiet, "do not tell how far it is");
}

std::vector<EveningCheck> CheckAll(const Evening& evening, const EveningBooks& books,
                                   const v1::Totals& before, const v1::Totals& after,
                                   absl::TimeZone zone, EveningAudit* audit,
                                   EveningProgress* progress) {
  const EveningTally& tally = books.tally();
  std::vector<EveningCheck> checks = CheckAnswers(tally);
  checks.push_back(CheckReminders(tally));
  checks.push_back(CheckConfirmations(tally));
  checks.push_back(CheckLimits(tally));
  checks.push_back(CheckTips(tally, before, after));
  checks.push_back(CheckRecharges(tally, before, after));
  checks.push_back(CheckEntities(tally, before, after));
  checks.push_back(audit->CheckSessions(tally));
  checks.push_back(audit->CheckStreamers(evening.cast(), tally));
  checks.push_back(audit->CheckPayers(evening.cast(), tally, zone, kPayersChecked));
  checks.push_back(audit->CheckHistory(books.Answers(), kTipsChecked));
  checks.push_back(audit->CheckJournal(
      [progress](int64_t done, int64_t total) { progress->Show("journal", done, total); }));
  progress->End();
  return checks;
}

int Fail(const std::string& what, const absl::Status& status) {
  std::cerr << "tipevening: " << what << ": " << status.message() << "\n";
  return kExitUnavailable;
}

int CannotWrite(const absl::Status& status) {
  std::cerr << "tipevening: " << status.message() << "\n";
  return kExitCannotWrite;
}

int Play(Flags flags) {
  std::optional<ReportFile> json_file;
  if (!flags.json_file.empty()) {
    auto opened = ReportFile::Open(flags.json_file);
    if (!opened.ok()) return CannotWrite(opened.status());
    json_file = *std::move(opened);
  }
  EveningAudit audit(grpc::CreateChannel(flags.run.target, grpc::InsecureChannelCredentials()));
  const auto before = audit.GetServerInfo(/*include_state_hash=*/false);
  if (!before.ok()) return Fail("no gate at " + flags.run.target, before.status());
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(before->time_zone(), &zone)) {
    return Fail("unknown time zone", absl::NotFoundError(before->time_zone()));
  }
  flags.evening.today = absl::ToCivilDay(absl::Now(), zone);

  Evening evening(flags.evening);
  EveningBooks books(evening, zone);
  EveningProgress progress(!flags.is_quiet);
  EveningRun run(flags.run, &evening, &books, &progress);
  run.SetUp();
  run.Play();
  run.CloseUp();
  const auto after = audit.GetServerInfo(/*include_state_hash=*/false);
  if (!after.ok()) return Fail("the gate is gone", after.status());

  EveningReport report;
  report.options = flags.evening;
  report.target = flags.run.target;
  report.server = *after;
  report.latencies = run.Latencies();
  report.retries_count = run.RetriesCount();
  report.play_duration = run.play_duration();
  report.checks =
      CheckAll(evening, books, before->totals(), after->totals(), zone, &audit, &progress);
  report.tally = books.tally();
  std::cout << ReportText(report);
  if (json_file) {
    const absl::Status written = json_file->Write(ReportJson(report));
    if (!written.ok()) return CannotWrite(written);
  }
  return report.AllHolds() ? 0 : kExitDisagreement;
}

}  // namespace
}  // namespace tipgate

int main(int argc, char** argv) {
  CLI::App app("Plays an evening of a live-streaming platform and checks the books of the gate");
  tipgate::Flags flags;
  tipgate::AddFlags(&app, &flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : tipgate::kExitUsage;
  }
  return tipgate::Play(flags);
}
