#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace tipgate {

// The message as people would write it: ReadYamlMessage of it gives the message back. For the kinds
// of field that ReadYamlMessage knows.
std::string YamlText(const google::protobuf::Message& message);

}  // namespace tipgate
