#include "cli/table.h"

#include "gtest/gtest.h"

namespace tipgate {
namespace {

TEST(Table, AlignsEachColumnToItsWidestCell) {
  Table table({{"NAME"}, {"AMOUNT", Align::kRight}, {"NOTE"}});
  table.AddRow({"rocket", "5.00", "big"});
  table.AddRow({"a", "12,345.00", "x"});
  EXPECT_EQ(table.Render(),
            "NAME       AMOUNT  NOTE\n"
            "rocket       5.00  big\n"
            "a       12,345.00  x\n");
}

TEST(Table, WithoutRowsIsItsHeader) {
  const Table table({{"NAME"}, {"AMOUNT", Align::kRight}});
  EXPECT_EQ(table.Render(), "NAME  AMOUNT\n");
}

TEST(Table, EmptyAndMissingCellsAreDashes) {
  Table table({{"A"}, {"B"}, {"C"}});
  table.AddRow({"1", ""});
  EXPECT_EQ(table.Render(), "A  B  C\n1  -  -\n");
}

TEST(Table, HasNoTrailingSpaces) {
  Table table({{"A"}, {"A LONG TITLE"}});
  table.AddRow({"1", "2"});
  EXPECT_EQ(table.Render(), "A  A LONG TITLE\n1  2\n");
}

TEST(Table, WideCharactersTakeTwoColumns) {
  Table table({{"GIFT"}, {"N", Align::kRight}});
  table.AddRow({"火箭", "1"});
  table.AddRow({"rose", "2"});
  EXPECT_EQ(table.Render(), "GIFT  N\n火箭  1\nrose  2\n");
}

TEST(Table, ControlCharactersCannotBreakARow) {
  Table table({{"KEY"}});
  table.AddRow({"a\nb\x1b[2J"});
  EXPECT_EQ(table.Render(), "KEY\na\\x0ab\\x1b[2J\n");
}

TEST(Record, AlignsValues) {
  Record record;
  record.Add("outcome", "ACCEPTED");
  record.Add("tip", "7");
  record.Add("closed", "");
  EXPECT_EQ(record.Render(), "outcome  ACCEPTED\ntip      7\nclosed   -\n");
}

TEST(Record, LeavesOutWhatIsNotSet) {
  Record record;
  record.AddIfSet("source", "");
  record.AddIfSet("tier", "L1");
  EXPECT_EQ(record.Render(), "tier  L1\n");
}

}  // namespace
}  // namespace tipgate
