#pragma once

#include <variant>

#include "core/records/income_records.h"
#include "core/records/intent.h"
#include "core/records/payer_control_records.h"
#include "core/records/people_records.h"
#include "core/records/policy_records.h"
#include "core/records/recharge_record.h"
#include "core/records/sanction_record.h"
#include "core/records/session_record.h"
#include "core/records/settlement_record.h"
#include "core/records/stop_record.h"
#include "core/records/tip_change_record.h"
#include "core/records/tip_record.h"

namespace tipgate {

// Every record holds the request, what was decided, and the amounts moved. The order in Fields is
// the order on disk.
//
// The index of each alternative is stored as the record's kind; append only.
using Record =
    std::variant<TipRecord, RechargeRecord, PayerRecord, StreamerRecord, SessionRecord,
                 SettlementRecord, PolicyRecord, CatalogRecord, PauseRecord, SelfLimitsRecord,
                 ConfirmationRecord, CoolingOffRecord, PayerFreezeRecord, StopRecord,
                 SanctionRecord, ProposalRecord, ProposalStepRecord, TipChangeRecord,
                 IncomeJobRecord, IncomeStepRecord, ManualDelayRecord, PreferencesRecord>;

// Who asked for a record and with which key, or null for those that nobody asked for.
const Intent* IntentOf(const Record& record);

}  // namespace tipgate
