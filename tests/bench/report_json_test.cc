#include "bench/report_json.h"

#include <gtest/gtest.h>

namespace tipgate {
namespace {

TEST(JsonObject, AnEmptyOneIsValid) { EXPECT_EQ(JsonObject().ToString(), "{}"); }

TEST(JsonObject, FieldsKeepTheirOrderAndType) {
  JsonObject inner;
  inner.AddInteger("cores", 2);
  JsonObject json;
  json.AddText("mode", "unary");
  json.AddInteger("least", INT64_MIN);
  json.AddNumber("ratio", 0.98765);
  json.AddNull("echo");
  json.AddIntegers("rounds", {1, 2, 3});
  json.AddObject("machine", inner);
  EXPECT_EQ(json.ToString(),
            "{\"mode\": \"unary\", \"least\": -9223372036854775808, \"ratio\": 0.988, "
            "\"echo\": null, \"rounds\": [1, 2, 3], \"machine\": {\"cores\": 2}}");
}

TEST(JsonObject, TextIsEscaped) {
  JsonObject json;
  json.AddText("error", "a \"b\" \\ c\n\x01 小");
  EXPECT_EQ(json.ToString(), "{\"error\": \"a \\\"b\\\" \\\\ c\\u000a\\u0001 小\"}");
}

}  // namespace
}  // namespace tipgate
