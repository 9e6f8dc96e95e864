#include "cli/facts_options.h"

#include <utility>

namespace tipgate {

void AddAge(CLI::App& command, std::function<void(const v1::Date&)> set_birth_date,
            std::function<void(v1::AgeBand)> set_age_band) {
  auto* birth_date = command.add_option_function<std::string>(
      "--birth-date",
      [set = std::move(set_birth_date)](const std::string& text) {
        set(ValueOrThrow("--birth-date", ParseDateText(text)));
      },
      "Date of birth");
  auto* age_band = command.add_option_function<std::string>(
      "--age-band",
      [set = std::move(set_age_band)](const std::string& text) {
        set(ValueOrThrow("--age-band", ParseEnumText<v1::AgeBand>(text)));
      },
      "UNDER_8, 8_TO_15, 16_TO_17 or ADULT, where the birth date is not known");
  birth_date->type_name("YYYY-MM-DD");
  age_band->type_name("BAND")->excludes(birth_date);
}

}  // namespace tipgate
