// The facts that payers and streamers have in common: verification, age, source and time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "cli/enum_text.h"
#include "cli/options.h"
#include "cli/table.h"
#include "cli/time_text.h"
#include "tipgate/v1/decision.pb.h"

namespace tipgate {

// --birth-date and --age-band, of which at most one may be given.
void AddAge(CLI::App& command, std::function<void(const v1::Date&)> set_birth_date,
            std::function<void(v1::AgeBand)> set_age_band);

// The options of PayerFacts or StreamerFacts.
template <typename Facts>
void AddFacts(CLI::App& command, std::shared_ptr<Facts> facts) {
  command.add_flag_function(
      "--verified", [facts](int64_t) { facts->set_real_name_verified(true); },
      "The real name was verified");
  AddAge(
      command, [facts](const v1::Date& date) { *facts->mutable_birth_date() = date; },
      [facts](v1::AgeBand band) { facts->set_age_band(band); });
  command
      .add_option_function<std::string>(
          "--source", [facts](const std::string& source) { facts->set_source(source); },
          "Which system says so; never a person's name")
      ->type_name("TEXT");
  AddTime(
      command, "--observe-time",
      [facts](const google::protobuf::Timestamp& time) { *facts->mutable_observe_time() = time; },
      "When it was so; now if left out");
}

template <typename Facts>
void AddFactsLines(const Facts& facts, Record& record) {
  record.Add("verified", facts.real_name_verified() ? "yes" : "no");
  record.AddIfSet("birth date", facts.has_birth_date() ? DateText(facts.birth_date()) : "");
  record.AddIfSet("age band", EnumText(facts.age_band()));
  record.AddIfSet("source", facts.source());
  record.AddIfSet("observed", TimeText(facts.observe_time()));
}

}  // namespace tipgate
