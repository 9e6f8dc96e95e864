// Options that write straight into a request. What does not parse is a usage error with the
// option's name; whether a value is allowed is the gate's business.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace tipgate {

// Reads a decimal whole number; throws CLI::ValidationError if it is none or does not fit T.
// CLI11's own conversion would read 0100 as an octal 64.
template <typename T>
T ParseNumber(const std::string& name, const std::string& text) {
  T value{};
  if (absl::SimpleAtoi(text, &value)) return value;
  throw CLI::ValidationError(name, absl::StrCat("expected a whole number, got '", text, "'"));
}

// The value, or a usage error of the option `name`.
template <typename T>
T ValueOrThrow(const std::string& name, const absl::StatusOr<T>& value) {
  if (value.ok()) return *value;
  throw CLI::ValidationError(name, std::string(value.status().message()));
}

// A number option (or positional, if the name has no dashes) that calls a setter of the message.
template <typename Message, typename T>
CLI::Option* AddNumber(CLI::App& command, const std::string& name, std::shared_ptr<Message> message,
                       void (Message::*set)(T), const std::string& description) {
  return command
      .add_option_function<std::string>(
          name,
          [name, message, set](const std::string& text) {
            ((*message).*set)(ParseNumber<T>(name, text));
          },
          description)
      ->type_name("INT");
}

// A number option of the command line itself, at least 1.
CLI::Option* AddCount(CLI::App& command, const std::string& name, int64_t* value,
                      const std::string& description);

CLI::Option* AddTime(CLI::App& command, const std::string& name,
                     std::function<void(const google::protobuf::Timestamp&)> set,
                     const std::string& description);

CLI::Option* AddDuration(CLI::App& command, const std::string& name,
                         std::function<void(absl::Duration)> set, const std::string& description);

// A text.
CLI::Option* AddText(CLI::App& command, const std::string& name,
                     const std::function<void(const std::string&)>& set,
                     const std::string& description);

// A path; an empty one, as of an unset shell variable, is a usage error.
CLI::Option* AddPath(CLI::App& command, const std::string& name, std::string* path,
                     const std::string& description);

// --key; an empty one, as of an unset shell variable, is a usage error and not a new key.
CLI::Option* AddKey(CLI::App& command, std::function<void(const std::string&)> set,
                    const std::string& description = "Idempotency key; a new one if left out");

}  // namespace tipgate
