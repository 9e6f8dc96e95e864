#include "storage/entry_codec.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "storage/byte_order.h"
#include "storage/field_reader.h"
#include "storage/field_writer.h"

namespace tipgate {
namespace {

// The kinds on disk: a reordered variant must not compile.
template <size_t kKind, typename T>
inline constexpr bool kIsKind = std::is_same_v<std::variant_alternative_t<kKind, Record>, T>;
static_assert(kIsKind<0, TipRecord> && kIsKind<1, RechargeRecord> && kIsKind<2, PayerRecord>);
static_assert(kIsKind<3, StreamerRecord> && kIsKind<4, SessionRecord>);
static_assert(kIsKind<5, SettlementRecord> && kIsKind<6, PolicyRecord> &&
              kIsKind<7, CatalogRecord> && kIsKind<8, PauseRecord>);
static_assert(kIsKind<9, SelfLimitsRecord> && kIsKind<10, ConfirmationRecord> &&
              kIsKind<11, CoolingOffRecord> && kIsKind<12, PayerFreezeRecord> &&
              kIsKind<13, StopRecord> && kIsKind<14, SanctionRecord> &&
              kIsKind<15, ProposalRecord> && kIsKind<16, ProposalStepRecord>);
static_assert(kIsKind<17, TipChangeRecord> && kIsKind<18, IncomeJobRecord> &&
              kIsKind<19, IncomeStepRecord> && kIsKind<20, ManualDelayRecord> &&
              kIsKind<21, PreferencesRecord>);

constexpr size_t kRecordsCountOffset = 4;
constexpr size_t kTermOffset = 8;
constexpr size_t kSequenceOffset = 16;
constexpr size_t kPreviousOffset = 24;
constexpr size_t kTimeOffset = 56;
constexpr size_t kDayOffset = 64;
constexpr size_t kMonthOffset = 68;
constexpr size_t kDayEndOffset = 72;
constexpr size_t kMonthEndOffset = 80;
constexpr size_t kBodySizeOffset = 88;

absl::string_view ViewOf(const ChainHash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

ChainHash HashAt(const char* bytes) {
  ChainHash hash;
  std::memcpy(hash.data(), bytes, hash.size());
  return hash;
}

void WriteHeader(const Entry& entry, int64_t term, const ChainHash& previous, char* header) {
  PutLittleEndian(kEntryFormat, header);
  PutLittleEndian(static_cast<uint32_t>(entry.records.size()), header + kRecordsCountOffset);
  PutLittleEndian(term, header + kTermOffset);
  PutLittleEndian(entry.sequence, header + kSequenceOffset);
  std::memcpy(header + kPreviousOffset, previous.data(), previous.size());
  PutLittleEndian(entry.moment.time_ms, header + kTimeOffset);
  PutLittleEndian(static_cast<int32_t>(entry.moment.day), header + kDayOffset);
  PutLittleEndian(static_cast<int32_t>(entry.moment.month), header + kMonthOffset);
  PutLittleEndian(entry.moment.day_end_ms, header + kDayEndOffset);
  PutLittleEndian(entry.moment.month_end_ms, header + kMonthEndOffset);
}

void ReadHeader(const char* header, Entry* entry) {
  entry->term = GetLittleEndian<int64_t>(header + kTermOffset);
  entry->sequence = GetLittleEndian<int64_t>(header + kSequenceOffset);
  entry->moment.time_ms = GetLittleEndian<int64_t>(header + kTimeOffset);
  entry->moment.day = Day{GetLittleEndian<int32_t>(header + kDayOffset)};
  entry->moment.month = Month{GetLittleEndian<int32_t>(header + kMonthOffset)};
  entry->moment.day_end_ms = GetLittleEndian<int64_t>(header + kDayEndOffset);
  entry->moment.month_end_ms = GetLittleEndian<int64_t>(header + kMonthEndOffset);
}

template <typename T>
void ReadRecord(FieldReader& reader, Record& record) {
  T::Fields(record.emplace<T>(), reader);
}

// What has just one is not read with none.
template <>
void ReadRecord<TipChangeRecord>(FieldReader& reader, Record& record) {
  auto& change = record.emplace<TipChangeRecord>();
  TipChangeRecord::Fields(change, reader);
  if (reader.ok() && change.after.count != 1) reader.Fail("a change of no tip, or of several");
}

template <>
void ReadRecord<IncomeJobRecord>(FieldReader& reader, Record& record) {
  auto& job = record.emplace<IncomeJobRecord>();
  IncomeJobRecord::Fields(job, reader);
  if (reader.ok() && job.note.count != 1) reader.Fail("an order without its case");
}

using RecordReadFunction = void (*)(FieldReader&, Record&);

template <size_t... kKinds>
constexpr std::array<RecordReadFunction, sizeof...(kKinds)> MakeReadFunctions(
    std::index_sequence<kKinds...>) {
  return {&ReadRecord<std::variant_alternative_t<kKinds, Record>>...};
}

constexpr auto kReadFunctions =
    MakeReadFunctions(std::make_index_sequence<std::variant_size_v<Record>>());

absl::Status ReadBody(absl::string_view body, uint32_t records_count, Entry* entry) {
  FieldReader reader(body, entry);
  entry->records.reserve(records_count);
  for (uint32_t i = 0; i < records_count && reader.ok(); ++i) {
    uint8_t kind = 0;
    reader(kind);
    if (reader.ok() && kind >= kReadFunctions.size()) reader.Fail("a record of unknown kind");
    if (reader.ok()) kReadFunctions[kind](reader, entry->records.emplace_back());
  }
  return reader.Finish();
}

}  // namespace

absl::string_view EntryEncoder::Encode(const Entry& entry, int64_t term,
                                       const ChainHash& previous) {
  TIPGATE_CHECK(term > 0);
  TIPGATE_CHECK(entry.sequence > 0);
  TIPGATE_CHECK(entry.sequence <= RecordId::kSequenceMax);
  TIPGATE_CHECK(entry.records.size() <= static_cast<size_t>(kEntryRecordsMax));
  buffer_.Clear();
  char* header = buffer_.Reserve(kEntryHeaderBytes);
  WriteHeader(entry, term, previous, header);
  buffer_.AdvanceTo(header + kEntryHeaderBytes);
  for (const Record& record : entry.records) {
    char* kind = buffer_.Reserve(1);
    *kind = static_cast<char>(record.index());
    buffer_.AdvanceTo(kind + 1);
    std::visit([&](const auto& content) { AppendFields(content, &entry, &buffer_); }, record);
  }
  const size_t body_size = buffer_.size() - kEntryHeaderBytes;
  TIPGATE_CHECK(buffer_.size() + sizeof(ChainHash) <= kEntryBytesMax);
  PutLittleEndian(static_cast<uint32_t>(body_size), buffer_.data() + kBodySizeOffset);
  hash_ = sha256_.Hash(buffer_.view());
  buffer_.Append(ViewOf(hash_));
  return buffer_.view();
}

absl::Status EntryDecoder::Decode(absl::string_view bytes, Entry* entry, EntryLink* link) {
  entry->Clear();
  if (bytes.size() < kEntryBytesMin || bytes.size() > kEntryBytesMax) {
    return absl::DataLossError(absl::StrCat("an entry of ", bytes.size(), " bytes"));
  }
  const absl::string_view hashed = bytes.substr(0, bytes.size() - sizeof(ChainHash));
  link->hash = sha256_.Hash(hashed);
  if (ViewOf(link->hash) != bytes.substr(hashed.size())) {
    return absl::DataLossError("the checksum does not match");
  }
  link->previous = HashAt(bytes.data() + kPreviousOffset);
  const auto format = GetLittleEndian<uint32_t>(bytes.data());
  const auto records_count = GetLittleEndian<uint32_t>(bytes.data() + kRecordsCountOffset);
  const auto body_size = GetLittleEndian<uint32_t>(bytes.data() + kBodySizeOffset);
  if (format != kEntryFormat) return absl::DataLossError(absl::StrCat("entry format ", format));
  if (records_count > static_cast<uint32_t>(kEntryRecordsMax)) {
    return absl::DataLossError("too many records");
  }
  if (body_size != hashed.size() - kEntryHeaderBytes) {
    return absl::DataLossError("the body has another size than the header says");
  }
  ReadHeader(bytes.data(), entry);
  if (entry->term <= 0 || entry->sequence <= 0 || entry->sequence > RecordId::kSequenceMax) {
    return absl::DataLossError("a term or sequence out of range");
  }
  return ReadBody(hashed.substr(kEntryHeaderBytes), records_count, entry);
}

}  // namespace tipgate
