#include "cli/verification_text.h"

#include "absl/strings/str_cat.h"
#include "cli/money_text.h"

namespace tipgate {

void AddTotals(const v1::Totals& totals, Record& record) {
  record.Add("tips accepted", absl::StrCat(totals.tips_accepted_count()));
  record.Add("tips rejected", absl::StrCat(totals.tips_rejected_count()));
  record.Add("accepted", MoneyText(totals.accepted_minor()));
  record.Add("  held", MoneyText(totals.held_minor()));
  record.Add("  pending", MoneyText(totals.pending_minor()));
  record.Add("  frozen", MoneyText(totals.frozen_minor()));
  record.Add("  settled", MoneyText(totals.settled_minor()));
  record.Add("  voided", MoneyText(totals.voided_minor()));
  record.Add("  refunded", MoneyText(totals.refunded_minor()));
  record.Add("reminders", absl::StrCat(totals.reminders_count()));
  record.Add("recharges", MoneyText(totals.recharge_authorized_minor()));
  record.Add("  held", MoneyText(totals.recharge_held_minor()));
  record.Add("  captured", MoneyText(totals.recharge_captured_minor()));
  record.Add("  voided", MoneyText(totals.recharge_voided_minor()));
  record.Add("  expired", MoneyText(totals.recharge_expired_minor()));
  if (totals.recharge_refunded_minor() != 0 || totals.balances_minor() != 0) {
    record.Add("  refunded", MoneyText(totals.recharge_refunded_minor()));
    record.Add("balances", MoneyText(totals.balances_minor()));
  }
  record.Add("payers", absl::StrCat(totals.payers_count()));
  record.Add("streamers", absl::StrCat(totals.streamers_count()));
  record.Add("sessions", absl::StrCat(totals.sessions_count()));
}

std::string VerifiedText(const v1::VerifyJournalResponse& response) {
  Record record;
  record.Add("journal", "verified: everything agrees");
  record.Add("entries", absl::StrCat(response.entries_verified_count()));
  record.Add("records", absl::StrCat(response.records_verified_count()));
  record.Add("chain head", response.chain_head());
  record.Add("state hash", response.state_hash());
  AddTotals(response.totals(), record);
  return record.Render();
}

v1::VerifyJournalResponse ToProto(const VerificationReport& report) {
  v1::VerifyJournalResponse response;
  response.set_entries_verified_count(report.entries_count);
  response.set_entries_total_count(report.entries_count);
  response.set_records_verified_count(report.records_count);
  response.set_is_done(true);
  response.set_chain_head(report.chain_head);
  response.set_state_hash(report.state_hash);
  v1::Totals& totals = *response.mutable_totals();
  for (const NamedSum& sum : report.totals) {
    const auto* const field = totals.GetDescriptor()->FindFieldByName(sum.name);
    if (field != nullptr) totals.GetReflection()->SetInt64(&totals, field, sum.value);
  }
  return response;
}

}  // namespace tipgate
