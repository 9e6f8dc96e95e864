// Tips and their decisions, for people.
#pragma once

#include <string>

#include "cli/table.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

std::string DecisionText(const v1::TipDecision& decision);
std::string TipText(const v1::Tip& tip);

// One line: the outcome of the tip of a batch that was sent with `key`, and what goes with it.
std::string TipResultText(const std::string& key, const v1::TipResult& result);

std::string TipChangeText(const v1::TipChange& change);

// The table of `tipctl tip list`: one row a tip.
Table TipTable();
void AddTipRow(const v1::Tip& tip, Table& table);

}  // namespace tipgate
