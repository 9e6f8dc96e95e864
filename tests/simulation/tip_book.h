#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/entry.h"
#include "tests/oracle/results.h"

namespace tipgate::simulation {

// Every tip that was decided, in the order of lists, and what it looked like after each record that
// changed it: what reads of history may show.
class TipBook {
 public:
  struct Decided {
    int64_t id = 0;
    std::string key;
    bool is_accepted = false;
  };
  // Which tips a list is about.
  enum class ListKind { kEverybody, kPayer, kStreamer, kSession };
  using List = std::pair<ListKind, int64_t>;

  // Only of whom is known there is a list.
  void NotePayer(int64_t id) { lists_[{ListKind::kPayer, id}]; }
  void NoteStreamer(int64_t id) { lists_[{ListKind::kStreamer, id}]; }
  void NoteSession(int64_t id) { lists_[{ListKind::kSession, id}]; }
  void Add(const TipRecord& record, int64_t id);

  // How the tip looks from now on. Moments are counted by the records that were judged.
  void NoteView(int64_t tip_id, int64_t moment, const oracle::TipView& view) {
    views_[tip_id].emplace_back(moment, view);
  }
  // True if the tip looked so at a moment of first .. last.
  bool LookedLike(int64_t tip_id, const oracle::TipView& view, int64_t first, int64_t last) const;

  const std::vector<Decided>& tips() const { return tips_; }
  // Ids, the oldest first; empty if there is no such list.
  const std::vector<int64_t>& TipsOf(const List& list) const;
  // Null if no tip has this id.
  const Decided* Find(int64_t id) const;

 private:
  void AddTo(const List& list, int64_t id);

  std::vector<Decided> tips_;  // ascending by id
  std::map<List, std::vector<int64_t>> lists_ = {{{ListKind::kEverybody, 0}, {}}};
  std::map<int64_t, std::vector<std::pair<int64_t, oracle::TipView>>> views_;
};

}  // namespace tipgate::simulation
