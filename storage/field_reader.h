#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/entry.h"
#include "storage/field_codec.h"
#include "storage/known_enums.h"

namespace tipgate {

// Reads the visited members from bytes that anybody may have damaged, see field_codec.h. After the
// first fault it reads nothing more and leaves members as they are.
class FieldReader {
 public:
  // `pools`: takes the elements of slices; null if there are none.
  FieldReader(absl::string_view bytes, Entry* pools)
      : next_(bytes.data()), end_(bytes.data() + bytes.size()), pools_(pools) {}

  template <typename... Members>
  void operator()(Members&... members) {
    (Take(members), ...);
  }

  bool ok() const { return fault_ == nullptr; }
  size_t remaining() const { return static_cast<size_t>(end_ - next_); }

  // DATA_LOSS if a fault was met or bytes are left.
  absl::Status Finish() const {
    if (!ok()) return absl::DataLossError(fault_);
    if (next_ != end_) return absl::DataLossError(absl::StrCat(remaining(), " bytes too many"));
    return absl::OkStatus();
  }

  // Notes a fault; the first one counts.
  void Fail(const char* fault) {
    if (ok()) fault_ = fault;
    next_ = end_;
  }

 private:
  void Take(bool& value) {
    uint8_t byte = 0;
    Take(byte);
    if (byte > 1) return Fail("a bool is neither 0 nor 1");
    if (ok()) value = byte == 1;
  }
  template <ByteField T>
  void Take(T& value) {
    if (next_ == end_) return Fail("bytes end too early");
    value = static_cast<uint8_t>(*next_++);
  }
  template <SignedField T>
  void Take(T& value) {
    const int64_t wide = FromZigzag(TakeVarint());
    if (wide < std::numeric_limits<T>::min() || wide > std::numeric_limits<T>::max()) {
      return Fail("a number is out of range");
    }
    if (ok()) value = static_cast<T>(wide);
  }
  template <UnsignedField T>
  void Take(T& value) {
    const uint64_t wide = TakeVarint();
    if (wide > std::numeric_limits<T>::max()) return Fail("a number is out of range");
    if (ok()) value = static_cast<T>(wide);
  }
  template <EnumField T>
  void Take(T& value) {
    std::underlying_type_t<T> number{};
    Take(number);
    if (!ok()) return;
    if (!IsKnown(static_cast<T>(number))) return Fail("an enum has an unknown value");
    value = static_cast<T>(number);
  }
  template <IdField T>
  void Take(T& id) {
    int64_t value = 0;
    Take(value);
    if (ok()) id = T(value);
  }
  void Take(Money& money) {
    int64_t minor = 0;
    Take(minor);
    if (ok()) money = Money(minor);
  }

  template <int kSize>
  void Take(InlineText<kSize>& text) {
    const absl::string_view bytes = TakeText(kSize);
    if (ok()) text = InlineText<kSize>(bytes);
  }
  void Take(std::string& text) {
    const absl::string_view bytes = TakeText(kTextBytesMax);
    if (ok()) text.assign(bytes.data(), bytes.size());
  }
  template <typename T>
  void Take(std::vector<T>& elements) {
    elements.clear();
    TakeElements<T>([&](const T& element) { elements.push_back(element); });
  }
  template <typename T, int kCountMax>
  void Take(InlineList<T, kCountMax>& elements) {
    elements.Clear();
    TakeElements<T>([&](const T& element) {
      if (elements.size() == elements.kSizeMax) return Fail("a list is too long");
      elements.PushBack(element);
    });
  }
  template <typename T>
  void Take(Slice<T>& slice) {
    TIPGATE_CHECK(pools_ != nullptr);
    slice = pools_->Open<T>();
    TakeElements<T>([&](const T& element) { pools_->Add(slice, element); });
  }

  void Take(PolicyPtr& policy) {
    auto taken = std::make_shared<Policy>();
    Policy::Fields(*taken, *this);
    policy = std::move(taken);
  }
  void Take(GiftCatalogPtr& catalog) {
    std::vector<Gift> gifts;
    Take(gifts);
    absl::flat_hash_set<GiftId> ids;
    for (const Gift& gift : gifts) {
      if (!ids.insert(gift.id).second) return Fail("a gift is listed twice");
    }
    catalog = std::make_shared<const GiftCatalog>(std::move(gifts));
  }

  // Every element has at least one byte, so a damaged count cannot make this allocate more than the
  // bytes at hand.
  template <typename T, typename Sink>
  void TakeElements(Sink sink) {
    const uint64_t count = TakeVarint();
    if (count > kElementsMax) return Fail("a list is too long");
    for (uint64_t i = 0; i < count && ok(); ++i) {
      T element{};
      if constexpr (std::is_integral_v<T> || IdField<T>) {
        Take(element);
      } else {
        T::Fields(element, *this);
      }
      if (ok()) sink(element);
    }
  }

  absl::string_view TakeText(size_t size_max) {
    const uint64_t size = TakeVarint();
    if (size > size_max) {
      Fail("a text is too long");
      return {};
    }
    if (size > remaining()) {
      Fail("bytes end too early");
      return {};
    }
    const absl::string_view text(next_, size);
    next_ += size;
    return text;
  }

  uint64_t TakeVarint() {
    uint64_t value = 0;
    for (int shift = 0; next_ != end_; shift += 7) {
      const auto byte = static_cast<uint8_t>(*next_++);
      const bool is_last = byte < 0x80;
      // The tenth byte has one bit left to give; a last byte of 0 after others means a shorter form
      // was possible.
      if ((shift == 63 && byte > 1) || (is_last && byte == 0 && shift > 0)) {
        Fail("a number is malformed");
        return 0;
      }
      value |= uint64_t{byte & 0x7fu} << shift;
      if (is_last) return value;
    }
    Fail("bytes end too early");
    return 0;
  }

  const char* next_;
  const char* end_;
  Entry* pools_;
  const char* fault_ = nullptr;
};

}  // namespace tipgate
