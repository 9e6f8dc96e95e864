#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "core/entry.h"
#include "core/hash128.h"
#include "core/ids.h"
#include "core/inline_list.h"
#include "core/inline_text.h"
#include "core/money.h"

namespace tipgate {

// Feeds what a Fields function lists into a `Sink` of words and texts, so that two things give it
// the same exactly if all their fields are equal. `entry` holds the pools of a record's slices; may
// be null for what has none.
template <typename Sink>
class WordsVisitor {
 public:
  WordsVisitor(const Entry* entry, Sink* sink) : entry_(entry), sink_(sink) {}

  template <typename... Ts>
  void operator()(const Ts&... fields) {
    (Add(fields), ...);
  }

 private:
  template <typename T>
  void Add(const T& value) {
    if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
      sink_->Add(static_cast<uint64_t>(value));
    } else {
      T::Fields(value, *this);
    }
  }
  void Add(const Money& money) { sink_->Add(static_cast<uint64_t>(money.minor())); }
  template <typename Tag>
  void Add(const Id<Tag>& id) {
    sink_->Add(static_cast<uint64_t>(id.value()));
  }
  void Add(const RecordId& id) { sink_->Add(static_cast<uint64_t>(id.value())); }
  template <int kBytesMax>
  void Add(const InlineText<kBytesMax>& text) {
    sink_->Add(text.view());
  }
  void Add(const std::string& text) { sink_->Add(absl::string_view(text)); }
  template <typename T>
  void Add(const std::vector<T>& elements) {
    sink_->Add(uint64_t{elements.size()});
    for (const T& element : elements) Add(element);
  }
  template <typename T, int kCountMax>
  void Add(const InlineList<T, kCountMax>& elements) {
    sink_->Add(uint64_t{elements.size()});
    for (const T& element : elements) Add(element);
  }
  void Add(const PolicyPtr& policy) { Policy::Fields(*policy, *this); }
  void Add(const GiftCatalogPtr& catalog) { Add(catalog->gifts()); }
  template <typename T>
  void Add(const Slice<T>& slice) {
    sink_->Add(uint64_t{slice.count});
    for (const T& element : entry_->View(slice)) Add(element);
  }

  const Entry* entry_;
  Sink* sink_;
};

// Into a hash.
using FingerprintVisitor = WordsVisitor<Hasher128>;

// The hash of one entity.
template <typename T>
Hash128 FingerprintOf(const T& entity) {
  Hasher128 hasher;
  FingerprintVisitor visitor(nullptr, &hasher);
  T::Fields(entity, visitor);
  return hasher.Finish();
}

// The hash of one record of an entry with everything that it holds.
Hash128 FingerprintOf(const Entry& entry, const Record& record);

// All of a record, as words to compare: much quicker than two hashes. Reused.
class RecordWords {
 public:
  void Read(const Entry& entry, const Record& record);

  void Add(uint64_t word) {
    if (count_ == words_.size()) words_.resize(2 * count_ + kWordsMin);
    words_[count_++] = word;
  }
  void Add(absl::string_view bytes);

  friend bool operator==(const RecordWords& a, const RecordWords& b) {
    return a.count_ == b.count_ &&
           std::equal(a.words_.data(), a.words_.data() + a.count_, b.words_.data());
  }

 private:
  static constexpr size_t kWordsMin = 128;  // more than a tip has

  std::vector<uint64_t> words_;
  size_t count_ = 0;
};

}  // namespace tipgate
