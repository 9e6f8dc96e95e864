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
    "0003076f726465722d31fec39fd50c0377656216181a1cd00f04020ab81702f0f43cd00f809f4980ea30"
    "80d098f70180a0abfef962c0efcffef96201828030848030868030021001c0843df0f43ca01f80a0abfe"
    "f962021302d804000000000102880e",
    // recharge
    "010203076f726465722d31fec39fd50c0377656292802016c0f40780dddb01020a05b6b302a4fb020204"
    "06080a0c0e01011001c0843df0f43ca01f80a0abfef96202",
    // payer
    "0203076f726465722d31fec39fd50c16018c1f043804010103766970323436383a3c0869642d63686563"
    "6b2a2c",
    // streamer
    "0303076f726465722d31fec39fd50c18018c1f0438040104676f6c649a019c010363726d2a2c",
    // session
    "040203076f726465722d31fec39fd50c1a18010a04676f6c643e40424446011302d80400000000",
    // settlement
    "0580d098f701525456585a021850c6010a",
    // policy
    "068280180a03434e590d417369612f5368616e6768616966686a6c02e807d00f6e0104676f6c64707274767801"
    "7a7c7e80018201840102860188018a018c010103766970b601feffffffffffffffff01feffffffffffff"
    "ffff01b801ba0100bc01be0128c001c201c401c601c801",
    // catalog
    "0703076f726465722d31fec39fd50c066c692e7765699601028e0104726f7365900101920103e781ab940100",
    // pause
    "0803076f726465722d31fec39fd50c162e30",
    // self limits
    "0903076f726465722d31fec39fd50c1601a2010200030004636166650201a401a601a801aa01feffffff"
    "ffffffffff01ac01ae01feffffffffffffffff01000112000000000000",
    // confirmation
    "0a0203076f726465722d31fec39fd50c1602046361666505736d732d3102030a08b001",
    // cooling-off
    "0b03076f726465722d31fec39fd50c066c692e77656916b201b401",
    // freeze
    "0c0203076f726465722d31fec39fd50c066c692e7765691606636173652d3701066c692e776569",
    // stop
    "0d0203076f726465722d31fec39fd50c066c692e77656902ca0103776562046c65616b01cc01066c692e"
    "776569",
    // sanction
    "0e0103076f726465722d31fec39fd50c066c692e7765691892802003ce01d0010106696e73756c740663"
    "6173652d37d201d401d601",
    // proposal
    "0f03076f726465722d31fec39fd50c066c692e77656907666f72204d6179ca01060003434e590000000000000000"
    "0000000000010000000000000001feffffffffffffffff01feffffffffffffffff01000000000406",
    // approval
    "100103076f726465722d31fec39fd50c0977616e672e66616e67828018cc01"};
static_assert(std::size(kBodies) == std::variant_size_v<Record>);

constexpr absl::string_view kWholeEntry =
    "010000000100000002000000000000000700000000000000000000000000000000000000000000000000"
    "00000000000000000000000000007b68e5cf8b010000db4c0000d25e000000f8b5d38b010000005cf520"
    "8c0100002d0000000203076f726465722d31fec39fd50c16018c1f043804010103766970323436383a3c"
    "0869642d636865636b2a2cc78cb7f1651affaaba97a5a3421546f97ffcd6816defcd206801487e76c964"
    "0d";

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
