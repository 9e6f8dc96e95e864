#include "yaml/yaml_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tipgate/v1/policy.pb.h"
#include "tipgate/v1/server_config.pb.h"
#include "tipgate/v1/tip.pb.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Message(const absl::Status& status) { return std::string(status.message()); }

// The error of reading `text` as a MessageType in file "f.yaml".
template <typename MessageType>
absl::Status ErrorOf(const std::string& text) {
  MessageType message;
  return ReadYamlMessage("f.yaml", text, &message).status();
}

TEST(YamlMessage, EveryKindOfFieldIsRead) {
  v1::TippingPolicy policy;
  const auto locations = ReadYamlMessage("f.yaml",
                                         "# a comment\r\n"
                                         "currency: CNY\r\n"
                                         "tip_max_minor: 9223372036854775807\n"
                                         "reminder_permille: [300, -500]\n"
                                         "facts_max_age: 1d12h\n"
                                         "tiers:\n"
                                         "  - name: \"007\"\n"
                                         "    settle_delay: '500ms'\n"
                                         "  - {name: L2, sessions_per_day_max: 0}\n",
                                         &policy);
  ASSERT_TRUE(locations.ok()) << locations.status();
  EXPECT_EQ(policy.ShortDebugString(),
            "currency: \"CNY\" tip_max_minor: 9223372036854775807 reminder_permille: 300 "
            "reminder_permille: -500 facts_max_age { seconds: 129600 } tiers { name: \"007\" "
            "settle_delay { nanos: 500000000 } } tiers { name: \"L2\" }");
}

TEST(YamlMessage, BoolsEnumsAndOneofsAreRead) {
  v1::Gift gift;
  ASSERT_TRUE(ReadYamlMessage("f", "{is_disabled: true, random_reward: false}", &gift).ok());
  EXPECT_TRUE(gift.is_disabled());
  v1::TipResult result;
  ASSERT_TRUE(ReadYamlMessage("f", "error: {reason: key_reused}", &result).ok());
  EXPECT_EQ(result.error().reason(), v1::ERROR_REASON_KEY_REUSED);
}

TEST(YamlMessage, WhatWasInTheMessageBeforeIsGone) {
  v1::Gift gift;
  gift.set_name("before");
  ASSERT_TRUE(ReadYamlMessage("f", "gift_id: 1", &gift).ok());
  EXPECT_EQ(gift.name(), "");
}

TEST(YamlMessage, LocationsTellWrittenFieldsFromLeftOutOnes) {
  v1::TippingPolicy policy;
  const auto locations =
      ReadYamlMessage("f.yaml", "tip_max_minor: 0\ntiers:\n  - name: L1\n", &policy);
  ASSERT_TRUE(locations.ok()) << locations.status();
  EXPECT_TRUE(locations->Has("tip_max_minor"));
  EXPECT_TRUE(locations->Has("tiers[0].name"));
  EXPECT_FALSE(locations->Has("currency"));
  EXPECT_EQ(Message(locations->ErrorAt("tiers[0].name", "x", "y")),
            "f.yaml:3:11: tiers[0].name: expected x, found y");
  EXPECT_EQ(Message(locations->ErrorAt("tiers[0].settle_delay", "x", "nothing")),
            "f.yaml:3:5: tiers[0].settle_delay: expected x, found nothing");
  EXPECT_EQ(Message(locations->ErrorAt("currency", "x", "nothing")),
            "f.yaml:1:1: currency: expected x, found nothing");
}

struct Refusal {
  const char* text;
  const char* error;
};

