#pragma once

#include "core/policy.h"
#include "tipgate/v1/policy.pb.h"

namespace tipgate {

// The core's form of messages that were checked (server/policy_file.h). The version is left 0: the
// sequencer counts.
Policy ToPolicy(const v1::TippingPolicy& message);
GiftCatalog ToGiftCatalog(const v1::GiftCatalog& message);

// The message that makes this policy: ToPolicy of it is the same but for the version.
void FillPolicy(const Policy& policy, v1::TippingPolicy* out);
void FillGiftCatalog(const GiftCatalog& catalog, v1::GiftCatalog* out);

// True if both mean the same, whatever their versions.
bool SamePolicy(const Policy& a, const Policy& b);
bool SameCatalog(const GiftCatalog& a, const GiftCatalog& b);

}  // namespace tipgate
