#include "server/handlers.h"

#include "server/backup_handlers.h"
#include "server/history_handlers.h"
#include "server/income_handlers.h"
#include "server/info_handler.h"
#include "server/payer_handlers.h"
#include "server/policy_handlers.h"
#include "server/recharge_handlers.h"
#include "server/rejection_handler.h"
#include "server/session_handlers.h"
#include "server/stop_handlers.h"
#include "server/streamer_handlers.h"
#include "server/tip_change_handlers.h"
#include "server/tip_handlers.h"

namespace tipgate {

GrpcServer::Handlers MakeHandlers(ServiceContext* context) {
  GrpcServer::Handlers handlers;
  handlers.authorize_tip = AuthorizeTipHandler(context);
  handlers.authorize_tips = AuthorizeTipsHandler(context);
  handlers.stream_tips = StreamTipsHandler(context);
  handlers.check_tip = CheckTipHandler(context);
  handlers.get_tip = GetTipHandler(context);
  handlers.list_tips = ListTipsHandler(context);
  handlers.capture_tip = CaptureTipHandler(context);
  handlers.void_tip = VoidTipHandler(context);
  handlers.refund_tip = RefundTipHandler(context);
  handlers.authorize_recharge = AuthorizeRechargeHandler(context);
  handlers.capture_recharge = CaptureRechargeHandler(context);
  handlers.void_recharge = VoidRechargeHandler(context);
  handlers.check_recharge = CheckRechargeHandler(context);
  handlers.refund_recharge = RefundRechargeHandler(context);
  handlers.get_recharge = GetRechargeHandler(context);
  handlers.put_payer = PutPayerHandler(context);
  handlers.get_payer = GetPayerHandler(context);
  handlers.pause_payer = PausePayerHandler(context);
  handlers.set_self_limits = SetSelfLimitsHandler(context);
  handlers.set_preferences = SetPreferencesHandler(context);
  handlers.start_confirmation = StartConfirmationHandler(context);
  handlers.complete_confirmation = CompleteConfirmationHandler(context);
  handlers.freeze_payer = FreezePayerHandler(context);
  handlers.unfreeze_payer = UnfreezePayerHandler(context);
  handlers.start_cooling_off = StartCoolingOffHandler(context);
  handlers.put_streamer = PutStreamerHandler(context);
  handlers.get_streamer = GetStreamerHandler(context);
  handlers.sanction_streamer = SanctionStreamerHandler(context);
  handlers.lift_sanction = LiftSanctionHandler(context);
  handlers.freeze_income = FreezeIncomeHandler(context);
  handlers.release_income = ReleaseIncomeHandler(context);
  handlers.refund_tips = RefundTipsHandler(context);
  handlers.get_income_job = GetIncomeJobHandler(context);
  handlers.get_agency = GetAgencyHandler(context);
  handlers.list_income_jobs = ListIncomeJobsHandler(context);
  handlers.delay_income = DelayIncomeHandler(context);
  handlers.open_session = OpenSessionHandler(context);
  handlers.close_session = CloseSessionHandler(context);
  handlers.get_session = GetSessionHandler(context);
  handlers.emergency_stop = EmergencyStopHandler(context);
  handlers.lift_stop = LiftStopHandler(context);
  handlers.list_stops = ListStopsHandler(context);
  handlers.propose_policy = ProposePolicyHandler(context);
  handlers.validate_policy = ValidatePolicyHandler(context);
  handlers.approve_policy = ApprovePolicyHandler(context);
  handlers.withdraw_proposal = WithdrawProposalHandler(context);
  handlers.roll_back_policy = RollBackPolicyHandler(context);
  handlers.list_policies = ListPoliciesHandler(context);
  handlers.get_policy = GetPolicyHandler(context);
  handlers.put_gifts = PutGiftsHandler(context);
  handlers.list_gifts = ListGiftsHandler(context);
  handlers.get_server_info = GetServerInfoHandler(context);
  handlers.list_rejection_codes = ListRejectionCodesHandler(context);
  handlers.list_backups = ListBackupsHandler(context);
  handlers.create_backup = CreateBackupHandler(context);
  return handlers;
}

}  // namespace tipgate
