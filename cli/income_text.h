#pragma once

#include <string>

#include "cli/table.h"
#include "tipgate/v1/income.pb.h"

namespace tipgate {

// Which tips, such as "session 9"; empty if that is not said.
std::string IncomeScopeText(const v1::IncomeScope& scope);

std::string IncomeJobText(const v1::IncomeJob& job);

// A list of jobs.
Table IncomeJobTable();
void AddIncomeJobRow(const v1::IncomeJob& job, Table& table);

}  // namespace tipgate
