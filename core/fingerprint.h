#pragma once

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

// Feeds what a Fields function lists into a hash, so that two things hash alike exactly if all
// their fields are equal. `entry` holds the pools of a record's slices; may be null for what has
// none.
class FingerprintVisitor {
 public:
  FingerprintVisitor(const Entry* entry, Hasher128* hasher) : entry_(entry), hasher_(hasher) {}

  template <typename... Ts>
  void operator()(const Ts&... fields) {
    (Add(fields), ...);
  }

 private:
  template <typename T>
  void Add(const T& value) {
    if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
      hasher_->Add(static_cast<uint64_t>(value));
    } else {
      T::Fields(value, *this);
    }
  }
  void Add(const Money& money) { hasher_->Add(static_cast<uint64_t>(money.minor())); }
  template <typename Tag>
  void Add(const Id<Tag>& id) {
    hasher_->Add(static_cast<uint64_t>(id.value()));
  }
  void Add(const RecordId& id) { hasher_->Add(static_cast<uint64_t>(id.value())); }
  template <int kBytesMax>
  void Add(const InlineText<kBytesMax>& text) {
    hasher_->Add(text.view());
  }
  void Add(const std::string& text) { hasher_->Add(absl::string_view(text)); }
  template <typename T>
  void Add(const std::vector<T>& elements) {
    hasher_->Add(uint64_t{elements.size()});
    for (const T& element : elements) Add(element);
  }
  template <typename T, int kCountMax>
  void Add(const InlineList<T, kCountMax>& elements) {
    hasher_->Add(uint64_t{elements.size()});
    for (const T& element : elements) Add(element);
  }
  void Add(const PolicyPtr& policy) { Policy::Fields(*policy, *this); }
  void Add(const GiftCatalogPtr& catalog) { Add(catalog->gifts()); }
  template <typename T>
  void Add(const Slice<T>& slice) {
    hasher_->Add(uint64_t{slice.count});
    for (const T& element : entry_->View(slice)) Add(element);
  }

  const Entry* entry_;
  Hasher128* hasher_;
};

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

}  // namespace tipgate
