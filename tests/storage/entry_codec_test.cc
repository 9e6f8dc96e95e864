#include "storage/entry_codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <variant>

#include "storage/byte_order.h"
#include "storage/sha256.h"
#include "tests/storage/sample_entries.h"

namespace tipgate {
namespace {

constexpr uint64_t kSeed = 20260101;
constexpr int kKindsCount = std::variant_size_v<Record>;

absl::Status Decode(const std::string& bytes, Entry* entry) {
  EntryLink link;
  EntryDecoder decoder;
  return decoder.Decode(bytes, entry, &link);
}

// Puts the right hash behind changed bytes, so that a fault has to be found by what comes after the
// checksum.
std::string Rehash(std::string bytes) {
  bytes.resize(bytes.size() - sizeof(ChainHash));
  const ChainHash hash = Sha256().Hash(bytes);
  return bytes.append(reinterpret_cast<const char*>(hash.data()), hash.size());
}

// The body in an entry whose header fits it.
std::string WithBody(const std::string& body, uint32_t records_count) {
  std::string bytes = BytesOf(SampleEntry(0)).substr(0, kEntryHeaderBytes) + body;
  PutLittleEndian(records_count, bytes.data() + 4);
  PutLittleEndian(static_cast<uint32_t>(body.size()), bytes.data() + 88);
  return Rehash(bytes + std::string(sizeof(ChainHash), '\0'));
}

TEST(EntryCodec, EveryKindComesBack) {
  for (int kind = 0; kind < kKindsCount; ++kind) {
    const std::string bytes = BytesOf(SampleEntry(kind));
    Entry decoded;
    const absl::Status status = Decode(bytes, &decoded);
    ASSERT_TRUE(status.ok()) << status;
    ASSERT_EQ(decoded.records.size(), 1u);
    EXPECT_EQ(decoded.records[0].index(), static_cast<size_t>(kind));
    EXPECT_EQ(decoded.moment, SampleEntry(kind).moment);
    EXPECT_EQ(BytesOf(decoded), bytes);
  }
}

TEST(EntryCodec, AnOrderOfEveryScopeComesBack) {
  for (const IncomeScopeKind kind :
       {IncomeScopeKind::kTip, IncomeScopeKind::kSession, IncomeScopeKind::kStreamer,
        IncomeScopeKind::kAgency, IncomeScopeKind::kCase, IncomeScopeKind::kPayer,
        IncomeScopeKind::kEverything}) {
    Entry entry = SampleEntry(0);
    IncomeJobRecord job;
    job.action = IncomeAction::kRefund;
    job.scope.kind = kind;
    job.note = entry.AddOne(CaseNote());
    entry.records = {job};
    Entry decoded;
    const absl::Status status = Decode(BytesOf(entry), &decoded);
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(std::get<IncomeJobRecord>(decoded.records[0]).scope, job.scope);
  }
}

TEST(EntryCodec, ExtremeValuesComeBack) {
  const Entry entry = ExtremeEntry();
  Entry decoded;
  const absl::Status status = Decode(BytesOf(entry), &decoded);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(decoded.term, entry.term);
  EXPECT_EQ(decoded.sequence, entry.sequence);
  EXPECT_EQ(decoded.moment, entry.moment);
  const auto& tip = std::get<TipRecord>(decoded.records[0]);
  EXPECT_EQ(tip.request.intent.key, std::get<TipRecord>(entry.records[0]).request.intent.key);
  EXPECT_EQ(tip.day_left, std::get<TipRecord>(entry.records[0]).day_left);
  EXPECT_EQ(decoded.View(tip.violations).size(), 1000u);
  EXPECT_EQ(decoded.View(tip.violations)[999].retry_time_ms, 999);
  EXPECT_EQ(std::get<CatalogRecord>(decoded.records[7]).catalog->gifts().size(), 3000u);
  EXPECT_EQ(BytesOf(decoded), BytesOf(entry));
}

TEST(EntryCodec, MostRecordsFitAndAnEmptyEntryIsOne) {
  std::mt19937_64 random(kSeed);
  for (const int count : {0, int{kEntryRecordsMax}}) {
    Entry entry = RandomTips(1, count, random);
    entry.term = 1;
    Entry decoded;
    ASSERT_TRUE(Decode(BytesOf(entry), &decoded).ok());
    EXPECT_EQ(decoded.records.size(), static_cast<size_t>(count));
  }
}

TEST(EntryCodec, DecoderForgetsTheEntryBefore) {
  Entry entry;
  ASSERT_TRUE(Decode(BytesOf(ExtremeEntry()), &entry).ok());
  ASSERT_TRUE(Decode(BytesOf(SampleEntry(0)), &entry).ok());
  EXPECT_EQ(BytesOf(entry), BytesOf(SampleEntry(0)));
}

TEST(EntryCodec, HashCoversThePreviousOne) {
  EntryEncoder encoder;
  encoder.Encode(SampleEntry(0), 1, ChainHash{});
  const ChainHash first = encoder.hash();
  const std::string bytes(encoder.Encode(SampleEntry(0), 1, first));
  EXPECT_NE(encoder.hash(), first);
  EntryLink link;
  Entry entry;
  EntryDecoder decoder;
  ASSERT_TRUE(decoder.Decode(bytes, &entry, &link).ok());
  EXPECT_EQ(link.previous, first);
  EXPECT_EQ(link.hash, encoder.hash());
}

TEST(EntryCodec, EveryTruncationIsFound) {
  for (int kind = 0; kind < kKindsCount; ++kind) {
    const std::string bytes = BytesOf(SampleEntry(kind));
    for (size_t size = 0; size < bytes.size(); ++size) {
      Entry entry;
      EXPECT_TRUE(absl::IsDataLoss(Decode(bytes.substr(0, size), &entry))) << size;
    }
  }
}

TEST(EntryCodec, EveryFlippedBitIsFound) {
  for (int kind = 0; kind < kKindsCount; ++kind) {
    std::string bytes = BytesOf(SampleEntry(kind));
    for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
      Entry entry;
      EXPECT_TRUE(absl::IsDataLoss(Decode(bytes, &entry))) << bit;
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    }
  }
}

// With a matching checksum the parser itself must stand: an error, or an entry that encodes to the
// same bytes.
TEST(EntryCodec, EveryChangedByteUnderAValidChecksumIsSurvived) {
  for (int kind = 0; kind < kKindsCount; ++kind) {
    const std::string original = BytesOf(SampleEntry(kind));
    for (size_t i = 0; i < original.size() - sizeof(ChainHash); ++i) {
      for (const int change : {0x01, 0x80, 0xff}) {
        std::string bytes = original;
        bytes[i] = static_cast<char>(bytes[i] ^ change);
        bytes = Rehash(bytes);
        Entry entry;
        const absl::Status status = Decode(bytes, &entry);
        if (!status.ok()) {
          EXPECT_TRUE(absl::IsDataLoss(status)) << status;
        } else if (i < 24 || i >= 56) {  // BytesOf knows no previous hash
          EXPECT_EQ(BytesOf(entry), bytes);
        }
      }
    }
  }
}

TEST(EntryCodec, TruncatedBodiesUnderAValidChecksumAreFound) {
  for (int kind = 0; kind < kKindsCount; ++kind) {
    const std::string bytes = BytesOf(SampleEntry(kind));
    const std::string body = bytes.substr(kEntryHeaderBytes, bytes.size() - kEntryBytesMin);
    for (size_t size = 0; size < body.size(); ++size) {
      Entry entry;
      EXPECT_TRUE(absl::IsDataLoss(Decode(WithBody(body.substr(0, size), 1), &entry))) << size;
    }
    Entry entry;
    EXPECT_TRUE(Decode(WithBody(body, 1), &entry).ok());
    EXPECT_TRUE(absl::IsDataLoss(Decode(WithBody(body + '\0', 1), &entry)));
    EXPECT_TRUE(absl::IsDataLoss(Decode(WithBody(body, 2), &entry)));
  }
}

TEST(EntryCodec, RandomBodiesAreSurvived) {
  std::mt19937_64 random(kSeed);
  SCOPED_TRACE(kSeed);
  for (int round = 0; round < 20'000; ++round) {
    std::string body(random() % 200, '\0');
    for (char& byte : body) byte = static_cast<char>(random());
    if (!body.empty()) body[0] = static_cast<char>(random() % (kKindsCount + 1));
    Entry entry;
    const absl::Status status = Decode(WithBody(body, 1), &entry);
    EXPECT_TRUE(status.ok() || absl::IsDataLoss(status)) << status;
  }
}

TEST(EntryCodec, AnotherFormatIsRefused) {
  std::string bytes = BytesOf(SampleEntry(0));
  bytes[0] = 2;
  Entry entry;
  const absl::Status status = Decode(Rehash(bytes), &entry);
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_EQ(status.message(), "entry format 2");
}

TEST(EntryCodec, AGiftThatIsListedTwiceIsRefused) {
  // Kind, caller, key, create time, actor, version; two gifts, each: id 1, no name, price 0,
  // enabled.
  const std::string body("\x07\x00\x00\x00\x00\x02\x02\x02\x00\x00\x01\x02\x00\x00\x01", 15);
  Entry entry;
  EXPECT_EQ(Decode(WithBody(body, 1), &entry), absl::DataLossError("a gift is listed twice"));
}

TEST(EntryCodecDeathTest, WhatCouldNotBeReadBackIsNotWritten) {
  Entry entry = SampleEntry(0);
  std::get<TipRecord>(entry.records[0]).outcome = Outcome{};
  EXPECT_DEATH(BytesOf(entry), "IsKnown");
  entry = SampleEntry(6);
  std::get<PolicyRecord>(entry.records[0]).policy = nullptr;
  EXPECT_DEATH(BytesOf(entry), "policy");
  entry = SampleEntry(0);
  entry.records.resize(kEntryRecordsMax + 1, entry.records[0]);
  EXPECT_DEATH(BytesOf(entry), "kEntryRecordsMax");
}

}  // namespace
}  // namespace tipgate
