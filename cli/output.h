// Where results go: a readable text on standard output, or protobuf JSON for machines.
//
// JSON has the field names of the proto files, every field that is no message (also those with a
// zero value), 64-bit integers as strings, and one object a line.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace tipgate {

std::string JsonText(const google::protobuf::Message& message);

class Output {
 public:
  explicit Output(bool is_json) : is_json_(is_json) {}

  // False once standard output has failed, such as on a full disk.
  bool is_writable() const;

  // Prints the message as JSON, or the text that stands for it, and flushes.
  void Print(const google::protobuf::Message& message, absl::string_view text) const;

  // Prints a text that only people get; nothing for machines.
  void PrintText(absl::string_view text) const;

  // Prints one line for people on standard error, "tipctl: " in front.
  void Note(absl::string_view line) const;

 private:
  bool is_json_;
};

}  // namespace tipgate
