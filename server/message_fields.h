#pragma once

#include <google/protobuf/message.h>

#include "server/field_faults.h"
#include "yaml/yaml_message.h"

namespace tipgate {

// The fields that are set in a message of a call, as if it had been written in YAML: so the checks
// of files serve calls as well.
YamlLocations SetFieldsOf(const google::protobuf::Message& message);

// Finds what no file can have: fields that this gate does not know, and durations that are not
// whole milliseconds, which are cleared.
void CheckSetFields(google::protobuf::Message* message, FieldFaults* faults);

}  // namespace tipgate
