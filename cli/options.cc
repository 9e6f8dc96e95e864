#include "cli/options.h"

#include <utility>

#include "absl/time/clock.h"
#include "cli/time_text.h"

namespace tipgate {

CLI::Option* AddCount(CLI::App& command, const std::string& name, int64_t* value,
                      const std::string& description) {
  return command
      .add_option_function<std::string>(
          name,
          [name, value](const std::string& text) {
            *value = ParseNumber<int64_t>(name, text);
            if (*value < 1) throw CLI::ValidationError(name, "expected at least 1");
          },
          description)
      ->type_name("INT");
}

CLI::Option* AddTime(CLI::App& command, const std::string& name,
                     std::function<void(const google::protobuf::Timestamp&)> set,
                     const std::string& description) {
  return command
      .add_option_function<std::string>(
          name,
          [name, set = std::move(set)](const std::string& text) {
            set(ToProto(
                ValueOrThrow(name, ParseTimeText(text, absl::Now(), absl::LocalTimeZone()))));
          },
          description)
      ->type_name("TIME");
}

CLI::Option* AddDuration(CLI::App& command, const std::string& name,
                         std::function<void(absl::Duration)> set, const std::string& description) {
  return command
      .add_option_function<std::string>(
          name,
          [name, set = std::move(set)](const std::string& text) {
            set(ValueOrThrow(name, ParseDurationText(text)));
          },
          description)
      ->type_name("DURATION");
}

CLI::Option* AddText(CLI::App& command, const std::string& name,
                     const std::function<void(const std::string&)>& set,
                     const std::string& description) {
  return command.add_option_function<std::string>(name, set, description)->type_name("TEXT");
}

CLI::Option* AddPath(CLI::App& command, const std::string& name, std::string* path,
                     const std::string& description) {
  return command
      .add_option_function<std::string>(
          name,
          [name, path](const std::string& text) {
            if (text.empty()) throw CLI::ValidationError(name, "must not be empty");
            *path = text;
          },
          description)
      ->type_name("DIR");
}

CLI::Option* AddKey(CLI::App& command, std::function<void(const std::string&)> set,
                    const std::string& description) {
  return command
      .add_option_function<std::string>(
          "--key",
          [set = std::move(set)](const std::string& key) {
            if (key.empty()) throw CLI::ValidationError("--key", "must not be empty");
            set(key);
          },
          description)
      ->type_name("KEY");
}

}  // namespace tipgate
