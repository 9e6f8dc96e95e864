#pragma once

#include "core/policy.h"

namespace tipgate {

struct PolicyRecord {
  PolicyPtr policy;
};

struct CatalogRecord {
  GiftCatalogPtr catalog;
};

}  // namespace tipgate
