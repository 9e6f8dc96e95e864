#include "tests/fuzz/call_script.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "storage/byte_order.h"

namespace tipgate::fuzz {
namespace {

constexpr size_t kHeaderBytes = 4;
constexpr size_t kRequestBytesMax = 65'535;

}  // namespace

const std::vector<Method>& Methods() {
  using Handlers = GrpcServer::Handlers;
  static const std::vector<Method>* const kMethods = new std::vector<Method>{
      {"AuthorizeTip", &Handlers::authorize_tip},
      {"AuthorizeTips", &Handlers::authorize_tips},
      {"StreamTips", &Handlers::stream_tips},
      {"CheckTip", &Handlers::check_tip},
      {"GetTip", &Handlers::get_tip},
      {"ListTips", &Handlers::list_tips},
      {"CaptureTip", &Handlers::capture_tip},
      {"VoidTip", &Handlers::void_tip},
      {"RefundTip", &Handlers::refund_tip},
      {"AuthorizeRecharge", &Handlers::authorize_recharge},
      {"CaptureRecharge", &Handlers::capture_recharge},
      {"VoidRecharge", &Handlers::void_recharge},
      {"CheckRecharge", &Handlers::check_recharge},
      {"RefundRecharge", &Handlers::refund_recharge},
      {"GetRecharge", &Handlers::get_recharge},
      {"PutPayer", &Handlers::put_payer},
      {"GetPayer", &Handlers::get_payer},
      {"PausePayer", &Handlers::pause_payer},
      {"SetSelfLimits", &Handlers::set_self_limits},
      {"SetPreferences", &Handlers::set_preferences},
      {"StartConfirmation", &Handlers::start_confirmation},
      {"CompleteConfirmation", &Handlers::complete_confirmation},
      {"FreezePayer", &Handlers::freeze_payer},
      {"UnfreezePayer", &Handlers::unfreeze_payer},
      {"StartCoolingOff", &Handlers::start_cooling_off},
      {"PutStreamer", &Handlers::put_streamer},
      {"GetStreamer", &Handlers::get_streamer},
      {"SanctionStreamer", &Handlers::sanction_streamer},
      {"LiftSanction", &Handlers::lift_sanction},
      {"FreezeIncome", &Handlers::freeze_income},
      {"ReleaseIncome", &Handlers::release_income},
      {"RefundTips", &Handlers::refund_tips},
      {"GetIncomeJob", &Handlers::get_income_job},
      {"GetAgency", &Handlers::get_agency},
      {"ListIncomeJobs", &Handlers::list_income_jobs},
      {"DelayIncome", &Handlers::delay_income},
      {"OpenSession", &Handlers::open_session},
      {"CloseSession", &Handlers::close_session},
      {"GetSession", &Handlers::get_session},
      {"EmergencyStop", &Handlers::emergency_stop},
      {"LiftStop", &Handlers::lift_stop},
      {"ListStops", &Handlers::list_stops},
      {"ProposePolicy", &Handlers::propose_policy},
      {"ValidatePolicy", &Handlers::validate_policy},
      {"ApprovePolicy", &Handlers::approve_policy},
      {"WithdrawProposal", &Handlers::withdraw_proposal},
      {"RollBackPolicy", &Handlers::roll_back_policy},
      {"ListPolicies", &Handlers::list_policies},
      {"GetPolicy", &Handlers::get_policy},
      {"PutGifts", &Handlers::put_gifts},
      {"ListGifts", &Handlers::list_gifts},
      {"GetServerInfo", &Handlers::get_server_info},
      {"ListRejectionCodes", &Handlers::list_rejection_codes},
      {"WatchEvents", nullptr},
      {"VerifyJournal", nullptr},
      {"CreateBackup", nullptr},
      {"ListBackups", &Handlers::list_backups},
  };
  return *kMethods;
}

uint8_t MethodPlace(absl::string_view name) {
  const auto place = std::find_if(Methods().begin(), Methods().end(),
                                  [name](const Method& method) { return name == method.name; });
  TIPGATE_CHECK(place != Methods().end());
  return static_cast<uint8_t>(place - Methods().begin());
}

const google::protobuf::Message& RequestOf(const Method& method) {
  const auto* const type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
          absl::StrCat("tipgate.v1.", method.name, "Request"));
  TIPGATE_CHECK(type != nullptr);
  return *google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
}

const char* ScriptedCall::identity() const {
  constexpr const char* kIdentities[] = {"", "ann", "bob", ""};
  return kIdentities[header >> 6];
}

std::vector<ScriptedCall> ReadScript(absl::string_view bytes) {
  std::vector<ScriptedCall> calls;
  while (bytes.size() >= kHeaderBytes && calls.size() < kCallsMax) {
    const size_t size = GetLittleEndian<uint16_t>(bytes.data() + 2);
    calls.push_back(
        {.method = static_cast<uint8_t>(static_cast<uint8_t>(bytes[0]) % Methods().size()),
         .header = static_cast<uint8_t>(bytes[1]),
         .request = std::string(bytes.substr(kHeaderBytes, size))});
    bytes.remove_prefix(std::min(kHeaderBytes + size, bytes.size()));
  }
  return calls;
}

std::string WriteScript(const std::vector<ScriptedCall>& calls) {
  std::string bytes;
  for (const ScriptedCall& call : calls) {
    const absl::string_view request = absl::string_view(call.request).substr(0, kRequestBytesMax);
    char size[2];
    PutLittleEndian(static_cast<uint16_t>(request.size()), size);
    bytes.push_back(static_cast<char>(call.method));
    bytes.push_back(static_cast<char>(call.header));
    bytes.append(size, sizeof(size));
    bytes.append(request.data(), request.size());
  }
  return bytes;
}

}  // namespace tipgate::fuzz
