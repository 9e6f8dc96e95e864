// A policy and its message are the same thing twice: what one of the two conversions forgets would
// be lost by GetPolicy and RollBackPolicy.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "server/policy_conversion.h"
#include "tipgate/v1/policy.pb.h"
#include "yaml/yaml_message.h"
#include "yaml/yaml_text.h"

namespace tipgate {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

// Sets every field there is, each to another value; lists get two items.
class Filler {
 public:
  void Fill(Message* message) {
    const auto& reflection = *message->GetReflection();
    for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message->GetDescriptor()->field(i);
      for (int n = 0; n < (field.is_repeated() ? 2 : 1); ++n) FillField(field, reflection, message);
    }
  }

 private:
  void FillField(const FieldDescriptor& field, const google::protobuf::Reflection& reflection,
                 Message* message) {
    const bool is_list = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return is_list ? reflection.AddInt32(message, &field, ++number_)
                       : reflection.SetInt32(message, &field, ++number_);
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(message, &field, ++number_);
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.SetBool(message, &field, true);
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.SetString(message, &field, absl::StrCat("t", ++number_));
      case FieldDescriptor::CPPTYPE_ENUM:
        return reflection.SetEnum(message, &field,
                                  field.enum_type()->value(field.enum_type()->value_count() - 1));
      default:
        break;
    }
    Message* const inner = is_list ? reflection.AddMessage(message, &field)
                                   : reflection.MutableMessage(message, &field);
    if (inner->GetDescriptor() == google::protobuf::Duration::descriptor()) {
      static_cast<google::protobuf::Duration*>(inner)->set_seconds(++number_);
    } else {
      Fill(inner);
    }
  }

  int32_t number_ = 0;
};

TEST(PolicyRoundTrip, NoFieldIsForgotten) {
  v1::TippingPolicy policy;
  Filler().Fill(&policy);
  v1::TippingPolicy again;
  FillPolicy(ToPolicy(policy), &again);
  EXPECT_TRUE(MessageDifferencer::Equals(policy, again)) << policy.DebugString() << "\nbecame\n"
                                                         << again.DebugString();
}

TEST(PolicyRoundTrip, NoFieldOfAGiftIsForgottenButThatItIsNoLottery) {
  v1::GiftCatalog catalog;
  Filler().Fill(&catalog);
  v1::GiftCatalog again;
  FillGiftCatalog(ToGiftCatalog(catalog), &again);
  for (v1::Gift& gift : *catalog.mutable_gifts()) gift.clear_random_reward();
  EXPECT_TRUE(MessageDifferencer::Equals(catalog, again)) << again.DebugString();
}

TEST(PolicyRoundTrip, TheYamlOfAPolicyIsReadAsTheSame) {
  v1::TippingPolicy policy;
  Filler().Fill(&policy);
  v1::TippingPolicy again;
  const auto read = ReadYamlMessage("policy.yaml", YamlText(policy), &again);
  ASSERT_TRUE(read.ok()) << read.status() << YamlText(policy);
  EXPECT_TRUE(MessageDifferencer::Equals(policy, again)) << YamlText(policy);
}

TEST(PolicyRoundTrip, TextThatLooksLikeSomethingElseIsWrittenInQuotes) {
  v1::GiftCatalog catalog;
  for (const char* name : {"", "true", "1e3", "a \"b\" \\ c", "# no comment", "- item", "玫瑰"}) {
    v1::Gift& gift = *catalog.add_gifts();
    gift.set_gift_id(catalog.gifts_size());
    gift.set_name(name);
  }
  v1::GiftCatalog again;
  const auto read = ReadYamlMessage("gifts.yaml", YamlText(catalog), &again);
  ASSERT_TRUE(read.ok()) << read.status() << YamlText(catalog);
  EXPECT_TRUE(MessageDifferencer::Equals(catalog, again)) << YamlText(catalog);
}

TEST(YamlText, AMessageOfDefaultsAloneComesBack) {
  v1::GiftCatalog again;
  const auto read = ReadYamlMessage("gifts.yaml", YamlText(v1::GiftCatalog()), &again);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(again.gifts_size(), 0);
}

TEST(YamlText, WritesListsOfMessagesAsPeopleDo) {
  v1::TippingPolicy policy;
  policy.set_currency("CNY");
  policy.add_reminder_permille(300);
  policy.add_reminder_permille(500);
  policy.add_payer_tiers()->set_name("new");
  policy.mutable_payer_tiers(0)->mutable_limits();
  policy.mutable_recharge()->mutable_hold_duration()->set_seconds(90);
  policy.mutable_minors()->set_profile(v1::MINOR_PROFILE_STRICT);
  EXPECT_EQ(YamlText(policy),
            "currency: \"CNY\"\n"
            "reminder_permille: [300, 500]\n"
            "recharge:\n"
            "  hold_duration: 1m30s\n"
            "minors:\n"
            "  profile: strict\n"
            "payer_tiers:\n"
            "  - name: \"new\"\n"
            "    limits: {}\n");
}

}  // namespace
}  // namespace tipgate
