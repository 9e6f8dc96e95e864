#pragma once

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tipgate/v1/decision.pb.h"

namespace tipgate {

// What there is to say about one rejection code. Lists are separated by spaces.
//
// The viewer's texts are neutral: nothing about cases and sanctions, about other people, or about
// limits that are not the reader's own; so codes that differ in that alone have the same text. For
// the codes of sessions the reader is the streamer.
struct RejectionTextEntry {
  v1::RejectionCode code;
  absl::string_view rule_ids;  // of docs/rules.md
  absl::string_view sources;   // by their names in docs/rules.md
  absl::string_view viewer_zh;
  absl::string_view viewer_en;
  absl::string_view staff_zh;
  absl::string_view staff_en;
};

// One for each value of RejectionCode but UNSPECIFIED, by number.
absl::Span<const RejectionTextEntry> RejectionTexts();

}  // namespace tipgate
