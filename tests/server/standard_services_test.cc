// Health checking and reflection of a GrpcServer, as probes and tools see them.

#include "server/standard_services.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "tests/server/toy_server.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using grpc::reflection::v1alpha::ServerReflection;
using grpc::reflection::v1alpha::ServerReflectionRequest;
using grpc::reflection::v1alpha::ServerReflectionResponse;

constexpr char kTipService[] = "tipgate.v1.TipService";

HealthCheckRequest RequestFor(const std::string& service) {
  HealthCheckRequest request;
  request.set_service(service);
  return request;
}

grpc::Status Check(const ToyServer& toy, const std::string& service,
                   HealthCheckResponse* response) {
  grpc::ClientContext context;
  return Health::NewStub(toy.Connect())->Check(&context, RequestFor(service), response);
}

// A call of Watch on a connection of its own; cancelled at the end.
class HealthWatcher {
 public:
  HealthWatcher(const ToyServer& toy, const std::string& service)
      : stub_(Health::NewStub(toy.Connect())),
        reader_(stub_->Watch(&context_, RequestFor(service))) {}
  ~HealthWatcher() { context_.TryCancel(); }

  // Waits for it; nothing if the call has ended.
  std::optional<HealthService::Status> Next() {
    HealthCheckResponse response;
    if (!reader_->Read(&response)) return std::nullopt;
    return response.status();
  }
  grpc::Status Finish() { return reader_->Finish(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<Health::Stub> stub_;
  std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> reader_;
};

// A stream of reflection on a connection of its own.
class Reflection {
 public:
  explicit Reflection(const ToyServer& toy)
      : stub_(ServerReflection::NewStub(toy.Connect())),
        stream_(stub_->ServerReflectionInfo(&context_)) {}
  ~Reflection() { context_.TryCancel(); }

  // False if the call has ended.
  bool Ask(const ServerReflectionRequest& request, ServerReflectionResponse* response) {
    return stream_->Write(request) && stream_->Read(response);
  }
  grpc::Status Finish() { return stream_->Finish(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<ServerReflection::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<ServerReflectionRequest, ServerReflectionResponse>>
      stream_;
};

// The answer to a question of which `set_question` sets the one field.
template <typename SetQuestion>
ServerReflectionResponse Ask(const ToyServer& toy, SetQuestion set_question) {
  ServerReflectionRequest request;
  request.set_host("here");
  set_question(request);
  ServerReflectionResponse response;
  EXPECT_TRUE(Reflection(toy).Ask(request, &response));
  EXPECT_EQ(response.valid_host(), "here");
  EXPECT_EQ(response.original_request().SerializeAsString(), request.SerializeAsString());
  return response;
}

std::vector<std::string> FilesOf(const ServerReflectionResponse& response) {
  std::vector<std::string> names;
  for (const std::string& bytes : response.file_descriptor_response().file_descriptor_proto()) {
    google::protobuf::FileDescriptorProto file;
    EXPECT_TRUE(file.ParseFromString(bytes));
    names.push_back(file.name());
  }
  return names;
}

TEST(Health, CheckTellsTheStatusOfTheWholeAndOfEachService) {
  ToyServer toy;
  for (const bool is_serving : {true, false, true}) {
    toy.server().SetServing(is_serving);
    for (const char* service : {"", kTipService, "tipgate.v1.AuditService"}) {
      HealthCheckResponse response;
      ASSERT_TRUE(Check(toy, service, &response).ok()) << service;
      EXPECT_EQ(response.status(),
                is_serving ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING);
    }
  }
}

TEST(Health, CheckOfAnUnknownServiceIsNotFound) {
  ToyServer toy;
  HealthCheckResponse response;
  EXPECT_EQ(Check(toy, "tipgate.v1.NoService", &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST(Health, WatchTellsEachChange) {
  ToyServer toy;
  HealthWatcher whole(toy, "");
  HealthWatcher tips(toy, kTipService);
  EXPECT_EQ(whole.Next(), HealthCheckResponse::SERVING);
  EXPECT_EQ(tips.Next(), HealthCheckResponse::SERVING);
  toy.server().SetServing(false);
  EXPECT_EQ(whole.Next(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(tips.Next(), HealthCheckResponse::NOT_SERVING);
  toy.server().SetServing(true);
  EXPECT_EQ(whole.Next(), HealthCheckResponse::SERVING);
  EXPECT_EQ(tips.Next(), HealthCheckResponse::SERVING);
}

TEST(Health, WatchOfAnUnknownServiceSaysSoUntilTheEnd) {
  ToyServer toy;
  HealthWatcher watcher(toy, "tipgate.v1.NoService");
  EXPECT_EQ(watcher.Next(), HealthCheckResponse::SERVICE_UNKNOWN);
  toy.server().SetServing(false);
  toy.server().Drain();
  EXPECT_EQ(watcher.Next(), std::nullopt);
  EXPECT_EQ(watcher.Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(Health, ADrainTellsNotServingBeforeWatchesEnd) {
  ToyServer toy;
  HealthWatcher watcher(toy, "");
  EXPECT_EQ(watcher.Next(), HealthCheckResponse::SERVING);
  toy.server().Drain();
  EXPECT_EQ(watcher.Next(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(watcher.Next(), std::nullopt);
  EXPECT_EQ(watcher.Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(Health, CheckIsAnsweredWhileTheServerDrains) {
  ToyServer toy;
  toy.HoldTips();
  const auto stub = v1::TipService::NewStub(toy.Connect());
  std::thread caller([&] {
    grpc::ClientContext context;
    v1::GetTipResponse response;
    EXPECT_TRUE(stub->GetTip(&context, v1::GetTipRequest(), &response).ok());
  });
  const std::unique_ptr<Rpc> held = toy.held().Take();
  const auto health = Health::NewStub(toy.Connect());
  const auto check = [&] {
    grpc::ClientContext context;
    HealthCheckResponse response;
    EXPECT_TRUE(health->Check(&context, RequestFor(""), &response).ok());
    return response.status();
  };
  EXPECT_EQ(check(), HealthCheckResponse::SERVING);
  std::thread drainer([&] { toy.server().Drain(); });
  while (check() == HealthCheckResponse::SERVING) std::this_thread::yield();
  toy.server().SetServing(true);  // too late
  EXPECT_EQ(check(), HealthCheckResponse::NOT_SERVING);
  held->Reply(v1::GetTipResponse());
  drainer.join();
  caller.join();
}

TEST(Health, WatchesAreLimitedAndTheirRoomComesBack) {
  ToyServer toy({.health_watches_max = 2});
  HealthWatcher first(toy, "");
  EXPECT_EQ(first.Next(), HealthCheckResponse::SERVING);
  {
    HealthWatcher second(toy, "");
    EXPECT_EQ(second.Next(), HealthCheckResponse::SERVING);
    HealthWatcher third(toy, "");
    EXPECT_EQ(third.Next(), std::nullopt);
    EXPECT_EQ(third.Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  }
  while (HealthWatcher(toy, "").Next() != HealthCheckResponse::SERVING) std::this_thread::yield();
}

TEST(Health, AMalformedWatchIsRefused) {
  ToyServer toy;
  std::string response;
  EXPECT_EQ(
      CallRaw(toy.Connect(), "/grpc.health.v1.Health/Watch", "\xff\xff", &response).error_code(),
      grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(Reflection, ListsTheServices) {
  ToyServer toy;
  const auto response = Ask(toy, [](auto& request) { request.set_list_services("*"); });
  std::vector<std::string> names;
  for (const auto& service : response.list_services_response().service()) {
    names.push_back(service.name());
  }
  EXPECT_EQ(names.size(), 10u);
  EXPECT_THAT(names, IsSupersetOf({kTipService, "grpc.health.v1.Health",
                                   "grpc.reflection.v1alpha.ServerReflection"}));
}

TEST(Reflection, TellsAFileWithAllItImportsEachOnce) {
  ToyServer toy;
  for (const char* symbol :
       {kTipService, "tipgate.v1.TipService.AuthorizeTip", "tipgate.v1.AuthorizeTipRequest"}) {
    const auto files =
        FilesOf(Ask(toy, [&](auto& request) { request.set_file_containing_symbol(symbol); }));
    ASSERT_FALSE(files.empty()) << symbol;
    EXPECT_EQ(files.front(), "tipgate/v1/tip.proto");
    EXPECT_THAT(files, IsSupersetOf({"google/protobuf/timestamp.proto"}));
    EXPECT_EQ(std::set<std::string>(files.begin(), files.end()).size(), files.size());
  }
}

TEST(Reflection, TellsAFileByItsName) {
  ToyServer toy;
  EXPECT_THAT(
      FilesOf(Ask(
          toy, [](auto& request) { request.set_file_by_filename("grpc/health/v1/health.proto"); })),
      ElementsAre("grpc/health/v1/health.proto"));
}

TEST(Reflection, WhatIsNotThereIsNotFound) {
  ToyServer toy;
  const auto expect_not_found = [&](auto set_question) {
    const ServerReflectionResponse response = Ask(toy, set_question);
    EXPECT_EQ(response.error_response().error_code(), grpc::StatusCode::NOT_FOUND);
    EXPECT_THAT(response.error_response().error_message(), Not(""));
  };
  expect_not_found([](auto& request) { request.set_file_by_filename("no.proto"); });
  expect_not_found([](auto& request) { request.set_file_containing_symbol("no.Symbol"); });
  expect_not_found([](auto& request) { request.set_all_extension_numbers_of_type("no.Type"); });
  expect_not_found([](auto& request) {
    request.mutable_file_containing_extension()->set_containing_type("tipgate.v1.Tip");
    request.mutable_file_containing_extension()->set_extension_number(1);
  });
}

TEST(Reflection, AMessageWithoutExtensionsHasNone) {
  ToyServer toy;
  const auto response = Ask(toy, [](auto& request) {
    request.set_all_extension_numbers_of_type("tipgate.v1.AuthorizeTipRequest");
  });
  EXPECT_EQ(response.all_extension_numbers_response().base_type_name(),
            "tipgate.v1.AuthorizeTipRequest");
  EXPECT_EQ(response.all_extension_numbers_response().extension_number_size(), 0);
}

TEST(Reflection, AQuestionThatIsNotOneIsRefusedAndTheStreamGoesOn) {
  ToyServer toy;
  Reflection reflection(toy);
  ServerReflectionResponse response;
  ASSERT_TRUE(reflection.Ask(ServerReflectionRequest(), &response));
  EXPECT_EQ(response.error_response().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  ServerReflectionRequest list;
  list.set_list_services("");
  ASSERT_TRUE(reflection.Ask(list, &response));
  EXPECT_TRUE(response.has_list_services_response());
}

TEST(Reflection, StreamsAreLimited) {
  ToyServer toy({.reflection_streams_max = 1});
  ServerReflectionRequest list;
  list.set_list_services("");
  ServerReflectionResponse response;
  Reflection first(toy);
  ASSERT_TRUE(first.Ask(list, &response));
  Reflection second(toy);
  EXPECT_FALSE(second.Ask(list, &response));
  EXPECT_EQ(second.Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

// Such a thread joins the polling of all connections, and costs each call a wake-up.
std::set<std::string> NamesOfThreads() {
  std::set<std::string> names;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    names.insert(name);
  }
  return names;
}

TEST(StandardServices, NoThreadOfGrpcWaitsForCalls) {
  ToyServer toy;
  std::set<std::string> names = NamesOfThreads();
  while (names.count("grpc") == 0) names = NamesOfThreads();  // ours names itself when it begins
  for (const char* name : {"nexting_thread", "grpcpp_sync_ser"}) {
    EXPECT_EQ(names.count(name), 0u) << name;
  }
}

}  // namespace
}  // namespace tipgate
