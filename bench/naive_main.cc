// tipnaive: what would the simplest design that keeps the same promise reach? A synchronous gRPC
// service and one synced RocksDB write for each tip, under a mutex: the floor of `./dev bench
// --peers`. It speaks the part of the gate's API that tipbench needs, and ends with SIGTERM.

#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "bench/gate_process.h"
#include "bench/naive_gate.h"
#include "tipgate/v1/payer.grpc.pb.h"
#include "tipgate/v1/session.grpc.pb.h"
#include "tipgate/v1/streamer.grpc.pb.h"
#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {
namespace {

grpc::Status ToGrpc(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

class Tips final : public v1::TipService::Service {
 public:
  explicit Tips(NaiveGate& gate) : gate_(gate) {}

  grpc::Status AuthorizeTip(grpc::ServerContext*, const v1::AuthorizeTipRequest* request,
                            v1::AuthorizeTipResponse* response) override {
    auto decision = gate_.Authorize(request->tip());
    if (!decision.ok()) return ToGrpc(decision.status());
    *response->mutable_decision() = *std::move(decision);
    return grpc::Status::OK;
  }

  grpc::Status AuthorizeTips(grpc::ServerContext*, const v1::AuthorizeTipsRequest* request,
                             v1::AuthorizeTipsResponse* response) override {
    for (const v1::TipIntent& intent : request->tips()) {
      auto decision = gate_.Authorize(intent);
      v1::TipResult& result = *response->add_results();
      if (decision.ok()) {
        *result.mutable_decision() = *std::move(decision);
      } else {
        result.mutable_error()->set_code(static_cast<int>(decision.status().code()));
        result.mutable_error()->set_message(std::string(decision.status().message()));
      }
    }
    return grpc::Status::OK;
  }

 private:
  NaiveGate& gate_;
};

class Payers final : public v1::PayerService::Service {
 public:
  explicit Payers(NaiveGate& gate) : gate_(gate) {}

  grpc::Status PutPayer(grpc::ServerContext*, const v1::PutPayerRequest* request,
                        v1::PutPayerResponse* response) override {
    response->set_payer_id(request->payer_id());
    return ToGrpc(gate_.PutPayer(*request));
  }

 private:
  NaiveGate& gate_;
};

class Streamers final : public v1::StreamerService::Service {
 public:
  explicit Streamers(NaiveGate& gate) : gate_(gate) {}

  grpc::Status PutStreamer(grpc::ServerContext*, const v1::PutStreamerRequest* request,
                           v1::PutStreamerResponse* response) override {
    response->set_streamer_id(request->streamer_id());
    return ToGrpc(gate_.PutStreamer(*request));
  }

 private:
  NaiveGate& gate_;
};

class Sessions final : public v1::SessionService::Service {
 public:
  explicit Sessions(NaiveGate& gate) : gate_(gate) {}

  grpc::Status OpenSession(grpc::ServerContext*, const v1::OpenSessionRequest* request,
                           v1::OpenSessionResponse* response) override {
    response->set_outcome(v1::OUTCOME_ACCEPTED);
    return ToGrpc(gate_.OpenSession(*request));
  }

 private:
  NaiveGate& gate_;
};

// Appears at once and whole, as the gate's ready file does.
bool WriteReadyFile(const std::string& path, const std::string& address) {
  const std::string unfinished = path + ".tmp";
  std::ofstream(unfinished) << "{\"listen_address\":\"" << address
                            << "\",\"metrics_address\":\"\",\"pid\":" << getpid() << "}\n";
  return std::rename(unfinished.c_str(), path.c_str()) == 0;
}

int Fail(const std::string& message) {
  std::cerr << "tipnaive: " << message << "\n";
  return 1;
}

int Main(int argc, char** argv) {
  std::string host = "127.0.0.1";
  std::string data_dir;
  std::string ready_file;
  std::string policy_file = SampleFile("policy.yaml");
  std::string gifts_file = SampleFile("gifts.yaml");
  CLI::App app("The simplest gate that is durable before it answers, as a floor.", "tipnaive");
  app.add_option("--data-dir", data_dir, "Folder of its RocksDB, made if missing")->required();
  app.add_option("--ready-file", ready_file, "Written when it serves")->required();
  app.add_option("--policy", policy_file, "Policy; default the sample");
  app.add_option("--gifts", gifts_file, "Gift catalogue; default the sample");
  CLI11_PARSE(app, argc, argv);

  auto rules = ReadPeerRules(policy_file, gifts_file);
  if (!rules.ok()) return Fail(std::string(rules.status().message()));
  auto gate = NaiveGate::Open(data_dir, *std::move(rules));
  if (!gate.ok()) return Fail(std::string(gate.status().message()));
  Tips tips(**gate);
  Payers payers(**gate);
  Streamers streamers(**gate);
  Sessions sessions(**gate);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(host + ":0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&tips);
  builder.RegisterService(&payers);
  builder.RegisterService(&streamers);
  builder.RegisterService(&sessions);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return Fail("cannot listen on " + host);
  const std::string address = absl::StrCat(host, ":", port);
  if (!WriteReadyFile(ready_file, address)) return Fail("cannot write " + ready_file);
  std::cout << "tipnaive serves on " << address << std::endl;
  server->Wait();
  return 0;
}

}  // namespace
}  // namespace tipgate

int main(int argc, char** argv) { return tipgate::Main(argc, argv); }
