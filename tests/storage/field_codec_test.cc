#include "storage/field_codec.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "storage/byte_buffer.h"
#include "storage/field_reader.h"
#include "storage/field_writer.h"

namespace tipgate {
namespace {

template <typename T>
struct Holder {
  T value{};

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.value);
  }
};

template <typename T>
std::string Encode(const T& value) {
  ByteBuffer buffer;
  AppendFields(Holder<T>{value}, nullptr, &buffer);
  return std::string(buffer.view());
}

template <typename T>
absl::Status Decode(absl::string_view bytes, T* value) {
  Holder<T> holder;
  FieldReader reader(bytes, nullptr);
  Holder<T>::Fields(holder, reader);
  *value = holder.value;
  return reader.Finish();
}

template <typename T>
void ExpectRoundTrip(const T& value) {
  T decoded{};
  const absl::Status status = Decode(Encode(value), &decoded);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(decoded, value);
}

template <typename T>
void ExpectRefused(const std::string& bytes) {
  T decoded{};
  EXPECT_TRUE(absl::IsDataLoss(Decode(bytes, &decoded)));
}

template <typename T>
class NumberTest : public testing::Test {};
using Numbers = testing::Types<int8_t, int16_t, int32_t, int64_t, uint8_t, uint32_t, uint64_t>;
TYPED_TEST_SUITE(NumberTest, Numbers);

TYPED_TEST(NumberTest, EdgesComeBack) {
  using Limits = std::numeric_limits<TypeParam>;
  for (const TypeParam value : {Limits::min(), TypeParam{0}, TypeParam{1}, TypeParam{63},
                                TypeParam{64}, TypeParam{127}, Limits::max()}) {
    ExpectRoundTrip(value);
  }
}

TEST(FieldCodec, EveryPowerOfTwoComesBack) {
  for (int bit = 0; bit < 63; ++bit) {
    const int64_t value = int64_t{1} << bit;
    ExpectRoundTrip(value);
    ExpectRoundTrip(-value);
    ExpectRoundTrip(value - 1);
  }
}

TEST(FieldCodec, NumbersHaveTheDocumentedBytes) {
  EXPECT_EQ(Encode(int64_t{0}), std::string("\x00", 1));
  EXPECT_EQ(Encode(int64_t{-1}), "\x01");
  EXPECT_EQ(Encode(int64_t{1}), "\x02");
  EXPECT_EQ(Encode(int64_t{64}), "\x80\x01");
  EXPECT_EQ(Encode(uint32_t{300}), "\xac\x02");
  EXPECT_EQ(Encode(std::string("ab")),
            "\x02"
            "ab");
}

TEST(FieldCodec, TextsAndListsComeBack) {
  ExpectRoundTrip(true);
  ExpectRoundTrip(std::string());
  ExpectRoundTrip(std::string(kTextBytesMax, '\0'));
  ExpectRoundTrip(InlineText<8>(""));
  ExpectRoundTrip(InlineText<8>("12345678"));
  ExpectRoundTrip(std::vector<int32_t>{});
  ExpectRoundTrip(std::vector<int32_t>{-1, 0, std::numeric_limits<int32_t>::max()});
}

TEST(FieldCodec, WhatIsOutOfRangeIsRefused) {
  ExpectRefused<int8_t>(Encode(int64_t{128}));
  ExpectRefused<int16_t>(Encode(int64_t{-32'769}));
  ExpectRefused<int32_t>(Encode(int64_t{1} << 31));
  ExpectRefused<uint32_t>(Encode(uint64_t{1} << 32));
  ExpectRefused<bool>("\x02");
}

TEST(FieldCodec, UnknownEnumValuesAreRefused) {
  ExpectRefused<Outcome>(std::string("\x00", 1));
  ExpectRefused<Outcome>("\x03");
  ExpectRefused<RejectionCode>(std::string("\x00", 1));
  ExpectRefused<RejectionCode>("\x15");
  ExpectRefused<RejectionCode>("\x1e");
  ExpectRefused<LimitOrigin>("\x08");
  ExpectRefused<Period>("\x03");
  ExpectRefused<LimitChangeKind>("\x04");
  ExpectRefused<ConfirmationScope>(std::string("\x00", 1));
  ExpectRefused<ConfirmationScope>("\x05");
  ExpectRefused<SwitchChange>("\x03");
  ExpectRefused<WalletMode>(std::string("\x00", 1));
  ExpectRefused<WalletMode>("\x03");
  ExpectRefused<ConfirmationAction>("\x03");
  ExpectRefused<ConfirmationRefusal>("\x06");
  ExpectRefused<FreezeAction>(std::string("\x00", 1));
  ExpectRefused<FreezeAction>("\x03");
  ExpectRefused<StopAction>(std::string("\x00", 1));
  ExpectRefused<StopAction>("\x03");
  ExpectRefused<StopKind>(std::string("\x00", 1));
  ExpectRefused<StopKind>("\x06");
  ExpectRefused<SanctionAction>(std::string("\x00", 1));
  ExpectRefused<SanctionAction>("\x03");
  ExpectRefused<SanctionKind>(std::string("\x00", 1));
  ExpectRefused<SanctionKind>("\x05");
  ExpectRefused<MinorProfile>(std::string("\x00", 1));
  ExpectRefused<MinorProfile>("\x03");
  ExpectRefused<AgeBand>("\x05");
  ExpectRefused<RechargeState>("\x07");
  ExpectRefused<RechargeAction>(std::string("\x00", 1));
  ExpectRefused<RechargeAction>("\x06");
}

TEST(FieldCodec, MalformedNumbersAreRefused) {
  ExpectRefused<int64_t>("");
  ExpectRefused<int64_t>("\x80");
  ExpectRefused<int64_t>(std::string("\x80\x00", 2));        // longer than needed
  ExpectRefused<int64_t>(std::string(9, '\xff') + "\x02");   // more than 64 bits
  ExpectRefused<int64_t>(std::string(10, '\xff') + "\x01");  // more than 10 bytes
}

TEST(FieldCodec, LengthsBeyondTheBytesAreRefused) {
  ExpectRefused<std::string>(
      "\x05"
      "abcd");
  ExpectRefused<std::string>(Encode(uint64_t{kTextBytesMax + 1}) +
                             std::string(kTextBytesMax + 1, 'x'));
  ExpectRefused<InlineText<8>>(
      "\x09"
      "123456789");
  ExpectRefused<std::vector<int32_t>>("\x02\x02");
  ExpectRefused<std::vector<int32_t>>(Encode(std::numeric_limits<uint64_t>::max()));
  ExpectRefused<std::vector<int32_t>>(Encode(uint64_t{kElementsMax}));
}

TEST(FieldCodec, TrailingBytesAreRefused) { ExpectRefused<int64_t>(std::string("\x02\x00", 2)); }

TEST(FieldCodecDeathTest, WhatCouldNotBeReadBackIsNotWritten) {
  EXPECT_DEATH(Encode(Outcome{}), "IsKnown");
  EXPECT_DEATH(Encode(std::string(kTextBytesMax + 1, 'x')), "kTextBytesMax");
}

}  // namespace
}  // namespace tipgate
