#pragma once

#include "core/command.h"
#include "core/decide.h"
#include "core/decide_income.h"
#include "core/entry.h"
#include "core/record.h"

namespace tipgate {

// True if the stored record answers exactly this request: the same key may then get the same
// answer. What the gate filled in or decided does not count.
bool IsRepeat(const TipRequest& request, const Record& stored);
bool IsRepeat(const ManualDelayRecord& request, const Record& stored);
bool IsRepeat(const RechargeRequest& request, const Record& stored);
bool IsRepeat(const RechargeChange& request, const Record& stored);
bool IsRepeat(const PayerRecord& request, const Record& stored);
bool IsRepeat(const PauseRecord& request, const Record& stored);
bool IsRepeat(const SelfLimitsRecord& request, const Record& stored);
bool IsRepeat(const PreferencesRecord& request, const Record& stored);
// The token of a start does not count: it was drawn anew.
bool IsRepeat(const ConfirmationRecord& request, const Record& stored);
// Who asks counts.
bool IsRepeat(const CoolingOffRecord& request, const Record& stored);
bool IsRepeat(const PayerFreezeRecord& request, const Record& stored);
bool IsRepeat(const StopRecord& request, const Record& stored);
bool IsRepeat(const SanctionRecord& request, const Record& stored);
bool IsRepeat(const ProposalRecord& request, const Record& stored);
bool IsRepeat(const ProposalStepRecord& request, const Record& stored);
bool IsRepeat(const CatalogRecord& request, const Record& stored);
bool IsRepeat(const StreamerRecord& request, const Record& stored);
bool IsRepeat(const SessionRequest& request, const Record& stored);
bool IsRepeat(const CloseRequest& request, const Record& stored);

// The same where a record has parts in the pools of its entry.
bool IsRepeat(const TipChangeRequest& request, const Entry& entry, const Record& stored);
bool IsRepeat(const IncomeJobRequest& request, const Entry& entry, const Record& stored);
bool IsRepeat(const RechargeRefundRequest& request, const Entry& entry, const Record& stored);
template <typename Request>
bool IsRepeat(const Request& request, const Entry&, const Record& stored) {
  return IsRepeat(request, stored);
}

}  // namespace tipgate
