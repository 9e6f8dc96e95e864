#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/strings/string_view.h"
#include "core/calendar.h"
#include "core/key_memory.h"
#include "core/sequencer.h"
#include "core/state.h"
#include "server/grpc_server.h"
#include "server/job.h"
#include "server/service_context.h"
#include "server/stats.h"
#include "storage/entry_codec.h"
#include "storage/sha256.h"

namespace tipgate {

// The way of a call through the gate without its threads, network, disk and clock: the handlers,
// the sequencer, the journal's encoder and the replies are the gate's own, what lies between them
// is left out. So the same calls take the same instructions whenever they are made. One thread.
//
// Life of a call: Begin, Parse, Decide, Encode, Reply.
class TipStages final : public JobIntake {
 public:
  // A gate that knows nobody yet. Its time is `now_ms`.
  TipStages(PolicyPtr policy, GiftCatalogPtr gifts, int64_t now_ms);
  ~TipStages() override;

  const GrpcServer::Handlers& handlers() const { return handlers_; }

  // A request as it came from the network, so much after the one before. The handler outlives the
  // call.
  void Begin(const RpcHandler* handler, const grpc::ByteBuffer& request, int64_t after_ms);

  // A gRPC thread's part: bytes to a command, with its keys looked up in an index that has none.
  void Parse();
  // The sequencer's, in a batch of its own.
  void Decide();
  // The journal's, up to the bytes that would be written.
  void Encode();
  // The part of Encode that is the hash chain, once more. Changes nothing.
  void Hash();
  // The replying thread's: answers to bytes.
  void Reply();

  // Of the last call.
  const grpc::ByteBuffer& reply() const { return reply_; }

  // Parse takes the job here.
  void Submit(std::unique_ptr<Job> job) override;

 private:
  class EmptyStore;

  void Run(Command command);

  State state_;
  KeyMemory keys_;
  Calendar calendar_;
  Sequencer sequencer_;
  EntryEncoder encoder_;
  Sha256 sha256_;
  ChainHash last_hash_{};
  const std::unique_ptr<EmptyStore> store_;
  PipelineStats stats_;
  ServiceContext context_;
  GrpcServer::Handlers handlers_;

  // Of the call.
  Moment now_;
  const RpcHandler* handler_ = nullptr;
  grpc::ByteBuffer request_;
  Job* job_ = nullptr;  // owns itself
  Batch batch_;
  absl::string_view entry_bytes_;
  grpc::ByteBuffer reply_;
};

}  // namespace tipgate
