// tip_stages: how many instructions does a tip take in each stage of the gate: parse, decide,
// journal, reply?
//
// Sends tips in calls of so many as the argument says to a gate of 10,000 payers and 300 sessions,
// the first of which gets about a sixth of all; the sample policy and the cheapest of the sample
// gifts are in force, and every tip is accepted. All is drawn from a fixed seed. The program itself
// counts nothing: callgrind counts the functions that begin with Count, under bench/perf_gate.py.
// On stdout: how many tips those are about, and what else the count depends on, as JSON.

#include <gnu/libc-version.h>
#include <google/protobuf/stubs/common.h>
#include <grpcpp/grpcpp.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/base/config.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "bench/load_traffic.h"
#include "bench/load_wire.h"
#include "bench/load_zipf.h"
#include "bench/tip_stages.h"
#include "core/check.h"
#include "server/grpc_message.h"
#include "server/policy_conversion.h"
#include "server/policy_file.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/streamer.pb.h"

// Found by their names in what callgrind writes, so they are neither inlined nor left with a jump.
#define TIPGATE_COUNTED(name, method)                                             \
  extern "C" [[gnu::noinline, gnu::used]] void name(tipgate::TipStages* stages) { \
    stages->method();                                                             \
    asm volatile("");                                                             \
  }
TIPGATE_COUNTED(CountParse, Parse)
TIPGATE_COUNTED(CountDecide, Decide)
TIPGATE_COUNTED(CountJournal, Encode)
TIPGATE_COUNTED(CountChain, Hash)
TIPGATE_COUNTED(CountReply, Reply)
#undef TIPGATE_COUNTED

namespace tipgate {
namespace {

constexpr int64_t kStartMs = 1'795'435'200'000;  // 20:00 in Shanghai
constexpr int64_t kPayers = 10'000;
constexpr uint32_t kSessions = 300;
constexpr double kPopularityExponent = 1;
constexpr size_t kGifts = 8;
constexpr int64_t kBatchTips = 1'000;  // the largest number of tips a call here
constexpr int64_t kWarmUpTips = 5'000;
constexpr int64_t kCountedTips = 20'000;
// A payer's tips must not be so near to each other that they have to cool off.
constexpr int64_t kTipsPerSecond = 1'000;

// Who is there, and what they send.
class Scene {
 public:
  Scene(const v1::TippingPolicy& policy, const v1::GiftCatalog& gifts)
      : stages_(std::make_shared<const Policy>(ToPolicy(policy)),
                std::make_shared<const GiftCatalog>(ToGiftCatalog(gifts)), kStartMs) {
    AddGifts(gifts);
    for (int64_t id = 1; id <= kPayers; ++id) PutPayer(id);
    for (int64_t id = 1; id <= kSessions; ++id) PutSession(id, policy.tiers().rbegin()->name());
  }

  TipStages& stages() { return stages_; }

