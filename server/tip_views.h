#pragma once

#include <optional>
#include <vector>

#include "core/entry.h"
#include "core/record.h"
#include "core/tip.h"
#include "server/reader_pool.h"
#include "server/rpc.h"
#include "server/service_context.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

// Tips of the past as callers see them: the journal tells how they were decided, state and store
// what has become of them since. On a reader's thread.
class TipViews {
 public:
  // `context` outlives this.
  explicit TipViews(ServiceContext* context) : context_(*context) {}

  // Fills what the record tells; `out`, which is empty and outlives Finish, gets the rest there.
  void Add(const TipRecord& record, const Entry& entry, RecordId id, v1::Tip* out);

  // Fills what has become of the tips. An error: nothing may be answered but that.
  std::optional<CallError> Finish(EntryReader* reader);

 private:
  struct View {
    Tip tip;  // as if nothing had happened to it
    v1::Tip* out = nullptr;
  };

  // The tip as it is now, where the state does not know it.
  bool FindStored(Tip* tip) const;
  bool FillFreezes(const Tip& tip, EntryReader* reader, v1::Tip* out);

  ServiceContext& context_;
  std::vector<View> views_;
};

}  // namespace tipgate
