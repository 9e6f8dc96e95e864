#include "tests/integration/standard_services.h"

#include <google/protobuf/unknown_field_set.h>

#include <vector>

#include "tests/integration/raw_call.h"

namespace tipgate {
namespace {

using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

constexpr char kCheck[] = "/grpc.health.v1.Health/Check";
constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

// HealthCheckRequest.service, HealthCheckResponse.status and its value SERVING.
constexpr int kHealthService = 1;
constexpr int kHealthStatus = 1;
constexpr uint64_t kHealthServing = 1;

// ServerReflectionRequest.
constexpr int kFileContainingSymbol = 4;
constexpr int kListServices = 7;
// ServerReflectionResponse, and what is in it.
constexpr int kFileDescriptorResponse = 4;
constexpr int kFileDescriptorProto = 1;
constexpr int kListServicesResponse = 6;
constexpr int kServiceResponse = 1;
constexpr int kServiceName = 1;

// A message with one text field.
std::string MessageWith(int field, const std::string& text) {
  UnknownFieldSet message;
  message.AddLengthDelimited(field, text);
  std::string bytes;
  message.SerializeToString(&bytes);
  return bytes;
}

// The bytes of every occurrence of a field.
std::vector<std::string> ValuesOf(const std::string& bytes, int field) {
  UnknownFieldSet message;
  std::vector<std::string> values;
  if (!message.ParseFromString(bytes)) return values;
  for (int i = 0; i < message.field_count(); ++i) {
    const UnknownField& value = message.field(i);
    const bool is_it =
        value.number() == field && value.type() == UnknownField::TYPE_LENGTH_DELIMITED;
    if (is_it) values.push_back(value.length_delimited());
  }
  return values;
}

}  // namespace

HealthState StandardServices::Health(const std::string& service) {
  std::string response;
  const grpc::Status status =
      RawCall(channel_, kCheck, MessageWith(kHealthService, service), &response);
  if (status.error_code() == grpc::StatusCode::NOT_FOUND) return HealthState::kUnknownService;
  UnknownFieldSet message;
  if (!status.ok() || !message.ParseFromString(response)) return HealthState::kNoAnswer;
  for (int i = 0; i < message.field_count(); ++i) {
    const UnknownField& value = message.field(i);
    if (value.number() == kHealthStatus && value.varint() == kHealthServing) {
      return HealthState::kServing;
    }
  }
  return HealthState::kNotServing;
}

std::set<std::string> StandardServices::ListServices() {
  std::string response;
  RawCall(channel_, kReflection, MessageWith(kListServices, "*"), &response);
  std::set<std::string> names;
  for (const std::string& list : ValuesOf(response, kListServicesResponse)) {
    for (const std::string& service : ValuesOf(list, kServiceResponse)) {
      for (const std::string& name : ValuesOf(service, kServiceName)) names.insert(name);
    }
  }
  return names;
}

std::string StandardServices::FileOf(const std::string& symbol) {
  std::string response;
  RawCall(channel_, kReflection, MessageWith(kFileContainingSymbol, symbol), &response);
  for (const std::string& files : ValuesOf(response, kFileDescriptorResponse)) {
    for (const std::string& file : ValuesOf(files, kFileDescriptorProto)) return file;
  }
  return "";
}

}  // namespace tipgate