TEST(YamlMessage, WrongFieldsAreRefused) {
  const Refusal refusals[] = {
      {"", "f.yaml:2:1: expected a mapping with the fields of TippingPolicy, found nothing"},
      {"# only a comment\n", "expected a mapping with the fields of TippingPolicy, found nothing"},
      {"- 1\n", "f.yaml:1:1: expected a mapping with the fields of TippingPolicy, found a list"},
      {"just text\n",
       "f.yaml:1:1: expected a mapping with the fields of TippingPolicy, found \"just text\""},
      {"currency: CNY\ntip_maxx_minor: 1\n",
       "f.yaml:2:1: expected a field of TippingPolicy (did you mean tip_max_minor?), found "
       "\"tip_maxx_minor\""},
      {"zebra: 1\n", "f.yaml:1:1: expected a field of TippingPolicy, found \"zebra\""},
      {"Currency: CNY\n", "(did you mean currency?), found \"Currency\""},
      {"tiers:\n  - nam: L1\n",
       "f.yaml:2:5: tiers[0]: expected a field of TierPolicy (did you mean name?), found \"nam\""},
      {"tiers: [{}, {<<: {name: x}}]\n",
       "f.yaml:1:14: tiers[1]: expected a field of TierPolicy, found \"<<\""},
      {"[currency]: CNY\n", "expected a field of TippingPolicy, found a list"},
      {"~: CNY\n", "expected a field of TippingPolicy, found nothing"},
      {"currency: CNY\ntip_max_minor: 1\ncurrency: CNY\n",
       "f.yaml:3:1: currency: expected each field once, found it again"},
      {"currency:\ntip_max_minor: 1\n", "f.yaml:1:1: currency: expected a value, found nothing"},
      {"tip_max_minor: ~\n", "f.yaml:1:1: tip_max_minor: expected a value, found nothing"},
      {"tiers: [null]\n",
       "tiers[0]: expected a mapping with the fields of TierPolicy, found nothing"},
      {"tiers: {name: L1}\n", "f.yaml:1:8: tiers: expected a list, found a mapping"},
      {"reminder_permille: 300\n",
       "f.yaml:1:20: reminder_permille: expected a list, found \"300\""},
      {"recharge: [1]\n",
       "recharge: expected a mapping with the fields of RechargePolicy, found a list"},
      {"currency: {a: b}\n", "f.yaml:1:11: currency: expected text, found a mapping"},
      {"currency: 156\n", "f.yaml:1:11: currency: expected text, which needs quotes"},
      {"currency: true\n", "currency: expected text, which needs quotes"},
      {"currency: 1.5e3\n", "currency: expected text, which needs quotes"},
      {"currency: \"a\\0b\"\n", "currency: expected one line of text without control characters"},
      {"currency: |\n  a\n  b\n", "currency: expected one line of text without control characters"},
  };
  for (const Refusal& refusal : refusals) {
    const absl::Status status = ErrorOf<v1::TippingPolicy>(refusal.text);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << refusal.text << status;
    EXPECT_THAT(Message(status), StartsWith("f.yaml:"));
    EXPECT_THAT(Message(status), HasSubstr(refusal.error)) << refusal.text;
  }
}

TEST(YamlMessage, WrongIntegersAreRefused) {
  const std::string not_integers[] = {"x",   "1.0", "1e3",   "0x10", "010",  "+1",     "1_000",
                                      "1 2", "--1", "\"1\"", ".5",   "true", "[1]",    "{a: 1}",
                                      "¥1",  "1m",  "-",     "-0x1", "１",   "!!int 1"};
  for (const std::string& text : not_integers) {
    const absl::Status status = ErrorOf<v1::ServerConfig>(absl::StrCat("payers_max: ", text));
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_THAT(Message(status), StartsWith("f.yaml:1:"));
  }
  EXPECT_EQ(Message(ErrorOf<v1::ServerConfig>("grpc_threads: two")),
            "f.yaml:1:15: grpc_threads: expected an integer, found \"two\"");
  EXPECT_EQ(Message(ErrorOf<v1::ServerConfig>("grpc_threads: 2147483648")),
            "f.yaml:1:15: grpc_threads: expected an integer in -2147483648 .. 2147483647, found "
            "\"2147483648\"");
  EXPECT_EQ(Message(ErrorOf<v1::ServerConfig>("payers_max: 9223372036854775808")),
            "f.yaml:1:13: payers_max: expected an integer in -9223372036854775808 .. "
            "9223372036854775807, found \"9223372036854775808\"");
  EXPECT_THAT(
      Message(ErrorOf<v1::ServerConfig>(absl::StrCat("payers_max: ", std::string(4000, '9')))),
      HasSubstr("9...\""));
}

