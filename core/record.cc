#include "core/record.h"

namespace tipgate {
namespace {

struct IntentVisitor {
  const Intent* operator()(const TipRecord& tip) const { return &tip.request.intent; }

  template <typename RecordType>
  const Intent* operator()(const RecordType& record) const {
    if constexpr (requires { record.intent; }) {
      if (!record.intent.key.empty()) return &record.intent;
    }
    return nullptr;
  }
};

}  // namespace

const Intent* IntentOf(const Record& record) { return std::visit(IntentVisitor(), record); }

}  // namespace tipgate
