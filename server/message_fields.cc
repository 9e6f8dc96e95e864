#include "server/message_fields.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int32_t kNanosPerMs = 1'000'000;
constexpr int32_t kNanosPerSecond = 1'000'000'000;

bool IsMessage(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}
bool IsDuration(const FieldDescriptor& field) {
  return IsMessage(field) && field.message_type() == Duration::descriptor();
}

bool IsWholeMilliseconds(const Duration& duration) {
  return duration.seconds() >= 0 && duration.seconds() <= kDurationMaxMs / kSecondMs &&
         duration.nanos() >= 0 && duration.nanos() < kNanosPerSecond &&
         duration.nanos() % kNanosPerMs == 0;
}

std::vector<const FieldDescriptor*> ListFields(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  return fields;
}

void AddSetFields(const Message& message, const std::string& path, YamlLocations* set) {
  const auto& reflection = *message.GetReflection();
  for (const FieldDescriptor* field : ListFields(message)) {
    const std::string field_path = FieldPath(path, field->name());
    set->Add(field_path, {});
    if (!field->is_repeated()) {
      if (!IsMessage(*field) || IsDuration(*field)) continue;
      AddSetFields(reflection.GetMessage(message, field), field_path, set);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      const std::string item_path = ItemPath(field_path, i);
      set->Add(item_path, {});
      if (!IsMessage(*field)) continue;
      AddSetFields(reflection.GetRepeatedMessage(message, field, i), item_path, set);
    }
  }
}

void CheckFieldsAt(const std::string& path, Message* message, FieldFaults* faults);

void CheckField(const std::string& path, const FieldDescriptor& field, Message* message,
                FieldFaults* faults) {
  const auto& reflection = *message->GetReflection();
  if (IsDuration(field)) {
    const auto& duration = static_cast<const Duration&>(reflection.GetMessage(*message, &field));
    if (IsWholeMilliseconds(duration)) return;
    faults->Add(path, "a duration of whole milliseconds", "another");
    reflection.ClearField(message, &field);
  } else if (field.is_repeated()) {
    for (int i = 0; i < reflection.FieldSize(*message, &field); ++i) {
      CheckFieldsAt(ItemPath(path, i), reflection.MutableRepeatedMessage(message, &field, i),
                    faults);
    }
  } else {
    CheckFieldsAt(path, reflection.MutableMessage(message, &field), faults);
  }
}

void CheckFieldsAt(const std::string& path, Message* message, FieldFaults* faults) {
  const auto& unknown = message->GetReflection()->GetUnknownFields(*message);
  if (!unknown.empty()) {
    faults->Add(path, "only fields that this gate knows",
                absl::StrCat("field number ", unknown.field(0).number()));
  }
  for (const FieldDescriptor* field : ListFields(*message)) {
    if (IsMessage(*field)) CheckField(FieldPath(path, field->name()), *field, message, faults);
  }
}

}  // namespace

YamlLocations SetFieldsOf(const Message& message) {
  YamlLocations set("");
  AddSetFields(message, "", &set);
  return set;
}

void CheckSetFields(Message* message, FieldFaults* faults) { CheckFieldsAt("", message, faults); }

}  // namespace tipgate