TEST(YamlMessage, WrongBoolsAreRefused) {
  for (const char* text :
       {"yes", "no", "on", "off", "True", "TRUE", "1", "0", "\"true\"", "t", "[]"}) {
    const absl::Status status = ErrorOf<v1::Gift>(absl::StrCat("gift_id: 1\nis_disabled: ", text));
    EXPECT_THAT(Message(status),
                StartsWith("f.yaml:2:14: is_disabled: expected true or false, found "));
  }
}

TEST(YamlMessage, WrongEnumsAndSecondOneofFieldsAreRefused) {
  EXPECT_EQ(Message(ErrorOf<v1::TipResult>("error:\n  reason: key_reuse\n")),
            "f.yaml:2:11: error.reason: expected the name of a value of ErrorReason (did you mean "
            "key_reused?), found \"key_reuse\"");
  for (const char* reason : {"3", "unspecified", "ERROR_REASON_KEY_REUSED", "\"key_reused\""}) {
    EXPECT_THAT(Message(ErrorOf<v1::TipResult>(absl::StrCat("error: {reason: ", reason, "}"))),
                HasSubstr("error.reason"));
  }
  EXPECT_EQ(Message(ErrorOf<v1::GetTipRequest>("tip_id: 1\nidempotency_key: k\n")),
            "f.yaml:2:1: idempotency_key: expected one field of name, found a second");
}

TEST(YamlMessage, WrongDurationsAreRefused) {
  for (const char* text : {"30",
                           "0",
                           "1.5h",
                           "-1s",
                           "+1s",
                           "1 h",
                           "1h 30m",
                           "30m1h",
                           "1h1h",
                           "1w",
                           "1us",
                           "1S",
                           "s",
                           "\"\"",
                           "[]",
                           "{seconds: 1}",
                           "99999999999999999999s",
                           "3652500001d",
                           "315576000001s",
                           "1ms1s",
                           "true"}) {
    const absl::Status status =
        ErrorOf<v1::ServerConfig>(absl::StrCat("data_dir: d\nclock_jump_max: ", text));
    EXPECT_THAT(
        Message(status),
        StartsWith(
            "f.yaml:2:17: clock_jump_max: expected a duration such as 500ms, 30s, 1h30m or 7d"))
        << text;
  }
}

TEST(YamlMessage, TextThatIsNotPlainYamlIsRefused) {
  const std::string brackets = std::string(100, '[');
  const Refusal refusals[] = {
      {"tip_max_minor: 1\n---\ntip_max_minor: 2\n", "found a second document"},
      {"tiers: &a []\n", "f.yaml:1:8: expected one plain YAML document, found an anchor"},
      {"tiers: *a\n", "f.yaml:1:"},
      {"currency: &a x\ntime_zone: *a\n",
       "f.yaml:1:11: expected one plain YAML document, found an anchor"},
      {"tip_max_minor: !!int 1\n", "f.yaml:1:16: expected one plain YAML document, found a tag"},
      {"recharge:\n\tsingle_max_minor: 1\n",
       "f.yaml:2:1: expected UTF-8 text indented with spaces, found a tab"},
      {"currency: a\x01\n",
       "f.yaml:1:12: expected UTF-8 text indented with spaces, found a control character"},
      {"currency: a\rb\n",
       "f.yaml:1:12: expected UTF-8 text indented with spaces, found a control character"},
      {"currency: \xC3\x28\n",
       "f.yaml:1:11: expected UTF-8 text indented with spaces, found bytes that are not"},
      {"currency: \xC0\x80\n", "bytes that are not UTF-8"},          // overlong
      {"currency: \xED\xA0\x80\n", "bytes that are not UTF-8"},      // a surrogate
      {"currency: \xF4\x90\x80\x80\n", "bytes that are not UTF-8"},  // above U+10FFFF
      {"currency: \xE4\xBD", "bytes that are not UTF-8"},            // cut off
      {"\xFF\xFE"
       "c",
       "bytes that are not UTF-8"},  // UTF-16
      {"currency: \"abc\n",
       "f.yaml:3:1: expected one plain YAML document, found a quote that is never closed"},
      {"currency: 'abc",
       "f.yaml:2:1: expected one plain YAML document, found a quote that is never closed"},
      {"tiers: [1, 2\n", "f.yaml:"},
      {"tiers: ]\n", "f.yaml:1:"},
      {"a: b: c\n", "f.yaml:1:"},
      {"currency: CNY\n  tip_max_minor: 1\n", "f.yaml:2:"},
      {brackets.c_str(), "expected one plain YAML document, found too deep nesting"},
  };
  for (const Refusal& refusal : refusals) {
    const absl::Status status = ErrorOf<v1::TippingPolicy>(refusal.text);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << refusal.text << status;
    EXPECT_THAT(Message(status), HasSubstr(refusal.error)) << refusal.text;
  }
}