  // A call with the next tips is about to be made.
  void BeginTips(int64_t tips_count) {
    for (int64_t i = 0; i < tips_count; ++i) {
      const auto payer = 1 + static_cast<int64_t>(DrawUniform(random_, kPayers));
      const uint32_t session = popularity_.Draw(random_);
      const size_t gift = DrawUniform(random_, gift_fields_.size());
      writer_.Add(++keys_count_, payer, session_fields_[session], gift_fields_[gift]);
    }
    const GrpcServer::Handlers& handlers = stages_.handlers();
    stages_.Begin(tips_count == 1 ? &handlers.authorize_tip : &handlers.authorize_tips,
                  writer_.Take(), std::max<int64_t>(1, tips_count * 1'000 / kTipsPerSecond));
  }

  // The call has been answered.
  void CheckReply(int64_t tips_count) {
    const std::string bytes = Flattened(stages_.reply());
    const auto outcomes = tips_count == 1 ? ReadTipResponse(bytes)
                                          : ReadTipsResponse(bytes, static_cast<int>(tips_count));
    TIPGATE_CHECK(outcomes.ok());
    TIPGATE_CHECK(outcomes->accepted_count == tips_count);
  }

 private:
  void AddGifts(const v1::GiftCatalog& catalog) {
    std::vector<v1::Gift> gifts(catalog.gifts().begin(), catalog.gifts().end());
    std::stable_sort(gifts.begin(), gifts.end(), [](const v1::Gift& a, const v1::Gift& b) {
      return a.unit_price_minor() < b.unit_price_minor();
    });
    gifts.resize(std::min(gifts.size(), kGifts));
    for (const v1::Gift& gift : gifts) {
      gift_fields_.push_back(EncodeGiftFields(gift.gift_id(), gift.unit_price_minor(), 1));
    }
  }

  void PutPayer(int64_t id) {
    v1::PutPayerRequest request;
    request.set_payer_id(id);
    SetAdult(request.mutable_facts());
    Call(stages_.handlers().put_payer, &request);
  }

  void PutSession(int64_t id, const std::string& tier) {
    v1::PutStreamerRequest streamer;
    streamer.set_streamer_id(id);
    SetAdult(streamer.mutable_facts());
    streamer.mutable_facts()->set_tier(tier);
    Call(stages_.handlers().put_streamer, &streamer);
    v1::OpenSessionRequest session;
    session.set_session_id(id);
    session.set_streamer_id(id);
    Call(stages_.handlers().open_session, &session);
    session_fields_.push_back(EncodeSessionFields(id, id));
  }

  template <typename FactsType>
  static void SetAdult(FactsType* facts) {
    facts->set_real_name_verified(true);
    facts->mutable_birth_date()->set_year(1990);
    facts->mutable_birth_date()->set_month(5);
    facts->mutable_birth_date()->set_day(17);
    facts->set_source("idp");
  }

  template <typename RequestType>
  void Call(const RpcHandler& handler, RequestType* request) {
    request->set_idempotency_key(absl::StrCat("scene-", ++keys_count_));
    stages_.Begin(&handler, SerializeToBytes(*request), 1);
    stages_.Parse();
    stages_.Decide();
    stages_.Encode();
    stages_.Reply();
  }

  TipStages stages_;
  std::vector<std::string> session_fields_;
  std::vector<std::string> gift_fields_;
  uint64_t keys_count_ = 0;
  std::mt19937_64 random_{1};
  const Zipf popularity_{kSessions, kPopularityExponent};
  TipRequestWriter writer_;
};

// What came before the counted tips has grown the buffers.
void WarmUp(int64_t tips_per_call, Scene* scene) {
  for (int64_t tips = 0; tips < kWarmUpTips; tips += tips_per_call) {
    scene->BeginTips(tips_per_call);
    scene->stages().Parse();
    scene->stages().Decide();
    scene->stages().Encode();
    scene->stages().Reply();
    scene->CheckReply(tips_per_call);
  }
}

void Count(int64_t tips_per_call, Scene* scene) {
  for (int64_t tips = 0; tips < kCountedTips; tips += tips_per_call) {
    scene->BeginTips(tips_per_call);
    CountParse(&scene->stages());
    CountDecide(&scene->stages());
    CountJournal(&scene->stages());
    CountChain(&scene->stages());
    CountReply(&scene->stages());
    scene->CheckReply(tips_per_call);
  }
}

void Describe() {
  std::cout << "{\"tips\": " << kCountedTips << ",\n \"made_with\": {\"compiler\": \""
            << TIPGATE_COMPILER << "\", \"build\": \"" << TIPGATE_BUILD << "\", \"processor\": \""
            << TIPGATE_PROCESSOR << "\"},\n \"libraries\": {"
            << "\"abseil\": \"" << ABSL_LTS_RELEASE_VERSION << "\", \"glibc\": \""
            << gnu_get_libc_version() << "\", \"grpc\": \"" << grpc::Version()
            << "\", \"openssl\": \"" << OpenSSL_version(OPENSSL_VERSION_STRING)
            << "\", \"protobuf\": \""
            << google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION) << "\"}}\n";
}

int Main(int argc, char** argv) {
  int64_t tips_per_call = 0;
  if (argc != 4 || !absl::SimpleAtoi(argv[3], &tips_per_call) || tips_per_call < 1 ||
      kBatchTips % tips_per_call != 0) {
    std::cerr << "Usage: tip_stages POLICY_FILE GIFTS_FILE TIPS_PER_CALL\n"
                 "TIPS_PER_CALL is 1 .. 1000, and 1000 a multiple of it.\n";
    return 2;
  }
  const auto policy = LoadPolicy(argv[1]);
  const auto gifts = LoadGifts(argv[2]);
  for (const absl::Status& status : {policy.status(), gifts.status()}) {
    if (status.ok()) continue;
    std::cerr << "tip_stages: " << status.message() << "\n";
    return 1;
  }
  Scene scene(policy->policy, *gifts);
  WarmUp(tips_per_call, &scene);
  Count(tips_per_call, &scene);
  Describe();
  return 0;
}

}  // namespace
}  // namespace tipgate

int main(int argc, char** argv) { return tipgate::Main(argc, argv); }
