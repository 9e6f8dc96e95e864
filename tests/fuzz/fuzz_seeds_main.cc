// fuzz_seeds FOLDER: writes the first inputs of the corpora into FOLDER/TARGET, made from real
// messages, entries, entities and files. What a fuzzer makes of them is merged into
// tests/fuzz/corpus by ./dev fuzz --keep.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "storage/entry_codec.h"
#include "storage/field_writer.h"
#include "storage/head_mark.h"
#include "storage/state_key.h"
#include "tests/differ/random.h"
#include "tests/fuzz/call_script.h"
#include "tests/storage/sample_entries.h"
#include "tests/support/random_evening.h"
#include "tipgate/v1/event.pb.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/policy_service.pb.h"
#include "tipgate/v1/recharge.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/streamer.pb.h"
#include "tipgate/v1/tip.pb.h"
#include "yaml/yaml_message.h"

namespace tipgate::fuzz {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder(const fs::path& parent, const char* target) : path_(parent / target) {
    fs::create_directories(path_);
  }
  void Add(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / absl::StrCat("seed-", name), std::ios::binary) << bytes;
  }

 private:
  const fs::path path_;
};

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// --- Requests -----------------------------------------------------------------------------------

constexpr uint8_t kAnn = 1 << 6;
constexpr uint8_t kBob = 2 << 6;
// Calls of an hour later.
constexpr uint8_t kHourLater = 22;

// Calls one after the other, each with a key of its own.
class Script {
 public:
  template <typename RequestType>
  Script& Call(const char* method, RequestType request, uint8_t header = 0) {
    if constexpr (requires { request.set_idempotency_key(""); }) {
      if (request.idempotency_key().empty()) {
        request.set_idempotency_key(absl::StrCat("k", calls_.size()));
      }
    }
    calls_.push_back(
        {.method = MethodPlace(method), .header = header, .request = request.SerializeAsString()});
    return *this;
  }
  std::string bytes() const { return WriteScript(calls_); }

 private:
  std::vector<ScriptedCall> calls_;
};

// The id of the first record of the n-th call of a script, if each call before it has one.
int64_t RecordOfCall(int64_t n) {
  constexpr int64_t kSceneEntries = 5;
  return RecordId(kSceneEntries + n, 0).value();
}

