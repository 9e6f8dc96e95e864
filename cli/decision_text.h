// The parts that the answers of several resources share, for people.
#pragma once

#include <cstdint>
#include <string>

#include "google/protobuf/repeated_field.h"
#include "tipgate/v1/decision.pb.h"

namespace tipgate {

// An empty line and a table with one row for each rule that refused; empty if none did.
std::string ViolationsText(const google::protobuf::RepeatedPtrField<v1::Violation>& violations);

// The code of the binding violation; empty if there is none.
std::string BindingCode(const google::protobuf::RepeatedPtrField<v1::Violation>& violations);

// Such as "GIFT_UNKNOWN,DAY_LIMIT".
std::string RejectionCodesText(const google::protobuf::RepeatedField<int>& codes);

// Such as "DAY 500‰".
std::string ReminderText(const v1::Reminder& reminder);
std::string RemindersText(const google::protobuf::RepeatedPtrField<v1::Reminder>& reminders);

// Add " name=value" to a line of several, if there is something to say.
void AppendId(const char* name, int64_t id, std::string& line);
void AppendText(const char* name, const std::string& text, std::string& line);

// Such as "1,200.00 used, 800.00 left".
std::string TotalText(int64_t total_minor, int64_t left_minor);

}  // namespace tipgate
