// Pins the bytes of entries. A change here means that data directories in the field can no longer
// be read: add a format, do not edit an expectation.

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "absl/strings/escaping.h"
#include "storage/entry_codec.h"
#include "tests/storage/sample_entries.h"

namespace tipgate {
namespace {

constexpr absl::string_view kBodies[] = {
    // tip
    "0003076f726465722d31fec39fd50c16181a1cd00f04020ab81702f0f43cd00f809f4980ea3080d098f70180"
    "a0abfef962828030848030868030021001c0843df0f43ca01f80a0abfef9621302d8040000000102880e",
    // recharge
    "010203076f726465722d31fec39fd50c92802016c0f40780dddb01020a05b6b302a4fb02020406080a0c0e01"
    "011001c0843df0f43ca01f80a0abfef962",
    // payer
    "0203076f726465722d31fec39fd50c16018c1f04380401010869642d636865636b2a2c",
    // streamer
    "0303076f726465722d31fec39fd50c18018c1f0438040104676f6c649a019c010363726d2a2c",
    // session
    "040203076f726465722d31fec39fd50c1a18010a04676f6c643e40424446011302d804000000",
    // settlement
    "0580d098f701525456585a021850c6010a",
    // policy
    "060a03434e590d417369612f5368616e6768616966686a6c02e807d00f6e0104676f6c647072747678017a"
    "7c7e80018201840102860188018a018c01",
    // catalog
    "07028e0104726f7365900101920103e781ab940100",
    // pause
    "0803076f726465722d31fec39fd50c162e30"};
static_assert(std::size(kBodies) == std::variant_size_v<Record>);

constexpr absl::string_view kWholeEntry =
    "01000000010000000200000000000000070000000000000000000000000000000000000000000000000000"
    "000000000000000000000000007b68e5cf8b010000db4c0000d25e000000f8b5d38b010000005cf5208c01"
    "0000230000000203076f726465722d31fec39fd50c16018c1f04380401010869642d636865636b2a2ca7e8"
    "05e301d4f6cc3cfc1fc33fe0737c3be672f643e6cd8e34f7292bfcd4f581";

std::string BodyOf(int kind) {
  const std::string bytes = BytesOf(SampleEntry(kind));
  return bytes.substr(kEntryHeaderBytes, bytes.size() - kEntryBytesMin);
}

TEST(EntryGolden, EveryKindHasItsBytes) {
  for (size_t kind = 0; kind < std::size(kBodies); ++kind) {
    EXPECT_EQ(absl::BytesToHexString(BodyOf(static_cast<int>(kind))), kBodies[kind]) << kind;
  }
}

TEST(EntryGolden, AWholeEntryHasItsBytes) {
  EXPECT_EQ(absl::BytesToHexString(BytesOf(SampleEntry(2))), kWholeEntry);
}

}  // namespace
}  // namespace tipgate