v1::TipIntent Intent(const std::string& key, int32_t count, bool is_hold = false) {
  v1::TipIntent tip;
  tip.set_idempotency_key(key);
  tip.set_payer_id(1);
  tip.set_streamer_id(1);
  tip.set_session_id(1);
  tip.set_gift_id(5);
  tip.set_unit_price_minor(10'000);
  tip.set_count(count);
  tip.set_hold(is_hold);
  return tip;
}

v1::AuthorizeTipRequest Tip(const std::string& key, int32_t count, bool is_hold = false) {
  v1::AuthorizeTipRequest request;
  *request.mutable_tip() = Intent(key, count, is_hold);
  return request;
}

// A message of this text; fields as people write them.
template <typename MessageType>
MessageType Of(const std::string& yaml) {
  MessageType message;
  const auto read = ReadYamlMessage("seed", yaml, &message);
  if (!read.ok()) std::cerr << read.status() << "\n";
  TIPGATE_CHECK(read.ok());
  return message;
}

void AddTips(const Folder& folder) {
  v1::AuthorizeTipsRequest batch;
  v1::StreamTipsRequest stream;
  for (int i = 0; i < 3; ++i) {
    *batch.add_tips() = Intent(absl::StrCat("b", i), i);  // the first one is malformed
    *stream.add_tips() = Intent(absl::StrCat("s", i), 1);
  }
  v1::CheckTipRequest check;
  *check.mutable_tip() = Intent("", 50);
  folder.Add("tips", Script()
                         .Call("AuthorizeTip", Tip("a", 2))
                         .Call("AuthorizeTip", Tip("a", 2))
                         .Call("AuthorizeTip", Tip("a", 3))
                         .Call("AuthorizeTips", batch)
                         .Call("StreamTips", stream)
                         .Call("CheckTip", check)
                         .bytes());
  folder.Add("tip-life",
             Script()
                 .Call("AuthorizeTip", Tip("h1", 2, true))
                 .Call("AuthorizeTip", Tip("h2", 2, true))
                 .Call("CaptureTip", Of<v1::CaptureTipRequest>(absl::StrCat(
                                         "tip_id: ", RecordOfCall(1), "\namount_minor: 15000")))
                 .Call("VoidTip", Of<v1::VoidTipRequest>(absl::StrCat("tip_id: ", RecordOfCall(2))))
                 .Call("RefundTip",
                       Of<v1::RefundTipRequest>(
                           absl::StrCat("tip_id: ", RecordOfCall(1),
                                        "\namount_minor: 100\nreason: wrong\ncase_reference: c-1")),
                       kAnn)
                 .Call("GetTip", Of<v1::GetTipRequest>(absl::StrCat("tip_id: ", RecordOfCall(1))))
                 .Call("GetTip", Of<v1::GetTipRequest>("idempotency_key: h2"))
                 .Call("ListTips", Of<v1::ListTipsRequest>("payer_id: 1\npage_size: 1"))
                 .Call("ListTips", Of<v1::ListTipsRequest>("session_id: 1"))
                 .Call("WatchEvents", Of<v1::WatchEventsRequest>("kinds: [tip_accepted]"))
                 .bytes());
}

void AddRecharges(const Folder& folder) {
  folder.Add(
      "recharges",
      Script()
          .Call("AuthorizeRecharge",
                Of<v1::AuthorizeRechargeRequest>("payer_id: 1\namount_minor: 30000"))
          .Call("AuthorizeRecharge", Of<v1::AuthorizeRechargeRequest>(
                                         "payer_id: 1\namount_minor: 20000\nhold_duration: 1h"))
          .Call("CaptureRecharge",
                Of<v1::CaptureRechargeRequest>(absl::StrCat("recharge_id: ", RecordOfCall(1))))
          .Call("VoidRecharge",
                Of<v1::VoidRechargeRequest>(absl::StrCat("recharge_id: ", RecordOfCall(2))))
          .Call("CheckRecharge",
                Of<v1::CheckRechargeRequest>("recharge:\n  payer_id: 1\n  amount_minor: 600000"))
          .Call("GetRecharge",
                Of<v1::GetRechargeRequest>(absl::StrCat("recharge_id: ", RecordOfCall(1))))
          .bytes());
}

void AddPeople(const Folder& folder) {
  folder.Add(
      "payer",
      Script()
          .Call("PutPayer", Of<v1::PutPayerRequest>(
                                "payer_id: 2\nfacts:\n  real_name_verified: true\n  birth_date:\n"
                                "    year: 2012\n    month: 2\n    day: 29\n  source: idp"))
          .Call("GetPayer", Of<v1::GetPayerRequest>("payer_id: 2"))
          .Call("PausePayer", Of<v1::PausePayerRequest>("payer_id: 1\nduration: 1d"))
          .Call("SetSelfLimits", Of<v1::SetSelfLimitsRequest>(
                                     "payer_id: 1\nday_limit:\n  kind: set\n  limit_minor: 20000"))
          .Call("GetPayer", Of<v1::GetPayerRequest>("payer_id: 1"), kHourLater)
          .bytes());
  folder.Add(
      "payer-cases",
      Script()
          .Call("FreezePayer", Of<v1::FreezePayerRequest>("payer_id: 1\ncase_reference: c-1"), kAnn)
          .Call("UnfreezePayer", Of<v1::UnfreezePayerRequest>("payer_id: 1\ncase_reference: c-1"),
                kAnn)
          .Call("UnfreezePayer", Of<v1::UnfreezePayerRequest>("payer_id: 1\ncase_reference: c-1"),
                kBob)
          .bytes());
  folder.Add("streamer",
             Script()
                 .Call("PutStreamer", Of<v1::PutStreamerRequest>(
                                          "streamer_id: 2\nfacts:\n  real_name_verified: true\n"
                                          "  age_band: adult\n  tier: L1\n  agency_id: 7"))
                 .Call("OpenSession", Of<v1::OpenSessionRequest>("session_id: 2\nstreamer_id: 2"))
                 .Call("OpenSession", Of<v1::OpenSessionRequest>("session_id: 3\nstreamer_id: 2"))
                 .Call("CloseSession", Of<v1::CloseSessionRequest>("session_id: 2"), kHourLater)
                 .Call("GetSession", Of<v1::GetSessionRequest>("session_id: 2"))
                 .Call("GetStreamer", Of<v1::GetStreamerRequest>("streamer_id: 2"))
                 .Call("GetAgency", Of<v1::GetAgencyRequest>("agency_id: 7"))
                 .bytes());
}

void AddStaff(const Folder& folder) {
  folder.Add("income",
             Script()
                 .Call("AuthorizeTip", Tip("t", 2))
                 .Call("FreezeIncome",
                       Of<v1::FreezeIncomeRequest>(
                           "scope:\n  streamer_id: 1\nreason: why\ncase_reference: c-1"),
                       kAnn)
                 .Call("ListIncomeJobs", v1::ListIncomeJobsRequest())
                 .Call("GetIncomeJob",
                       Of<v1::GetIncomeJobRequest>(absl::StrCat("job_id: ", RecordOfCall(2))))
                 .Call("ReleaseIncome",
                       Of<v1::ReleaseIncomeRequest>(
                           "scope:\n  whole_case: true\nreason: why\ncase_reference: c-1"),
                       kBob)
                 .bytes());
  v1::ProposePolicyRequest proposal;
  const auto read =
      ReadYamlFile(TIPGATE_SOURCE_DIR "/deploy/policy.yaml", proposal.mutable_policy());
  TIPGATE_CHECK(read.ok());
  v1::ValidatePolicyRequest validation;
  *validation.mutable_policy() = proposal.policy();
  v1::PutGiftsRequest gifts;
  TIPGATE_CHECK(
      ReadYamlFile(TIPGATE_SOURCE_DIR "/deploy/gifts.yaml", gifts.mutable_catalog()).ok());
  folder.Add(
      "policy",
      Script()
          .Call("ValidatePolicy", validation)
          .Call("ProposePolicy", proposal, kAnn)
          .Call("ApprovePolicy",
                Of<v1::ApprovePolicyRequest>(absl::StrCat("proposal_id: ", RecordOfCall(1))), kBob)
          .Call("GetPolicy", v1::GetPolicyRequest())
          .Call("ListPolicies", Of<v1::ListPoliciesRequest>("page_size: 1"))
          .Call("RollBackPolicy", Of<v1::RollBackPolicyRequest>("version: 1"), kAnn)
          .bytes());
  folder.Add(
      "gifts",
      Script().Call("PutGifts", gifts, kAnn).Call("ListGifts", v1::ListGiftsRequest()).bytes());
}

// Every method with nothing in its request, and with a byte that is no message.
void AddEmpty(const Folder& folder) {
  std::vector<ScriptedCall> calls;
  for (size_t i = 0; i < Methods().size(); ++i) {
    calls.push_back({.method = static_cast<uint8_t>(i), .header = kAnn, .request = ""});
    calls.push_back({.method = static_cast<uint8_t>(i), .header = 0, .request = "\xff"});
    if (calls.size() + 2 <= kCallsMax) continue;
    folder.Add(absl::StrCat("empty-", i), WriteScript(std::exchange(calls, {})));
  }
  folder.Add("empty", WriteScript(calls));
}

// --- The data directory -------------------------------------------------------------------------

std::string EntryInput(const Entry& entry) {
  const std::string bytes = BytesOf(entry);
  return absl::StrCat("e", absl::string_view(bytes).substr(0, bytes.size() - sizeof(ChainHash)));
}

template <typename T>
void AddEntities(const Folder& folder, StateKind kind, const std::vector<T>& entities) {
  // The largest and the first.
  std::string largest;
  for (const T& entity : entities) {
    ByteBuffer fields;
    AppendFields(entity, nullptr, &fields);
    if (fields.size() > largest.size()) largest = std::string(fields.view());
  }
  largest.insert(largest.begin(), static_cast<char>(kind));
  folder.Add(absl::StrCat("entity-", static_cast<int>(kind)), largest);
}

void AddJournal(const Folder& folder) {
  for (size_t kind = 0; kind < std::variant_size_v<Record>; ++kind) {
    folder.Add(absl::StrCat("entry-", kind), EntryInput(SampleEntry(static_cast<int>(kind))));
  }
  CoreGate gate;
  RunRandomEvening(1, 2'000, &gate, true);
  gate.Checkpoint();
  std::vector<Payer> payers;
  TIPGATE_CHECK(gate.store
                    ->LoadPayers([&](absl::Span<const Payer> part) {
                      payers.insert(payers.end(), part.begin(), part.end());
                    })
                    .ok());
  const StoredState state = *gate.store->Load();
  AddEntities(folder, StateKind::kPayer, payers);
  AddEntities(folder, StateKind::kStreamer, state.streamers);
  AddEntities(folder, StateKind::kSession, state.sessions);
  AddEntities(folder, StateKind::kRecharge, state.recharges);
  AddEntities(folder, StateKind::kTotals, std::vector<Totals>{state.totals});
  AddEntities(folder, StateKind::kControls, state.controls);
  AddEntities(folder, StateKind::kRecentTips, state.recent_tips);
  AddEntities(folder, StateKind::kSanctions, state.sanctions);
  AddEntities(folder, StateKind::kStops, std::vector<Stops>{state.stops});
  AddEntities(folder, StateKind::kPolicies, std::vector<PolicyBook>{state.policies});
  AddEntities(folder, StateKind::kTip, state.tips);
  AddEntities(folder, StateKind::kAgency, state.agencies);
  AddEntities(folder, StateKind::kIncomeJob, state.income_jobs);
  folder.Add("head",
             absl::StrCat("Htipgate journal head\nsequence 1\nhash ", std::string(64, 'a'), "\n"));
  folder.Add("format", "Ftipgate data directory\nformat 6\n");
}

// --- The rest -----------------------------------------------------------------------------------

void AddYaml(const Folder& folder) {
  for (const char* name : {"policy", "gifts", "tipgate"}) {
    folder.Add(absl::StrCat(name, ".yaml"),
               ReadFile(fs::path(TIPGATE_SOURCE_DIR) / "deploy" / absl::StrCat(name, ".yaml")));
  }
  folder.Add("flow.yaml",
             "{gifts: [{gift_id: 1, unit_price_minor: 100, name: \"\\u73ab\\x41\"},"
             " {gift_id: 2, unit_price_minor: 1, is_disabled: true}]}\n");
  folder.Add("block.yaml",
             "gifts:\n  - gift_id: 1\n    name: |-\n      a\n    unit_price_minor: 1\n"
             "  - ? gift_id\n    : 2\n    name: >\n      b\n");
  folder.Add("deep.yaml", std::string(40, '[') + std::string(40, ']'));
  folder.Add("dashes.yaml",
             "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -");
  folder.Add("anchors.yaml", "a: &x [1]\nb: *x\n<<: *x\n--- !!map {}\n...\n%YAML 1.2\n---\n");
}

// As long as what is drawn is of use: a policy, an opening, and some requests.
void AddOperations(const Folder& folder) {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    differ::Random random(seed);
    std::string bytes(300 + 100 * seed, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.Below(256));
    folder.Add(absl::StrCat(seed), bytes);
  }
}

void WriteAll(const fs::path& path) {
  const Folder requests(path, "requests");
  AddTips(requests);
  AddRecharges(requests);
  AddPeople(requests);
  AddStaff(requests);
  AddEmpty(requests);
  AddJournal(Folder(path, "journal"));
  AddYaml(Folder(path, "yaml"));
  AddOperations(Folder(path, "operations"));
}

}  // namespace
}  // namespace tipgate::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "Usage: fuzz_seeds FOLDER\n";
    return 2;
  }
  tipgate::fuzz::WriteAll(argv[1]);
  return 0;
}
