// How libFuzzer changes a script of calls: half of the time its bytes, as they come; else a call,
// or a field of a request, so that what it makes is still a message of that type.
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <random>

#include "absl/strings/str_cat.h"
#include "core/ids.h"
#include "tests/fuzz/call_script.h"

// Of libFuzzer.
extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t size_max);

namespace tipgate::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

class CallMutator {
 public:
  explicit CallMutator(unsigned seed) : random_(seed) {}

  std::string Mutate(absl::string_view bytes) {
    std::vector<ScriptedCall> calls = ReadScript(bytes);
    const uint64_t kind = Below(10);
    if (calls.empty() || (kind == 0 && calls.size() < kCallsMax)) {
      const size_t place = Below(calls.size() + 1);
      calls.insert(calls.begin() + static_cast<std::ptrdiff_t>(place), NewCall());
    } else if (kind == 1) {
      calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(Below(calls.size())));
    } else if (kind == 2) {
      calls.push_back(calls[Below(calls.size())]);
    } else if (kind == 3) {
      calls[Below(calls.size())].header = static_cast<uint8_t>(Below(256));
    } else {
      MutateRequest(&calls[Below(calls.size())]);
    }
    return WriteScript(calls);
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }

  ScriptedCall NewCall() {
    ScriptedCall call = {.method = static_cast<uint8_t>(Below(Methods().size())),
                         .header = static_cast<uint8_t>(Below(3) << 6),
                         .request = ""};
    for (int i = 0; i < 6; ++i) MutateRequest(&call);
    return call;
  }

  void MutateRequest(ScriptedCall* call) {
    const std::unique_ptr<Message> request(RequestOf(Methods()[call->method]).New());
    // What cannot be parsed begins anew.
    if (!request->ParsePartialFromString(call->request)) request->Clear();
    MutateMessage(request.get(), 0);
    call->request = request->SerializePartialAsString();
  }

  void MutateMessage(Message* message, int depth) {
    constexpr int kDepthMax = 8;
    const auto& type = *message->GetDescriptor();
    if (type.field_count() == 0 || depth > kDepthMax) return;
    const FieldDescriptor& field =
        *type.field(static_cast<int>(Below(static_cast<uint64_t>(type.field_count()))));
    const Reflection& reflection = *message->GetReflection();
    if (Below(12) == 0) return reflection.ClearField(message, &field);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      MutateInner(field, reflection, message, depth);
    } else if (field.is_repeated()) {
      AddValue(field, reflection, message);
    } else {
      SetValue(field, reflection, message);
    }
  }

  void MutateInner(const FieldDescriptor& field, const Reflection& reflection, Message* message,
                   int depth) {
    if (!field.is_repeated()) {
      return MutateMessage(reflection.MutableMessage(message, &field), depth + 1);
    }
    const int size = reflection.FieldSize(*message, &field);
    if (size == 0 || (Below(4) == 0 && size < 100)) {
      MutateMessage(reflection.AddMessage(message, &field), depth + 1);
    } else {
      const auto item = static_cast<int>(Below(static_cast<uint64_t>(size)));
      MutateMessage(reflection.MutableRepeatedMessage(message, &field, item), depth + 1);
    }
  }

  int64_t Number() {
    using Limits = std::numeric_limits<int64_t>;
    switch (Below(6)) {
      case 0:
        return static_cast<int64_t>(Below(4)) - 1;
      case 1:
        return Below(2) == 0 ? Limits::max() : Limits::min();
      case 2:  // a record's id: entry and position
        return RecordId(static_cast<int64_t>(1 + Below(30)), static_cast<int64_t>(Below(3)))
            .value();
      case 3:  // around a power of two
        return static_cast<int64_t>((uint64_t{1} << Below(63)) + Below(3)) - 1;
      case 4:  // around a power of ten
        return Power(Below(18)) + static_cast<int64_t>(Below(3)) - 1;
      default:
        return static_cast<int64_t>(Below(20'000));
    }
  }
  static int64_t Power(uint64_t exponent) {
    int64_t power = 1;
    for (; exponent > 0; --exponent) power *= 10;
    return power;
  }

  std::string Text() {
    switch (Below(5)) {
      case 0:
        return std::string(Below(300), 'a');
      case 1:
        return absl::StrCat("k", Below(4));
      case 2:
        return std::string("\xe7\x8e\xab\0", 4);
      case 3:
        return Below(2) == 0 ? "L3" : "case-1";
      default:
        return absl::StrCat("a", Below(12), ".", Below(3), ".", Below(3));  // a cursor
    }
  }

  void SetValue(const FieldDescriptor& field, const Reflection& reflection, Message* message) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.SetInt32(message, &field, static_cast<int32_t>(Number()));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(message, &field, Number());
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.SetBool(message, &field, Below(2) == 0);
      case FieldDescriptor::CPPTYPE_ENUM:
        return reflection.SetEnumValue(message, &field, static_cast<int>(Below(32)));
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.SetString(message, &field, Text());
      default:
        return;
    }
  }

  void AddValue(const FieldDescriptor& field, const Reflection& reflection, Message* message) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.AddInt32(message, &field, static_cast<int32_t>(Number()));
      case FieldDescriptor::CPPTYPE_ENUM:
        return reflection.AddEnumValue(message, &field, static_cast<int>(Below(32)));
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.AddString(message, &field, Text());
      default:
        return;
    }
  }

  std::mt19937_64 random_;
};

}  // namespace
}  // namespace tipgate::fuzz

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max,
                                          unsigned seed) {
  if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, size_max);
  const std::string bytes =
      tipgate::fuzz::CallMutator(seed).Mutate({reinterpret_cast<const char*>(data), size});
  if (bytes.empty() || bytes.size() > size_max) return LLVMFuzzerMutate(data, size, size_max);
  std::memcpy(data, bytes.data(), bytes.size());
  return bytes.size();
}
