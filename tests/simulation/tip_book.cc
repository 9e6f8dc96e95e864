#include "tests/simulation/tip_book.h"

#include <algorithm>

#include "tests/differ/text.h"

namespace tipgate::simulation {

void TipBook::Add(const TipRecord& record, int64_t id) {
  const TipRequest& request = record.request;
  tips_.push_back({.id = id,
                   .key = std::string(request.intent.key.view()),
                   .is_accepted = record.is_accepted()});
  AddTo({ListKind::kEverybody, 0}, id);
  AddTo({ListKind::kPayer, request.payer.value()}, id);
  AddTo({ListKind::kStreamer, request.streamer.value()}, id);
  AddTo({ListKind::kSession, request.session.value()}, id);
}

void TipBook::AddTo(const List& list, int64_t id) {
  if (const auto it = lists_.find(list); it != lists_.end()) it->second.push_back(id);
}

bool TipBook::LookedLike(int64_t tip_id, const oracle::TipView& view, int64_t first,
                         int64_t last) const {
  const auto it = views_.find(tip_id);
  if (it == views_.end()) return false;
  const auto& views = it->second;
  for (size_t i = 0; i < views.size() && views[i].first <= last; ++i) {
    const bool was_over = i + 1 < views.size() && views[i + 1].first <= first;
    if (!was_over && differ::IsSame(views[i].second, view)) return true;
  }
  return false;
}

const std::vector<int64_t>& TipBook::TipsOf(const List& list) const {
  static const std::vector<int64_t>* const kNone = new std::vector<int64_t>();
  const auto it = lists_.find(list);
  return it == lists_.end() ? *kNone : it->second;
}

const TipBook::Decided* TipBook::Find(int64_t id) const {
  const auto it =
      std::lower_bound(tips_.begin(), tips_.end(), id,
                       [](const Decided& tip, int64_t other) { return tip.id < other; });
  return it == tips_.end() || it->id != id ? nullptr : &*it;
}

}  // namespace tipgate::simulation
