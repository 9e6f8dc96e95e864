#include "server/parse_failure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tipgate/v1/event.pb.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {
namespace {

using ::testing::HasSubstr;

constexpr char kNotUtf8[] = "\xff\xfe";

template <typename Request>
CallError Explain(const std::string& bytes) {
  return ExplainParseFailure(*Request::descriptor(), bytes);
}

// Serializes text that is not UTF-8 as if it were bytes.
std::string Text(int field, const std::string& text) {
  std::string bytes(1, static_cast<char>(field << 3 | 2));
  bytes += static_cast<char>(text.size());
  return bytes + text;
}

TEST(ParseFailure, NamesATextThatIsNotUtf8) {
  const std::string bytes = Text(1, Text(1, kNotUtf8));
  ASSERT_FALSE(v1::AuthorizeTipRequest().ParseFromString(bytes));
  const CallError error = Explain<v1::AuthorizeTipRequest>(bytes);
  EXPECT_EQ(error.reason, ErrorReason::kInvalidField);
  EXPECT_EQ(error.field, "tip.idempotency_key");
  EXPECT_EQ(error.message, "tip.idempotency_key: must be text in UTF-8");
}

TEST(ParseFailure, CountsTheItemsOfARepeatedField) {
  std::string bytes;
  for (const char* key : {"a", "b", "", "c", kNotUtf8, kNotUtf8}) bytes += Text(1, Text(1, key));
  EXPECT_EQ(Explain<v1::AuthorizeTipsRequest>(bytes).field, "tips[4].idempotency_key");
}

TEST(ParseFailure, NamesAFieldInTheTopMessage) {
  EXPECT_EQ(Explain<v1::GetTipRequest>(Text(2, kNotUtf8)).field, "idempotency_key");
  EXPECT_EQ(Explain<v1::PutPayerRequest>(Text(3, Text(4, kNotUtf8))).field, "facts.source");
}

TEST(ParseFailure, NamesWhatIsCutShort) {
  const std::string cut_key = std::string("\x0a\x09", 2) + "abc";
  EXPECT_EQ(Explain<v1::AuthorizeTipRequest>(Text(1, cut_key)).field, "tip.idempotency_key");
  EXPECT_EQ(Explain<v1::AuthorizeTipRequest>(std::string("\x0a\x7f\x08", 3)).field, "tip");
  EXPECT_EQ(Explain<v1::AuthorizeTipRequest>(Text(1, "\x10\xff")).field, "tip.payer_id");
  EXPECT_EQ(Explain<v1::WatchEventsRequest>(Text(3, "\x01\x80")).field, "kinds");
  EXPECT_THAT(Explain<v1::AuthorizeTipRequest>(Text(1, "\x10\xff")).message,
              HasSubstr("cut short"));
}

TEST(ParseFailure, BlamesNoFieldWhereNoneIsToBlame) {
  for (const std::string& bytes : {std::string("\x07"), std::string("\xff"), std::string(1, '\0'),
                                   std::string("\x0c"), std::string("garbage")}) {
    const CallError error = Explain<v1::AuthorizeTipRequest>(bytes);
    EXPECT_EQ(error.reason, ErrorReason::kInvalidField);
    EXPECT_EQ(error.field, "");
    EXPECT_EQ(error.message,
              "the request is malformed: its bytes are no message of type AuthorizeTipRequest");
  }
}

TEST(ParseFailure, LooksPastFieldsThatItDoesNotKnow) {
  const std::string unknown = Text(15, kNotUtf8);
  EXPECT_EQ(Explain<v1::AuthorizeTipRequest>(unknown + Text(1, unknown + Text(1, kNotUtf8))).field,
            "tip.idempotency_key");
}

TEST(ParseFailure, EndlessNestingEndsInAnError) {
  const std::string groups(100'000, '\x7b');  // begins of groups of an unknown field
  EXPECT_EQ(Explain<v1::AuthorizeTipRequest>(groups).reason, ErrorReason::kInvalidField);
}

TEST(ParseFailure, AnyBytesGetAnAnswer) {
  v1::AuthorizeTipsRequest request;
  for (int i = 0; i < 5; ++i) {
    v1::TipIntent* const tip = request.add_tips();
    tip->set_idempotency_key("key");
    tip->set_payer_id(int64_t{1} << (10 * i));
    tip->mutable_create_time()->set_seconds(1'700'000'000);
  }
  const std::string whole = request.SerializeAsString();
  constexpr uint32_t kSeed = 20261123;
  std::mt19937 random(kSeed);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = whole.substr(0, random() % (whole.size() + 1));
    for (size_t changes = random() % 4; changes > 0 && !bytes.empty(); --changes) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const CallError error = Explain<v1::AuthorizeTipsRequest>(bytes);
    ASSERT_EQ(error.reason, ErrorReason::kInvalidField);
    ASSERT_FALSE(error.message.empty());
  }
}

}  // namespace
}  // namespace tipgate