TEST(YamlMessage, HugeTextsAreRefused) {
  const std::string many_lines(kYamlBytesMax + 1, '\n');
  EXPECT_EQ(Message(ErrorOf<v1::Gift>(many_lines)),
            "f.yaml:1:1: expected at most 16777216 bytes, found a larger file");
  EXPECT_THAT(Message(ErrorOf<v1::Gift>(std::string(5000, '['))),
              HasSubstr("expected at most 4096 bytes a line"));
  std::string many_values = "gifts:\n";
  for (int i = 0; i < 1'000'001; ++i) many_values += "- 1\n";
  EXPECT_THAT(Message(ErrorOf<v1::GiftCatalog>(many_values)), HasSubstr("found too many values"));
  std::string deep;
  for (int i = 0; i < 2000; ++i) absl::StrAppend(&deep, std::string(i, ' '), "a:\n");
  EXPECT_THAT(Message(ErrorOf<v1::Gift>(deep)), HasSubstr("found too deep nesting"));
}

TEST(YamlMessage, MissingFilesAndFoldersAreRefused) {
  v1::Gift gift;
  const absl::Status missing = ReadYamlFile("/does/not/exist.yaml", &gift).status();
  EXPECT_THAT(Message(missing), HasSubstr("/does/not/exist.yaml: cannot be read: No such file"));
  const absl::Status folder = ReadYamlFile(::testing::TempDir(), &gift).status();
  EXPECT_THAT(Message(folder), HasSubstr("cannot be read: Is a directory"));
}

// Whatever the bytes, the answer is a status: no crash, no hang.
TEST(YamlMessage, GarbageIsRefusedOrRead) {
  const std::vector<std::string> pieces = {
      "tiers", "name",        "currency", ":",           ": ",         "\n", "\n  ",         "- ",
      "-",     "[",           "]",        "{",           "}",          ",",  "\"",           "'",
      "#",     "&a",          "*a",       "!",           "!!x ",       "| ", ">-",           "?",
      "? ",    "---\n",       "...\n",    "%YAML 1.2\n", "%TAG ! x\n", "\\", "\\u12",        "~",
      "<<",    "1",           "30s",      "\r\n",        "@",          "`",  "\xE7\xA4\xBC", " ",
      "!<",    "\xEF\xBB\xBF"};
  constexpr unsigned kSeed = 20'210'209;
  SCOPED_TRACE(absl::StrCat("seed ", kSeed));
  std::mt19937 random(kSeed);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    const bool is_bytes = round % 4 == 0;
    for (auto length = random() % 40; length > 0; --length) {
      text +=
          is_bytes ? std::string(1, static_cast<char>(random())) : pieces[random() % pieces.size()];
    }
    v1::TippingPolicy policy;
    const absl::Status status = ReadYamlMessage("f.yaml", text, &policy).status();
    EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status)) << text;
  }
}

TEST(DurationText, IsTheShortestTextThatReadsBack) {
  const std::pair<int64_t, const char*> texts[] = {
      {0, "0s"},          {1, "1ms"},
      {1500, "1s500ms"},  {90 * kMinuteMs, "1h30m"},
      {7 * kDayMs, "7d"}, {kDurationMaxMs, "3652500d"}};
  for (const auto& [milliseconds, text] : texts) {
    EXPECT_EQ(DurationText(milliseconds), text);
    EXPECT_EQ(ParseDurationMs(text), milliseconds);
  }
  EXPECT_EQ(ParseDurationMs("3652500d1ms"), std::nullopt);
  EXPECT_EQ(ParseDurationMs("90m"), 90 * kMinuteMs);
}

}  // namespace
}  // namespace tipgate
