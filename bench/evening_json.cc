#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "bench/evening_report.h"

namespace tipgate {
namespace {

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      absl::StrAppend(&quoted, "\\", std::string(1, c));
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppend(&quoted, absl::StrFormat("\\u%04x", static_cast<unsigned int>(c)));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

// {"name": value, ...} of names and values that are JSON already.
class JsonObject {
 public:
  JsonObject& Raw(const std::string& name, const std::string& value) {
    members_.push_back(absl::StrCat(Quoted(name), ":", value));
    return *this;
  }
  JsonObject& Number(const std::string& name, int64_t value) {
    return Raw(name, absl::StrCat(value));
  }
  JsonObject& Text(const std::string& name, const std::string& value) {
    return Raw(name, Quoted(value));
  }
  JsonObject& Bool(const std::string& name, bool value) {
    return Raw(name, value ? "true" : "false");
  }
  std::string Close() const { return absl::StrCat("{", absl::StrJoin(members_, ","), "}"); }

 private:
  std::vector<std::string> members_;
};

std::string Json(const CountAndMoney& amount) {
  return JsonObject().Number("count", amount.count).Number("minor", amount.minor).Close();
}

std::string Json(const std::map<v1::RejectionCode, CountAndMoney>& rejected_by) {
  JsonObject object;
  for (const auto& [code, amount] : rejected_by) {
    object.Raw(v1::RejectionCode_Name(code), Json(amount));
  }
  return object.Close();
}

std::string Json(const PeriodTally& period) {
  JsonObject object;
  for (const auto& [permille, count] : period.reminders) {
    object.Number(absl::StrCat(permille), count);
  }
  return object.Close();
}

std::string GateJson(const PeriodTally& period) {
  return JsonObject()
      .Number("asked", static_cast<int64_t>(period.asked_ms.size()))
      .Number("confirmed", static_cast<int64_t>(period.confirmed_ms.size()))
      .Close();
}

std::string Json(const RechargeTally& recharge) {
  return JsonObject()
      .Raw("authorized", Json(recharge.authorized))
      .Raw("captured", Json(recharge.captured))
      .Raw("voided", Json(recharge.voided))
      .Raw("returned", Json(recharge.returned))
      .Raw("rejected_by", Json(recharge.rejected_by))
      .Close();
}

std::string Json(const EveningLatencies& latencies) {
  JsonObject object;
  for (const auto& [name, histogram] : latencies) {
    object.Raw(name, JsonObject()
                         .Number("count", histogram.count())
                         .Number("p50_us", absl::ToInt64Microseconds(histogram.Quantile(50, 100)))
                         .Number("p99_us", absl::ToInt64Microseconds(histogram.Quantile(99, 100)))
                         .Number("max_us", absl::ToInt64Microseconds(histogram.max()))
                         .Close());
  }
  return object.Close();
}

std::string Json(const std::vector<EveningCheck>& checks) {
  std::vector<std::string> items;
  for (const EveningCheck& check : checks) {
    std::vector<std::string> faults;
    for (const std::string& fault : check.faults) faults.push_back(Quoted(fault));
    items.push_back(JsonObject()
                        .Text("claim", check.claim)
                        .Text("extent", check.extent)
                        .Bool("holds", check.holds())
                        .Number("faults_count", check.faults_count)
                        .Raw("faults", absl::StrCat("[", absl::StrJoin(faults, ","), "]"))
                        .Close());
  }
  return absl::StrCat("[", absl::StrJoin(items, ","), "]");
}

}  // namespace

std::string ReportJson(const EveningReport& report) {
  const EveningTally& tally = report.tally;
  return JsonObject()
             .Text("target", report.target)
             .Text("server_version", report.server.version())
             .Number("seed", static_cast<int64_t>(report.options.seed))
             .Number("run_id", report.options.run_id)
             .Number("payers", report.options.payers)
             .Number("sessions", report.options.sessions)
             .Number("tips", report.options.tips)
             .Raw("accepted", Json(tally.accepted))
             .Raw("rejected", Json(tally.rejected))
             .Raw("rejected_by", Json(tally.rejected_by))
             .Raw("day_reminders", Json(tally.day))
             .Raw("month_reminders", Json(tally.month))
             .Number("retries", tally.repeats_count)
             .Number("key_reuse_refused", tally.key_reuse_refused_count)
             .Number("malformed_refused", tally.malformed_refused_count)
             .Number("cooling_offs", tally.cooling_off.count)
             .Raw("day_gate", GateJson(tally.day))
             .Raw("month_gate", GateJson(tally.month))
             .Raw("recharges", Json(tally.recharge))
             .Raw("latencies", Json(report.latencies))
             .Number("calls_tried_again", report.retries_count)
             .Number("play_ms", absl::ToInt64Milliseconds(report.play_duration))
             .Number("tips_per_second", report.TipsPerSecond())
             .Raw("checks", Json(report.checks))
             .Bool("all_holds", report.AllHolds())
             .Close() +
         "\n";
}

}  // namespace tipgate
