// The files that people write. A text is read as a policy, as a gift catalogue and as a
// configuration: it is refused with its place and what is expected there, or what was read can be
// written, read again, and stored.
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/config.h"
#include "server/policy_conversion.h"
#include "server/policy_file.h"
#include "server/policy_requests.h"
#include "storage/entry_codec.h"
#include "tests/fuzz/target.h"
#include "yaml/yaml_message.h"
#include "yaml/yaml_text.h"

namespace tipgate::fuzz {
namespace {

using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

constexpr char kFile[] = "file.yaml";
constexpr size_t kErrorBytesMax = 16'384;

// "FILE:LINE:COLUMN: field: expected ..., found ...", one line, and the line is there.
std::string CheckError(const absl::Status& status, absl::string_view text) {
  const std::string message(status.message());
  const auto fault = [&](const char* what) { return absl::StrCat(what, ": ", message); };
  if (!absl::IsInvalidArgument(status)) return fault("another error than INVALID_ARGUMENT");
  const std::vector<std::string> parts = absl::StrSplit(message, absl::MaxSplits(':', 3));
  int line = 0;
  int column = 0;
  const bool has_place = parts.size() == 4 && parts[0] == kFile &&
                         absl::SimpleAtoi(parts[1], &line) && absl::SimpleAtoi(parts[2], &column);
  const auto lines_count = 2 + std::count(text.begin(), text.end(), '\n');
  if (!has_place || line < 1 || line > lines_count || column < 1) return fault("no place");
  if (message.find(": expected ") == std::string::npos ||
      message.find(", found ") == std::string::npos) {
    return fault("nothing is expected or found");
  }
  if (std::any_of(message.begin(), message.end(), absl::ascii_iscntrl)) {
    return fault("an error of several lines");
  }
  return message.size() <= kErrorBytesMax ? "" : fault("a long error");
}

std::string CheckFaults(const FieldFaults& faults, absl::string_view text) {
  for (const FieldFault& fault : faults.list()) {
    if (fault.field.empty() || fault.expected.empty()) {
      return absl::StrCat("a fault without a field: ", fault.expected);
    }
  }
  return CheckError(faults.First(), text);
}

// What is written of a message is read as that message.
std::string CheckWritten(const Message& message) {
  const std::unique_ptr<Message> again(message.New());
  const auto read = ReadYamlMessage(kFile, YamlText(message), again.get());
  if (!read.ok()) return absl::StrCat("cannot be read again: ", read.status().message());
  return MessageDifferencer::Equals(message, *again) ? "" : "is read again as another one";
}

// A record of it can be stored and read.
std::string CheckStored(const Record& record) {
  Entry entry;
  entry.sequence = entry.term = 1;
  entry.records.push_back(record);
  EntryEncoder encoder;
  const std::string bytes(encoder.Encode(entry, 1, ChainHash{}));
  Entry again;
  EntryLink link;
  EntryDecoder decoder;
  if (!decoder.Decode(bytes, &again, &link).ok()) return "cannot be read from the journal";
  return encoder.Encode(again, 1, ChainHash{}) == bytes ? "" : "is stored as another one";
}

std::string CheckValid(const v1::TippingPolicy& message) {
  const auto policy = std::make_shared<const Policy>(ToPolicy(message));
  v1::TippingPolicy again;
  FillPolicy(*policy, &again);
  if (!SamePolicy(*policy, ToPolicy(again))) return "a policy is told as another one";
  // A policy of a call is checked likewise.
  const std::vector<FieldFault> faults = FaultsOf(again);
  if (!faults.empty()) return absl::StrCat("is told with a fault in ", faults.front().field);
  PolicyRecord record;
  record.policy = policy;
  return CheckStored(record);
}

std::string CheckValid(const v1::GiftCatalog& message) {
  const auto catalog = std::make_shared<const GiftCatalog>(ToGiftCatalog(message));
  v1::GiftCatalog again;
  FillGiftCatalog(*catalog, &again);
  if (!SameCatalog(*catalog, ToGiftCatalog(again))) return "a catalogue is told as another one";
  CatalogRecord record;
  record.catalog = catalog;
  return CheckStored(record);
}

std::string CheckValid(const v1::ServerConfig& config) {
  if (!IsListenAddress(config.listen_address())) return "listens nowhere";
  if (!IsMetricsAddress(config.metrics_address())) return "tells metrics nowhere";
  return config.data_dir().empty() ? "has no data directory" : "";
}

template <typename MessageType, typename Check>
std::string RunAs(const std::string& text, Check check) {
  MessageType message;
  const absl::StatusOr<YamlLocations> locations = ReadYamlMessage(kFile, text, &message);
  if (!locations.ok()) return CheckError(locations.status(), text);
  const std::string written = CheckWritten(message);
  if (!written.empty()) return written;
  FieldFaults faults(&*locations);
  check(&message, &faults);
  return faults.is_empty() ? CheckValid(message) : CheckFaults(faults, text);
}

}  // namespace

std::string RunYaml(absl::string_view bytes) {
  const std::string text(bytes);
  std::string fault = RunAs<v1::TippingPolicy>(text, CheckPolicy);
  if (!fault.empty()) return absl::StrCat("policy: ", fault);
  fault = RunAs<v1::GiftCatalog>(text, CheckGifts);
  if (!fault.empty()) return absl::StrCat("gifts: ", fault);
  fault = RunAs<v1::ServerConfig>(text, [](v1::ServerConfig* config, FieldFaults* faults) {
    CheckServerConfig("/etc/tipgate", "", config, faults);
  });
  return fault.empty() ? "" : absl::StrCat("configuration: ", fault);
}

}  // namespace tipgate::fuzz
