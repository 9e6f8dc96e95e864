#include "server/parse_failure.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <map>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/call_error.h"

namespace tipgate {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::IsStructurallyValidUTF8;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// The contract nests far less; protobuf itself stops at 100.
constexpr int kDepthMax = 100;

constexpr char kCutShort[] = "must be whole; its bytes are cut short or malformed";

// What is wrong, and where.
struct Fault {
  std::string path;
  const char* expected = "";
};

// Walks the bytes of a message as the parser does, until something does not fit. Bounds are
// CodedInputStream's.
class Walker {
 public:
  explicit Walker(CodedInputStream* input) : input_(*input) {}

  // The fault in what is left of the input, which is a message that stands at `path`.
  std::optional<Fault> Walk(const Descriptor& type, const std::string& path, int depth) {
    if (depth > kDepthMax) return Fault{path, "must be nested less deeply"};
    std::map<int, int> items_count;  // of each repeated field
    while (true) {
      const uint32_t tag = input_.ReadTag();
      if (tag == 0) {
        if (input_.ConsumedEntireMessage()) return std::nullopt;
        return Fault{path, kCutShort};
      }
      const int number = WireFormatLite::GetTagFieldNumber(tag);
      const FieldDescriptor* const field = type.FindFieldByNumber(number);
      if (std::optional<Fault> fault = WalkField(field, tag, path, &items_count[number], depth)) {
        return fault;
      }
    }
  }

 private:
  static std::string PathOf(const FieldDescriptor& field, const std::string& parent, int item) {
    const std::string index = field.is_repeated() ? absl::StrCat("[", item, "]") : "";
    return absl::StrCat(parent, parent.empty() ? "" : ".", field.name(), index);
  }

  std::optional<Fault> WalkField(const FieldDescriptor* field, uint32_t tag,
                                 const std::string& parent, int* items_count, int depth) {
    const int wire_type = WireFormatLite::GetTagWireType(tag);
    const bool begins_value = wire_type != WireFormatLite::WIRETYPE_END_GROUP &&
                              wire_type <= WireFormatLite::WIRETYPE_FIXED32;
    if (!begins_value) return Fault{parent, kCutShort};
    const bool has_bytes = wire_type == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    const bool is_message =
        field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    const bool is_text = field != nullptr && field->type() == FieldDescriptor::TYPE_STRING;
    const std::string path = field == nullptr ? parent : PathOf(*field, parent, (*items_count)++);
    if (has_bytes && is_message) return WalkMessage(*field->message_type(), path, depth);
    if (has_bytes && is_text) return WalkText(path);
    if (has_bytes && field != nullptr && field->is_packable()) return WalkPacked(*field, parent);
    if (!WireFormatLite::SkipField(&input_, tag)) return Fault{path, kCutShort};
    return std::nullopt;
  }

  std::optional<Fault> WalkMessage(const Descriptor& type, const std::string& path, int depth) {
    int size = 0;
    if (!ReadSize(&size)) return Fault{path, kCutShort};
    const CodedInputStream::Limit limit = input_.PushLimit(size);
    std::optional<Fault> fault = Walk(type, path, depth + 1);
    input_.PopLimit(limit);
    return fault;
  }

  std::optional<Fault> WalkText(const std::string& path) {
    int size = 0;
    std::string text;
    if (!ReadSize(&size) || !input_.ReadString(&text, size)) return Fault{path, kCutShort};
    if (!IsStructurallyValidUTF8(text)) return Fault{path, "must be text in UTF-8"};
    return std::nullopt;
  }

  // Several numbers behind one tag.
  std::optional<Fault> WalkPacked(const FieldDescriptor& field, const std::string& parent) {
    int size = 0;
    const std::string path = absl::StrCat(parent, parent.empty() ? "" : ".", field.name());
    if (!ReadSize(&size)) return Fault{path, kCutShort};
    const uint32_t tag = WireFormatLite::MakeTag(
        field.number(),
        WireFormatLite::WireTypeForFieldType(static_cast<WireFormatLite::FieldType>(field.type())));
    const CodedInputStream::Limit limit = input_.PushLimit(size);
    while (input_.BytesUntilLimit() > 0) {
      if (!WireFormatLite::SkipField(&input_, tag)) return Fault{path, kCutShort};
    }
    input_.PopLimit(limit);
    return std::nullopt;
  }

  // The size of a value that lies within the input whole.
  bool ReadSize(int* size) {
    if (!input_.ReadVarintSizeAsInt(size)) return false;
    const int left = input_.BytesUntilLimit();
    return left < 0 || *size <= left;
  }

  CodedInputStream& input_;
};

}  // namespace

CallError ExplainParseFailure(const Descriptor& type, absl::string_view bytes) {
  const auto* const data = reinterpret_cast<const uint8_t*>(bytes.data());
  const int size = static_cast<int>(bytes.size());
  CodedInputStream input(data, size);
  input.PushLimit(size);
  const std::optional<Fault> fault = Walker(&input).Walk(type, "", 0);
  if (fault.has_value() && !fault->path.empty()) return InvalidField(fault->path, fault->expected);
  return {.reason = ErrorReason::kInvalidField,
          .field = "",
          .message = absl::StrCat("the request is malformed: its bytes are no message of type ",
                                  absl::string_view(type.name()))};
}

}  // namespace tipgate
