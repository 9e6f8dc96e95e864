#include "server/reflection_service.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <grpcpp/grpcpp.h>

#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tipgate {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using grpc::reflection::v1alpha::ExtensionRequest;
using grpc::reflection::v1alpha::ServerReflectionRequest;
using grpc::reflection::v1alpha::ServerReflectionResponse;

const DescriptorPool& Pool() { return *DescriptorPool::generated_pool(); }

void Fail(grpc::StatusCode code, const std::string& message, ServerReflectionResponse* response) {
  response->mutable_error_response()->set_error_code(code);
  response->mutable_error_response()->set_error_message(message);
}

void FailNotFound(const std::string& what, ServerReflectionResponse* response) {
  Fail(grpc::StatusCode::NOT_FOUND, absl::StrCat("there is no ", what), response);
}

// `file`, then all it imports, each once.
std::vector<const FileDescriptor*> WithImports(const FileDescriptor* file) {
  std::vector<const FileDescriptor*> files{file};
  std::unordered_set<const FileDescriptor*> seen{file};
  for (size_t i = 0; i < files.size(); ++i) {
    for (int j = 0; j < files[i]->dependency_count(); ++j) {
      const FileDescriptor* const imported = files[i]->dependency(j);
      if (seen.insert(imported).second) files.push_back(imported);
    }
  }
  return files;
}

// `what` was asked for and is declared in `file`, if that is not null.
void AddFile(const FileDescriptor* file, const std::string& what,
             ServerReflectionResponse* response) {
  if (file == nullptr) return FailNotFound(what, response);
  auto& found = *response->mutable_file_descriptor_response();
  for (const FileDescriptor* one : WithImports(file)) {
    google::protobuf::FileDescriptorProto message;
    one->CopyTo(&message);
    found.add_file_descriptor_proto(message.SerializeAsString());
  }
}

void AddFileOfExtension(const ExtensionRequest& request, ServerReflectionResponse* response) {
  const Descriptor* const extended = Pool().FindMessageTypeByName(request.containing_type());
  const FieldDescriptor* const extension =
      extended == nullptr ? nullptr
                          : Pool().FindExtensionByNumber(extended, request.extension_number());
  AddFile(extension == nullptr ? nullptr : extension->file(),
          absl::StrCat("extension ", request.extension_number(), " of ", request.containing_type()),
          response);
}

void AddExtensions(const std::string& type, ServerReflectionResponse* response) {
  const Descriptor* const extended = Pool().FindMessageTypeByName(type);
  if (extended == nullptr) return FailNotFound(absl::StrCat("message ", type), response);
  auto& found = *response->mutable_all_extension_numbers_response();
  found.set_base_type_name(type);
  std::vector<const FieldDescriptor*> extensions;
  Pool().FindAllExtensions(extended, &extensions);
  for (const FieldDescriptor* extension : extensions) {
    found.add_extension_number(extension->number());
  }
}

}  // namespace

ReflectionService::ReflectionService(std::vector<std::string> services)
    : services_(std::move(services)) {}

ServerReflectionResponse ReflectionService::Answer(const ServerReflectionRequest& request) const {
  ServerReflectionResponse response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case ServerReflectionRequest::kFileByFilename:
      AddFile(Pool().FindFileByName(request.file_by_filename()),
              absl::StrCat("file ", request.file_by_filename()), &response);
      break;
    case ServerReflectionRequest::kFileContainingSymbol:
      AddFile(Pool().FindFileContainingSymbol(request.file_containing_symbol()),
              absl::StrCat("symbol ", request.file_containing_symbol()), &response);
      break;
    case ServerReflectionRequest::kFileContainingExtension:
      AddFileOfExtension(request.file_containing_extension(), &response);
      break;
    case ServerReflectionRequest::kAllExtensionNumbersOfType:
      AddExtensions(request.all_extension_numbers_of_type(), &response);
      break;
    case ServerReflectionRequest::kListServices:
      for (const std::string& name : services_) {
        response.mutable_list_services_response()->add_service()->set_name(name);
      }
      break;
    case ServerReflectionRequest::MESSAGE_REQUEST_NOT_SET:
      Fail(grpc::StatusCode::INVALID_ARGUMENT, "nothing is asked that is known here", &response);
      break;
  }
  return response;
}

void ReflectionService::Serve(std::unique_ptr<Rpc> rpc) const {
  ServerReflectionRequest request;
  if (rpc->Parse(&request)) rpc->Reply(Answer(request));
}

}  // namespace tipgate
