#include "tests/crash/log_content.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "bench/scratch_directory.h"
#include "storage/database.h"
#include "storage/rocksdb_journal.h"
#include "tests/integration/gate_files.h"

namespace tipgate::crash {
namespace {

constexpr size_t kRecordHeadBytes = 7;
constexpr int kPauseKind = 8;

LogWrite Parse(const std::string& bytes) { return ParseLogWrite(bytes.data(), bytes.size()); }

// The log of a journal that was claimed, and got one entry.
std::string MakeLog() {
  const auto folder = ScratchDirectory::Create();
  EXPECT_TRUE(folder.ok()) << folder.status();
  {
    const auto database = Database::Open(folder->path(), {});
    EXPECT_TRUE(database.ok()) << database.status();
    const auto journal = RocksDbJournal::Open(database->get());
    EXPECT_TRUE(journal.ok() && (*journal)->Claim().ok());
    Entry entry;
    entry.sequence = 1;
    entry.records.emplace_back(PauseRecord());
    EXPECT_TRUE((*journal)->Append(entry).ok());
  }
  for (const auto& file : std::filesystem::directory_iterator(folder->path())) {
    if (file.path().extension() == ".log") return ReadFile(file.path());
  }
  return "";
}

TEST(LogContent, IsToldOfWhatRocksDbWrites) {
  std::string log = MakeLog();
  ASSERT_GT(log.size(), 2 * kRecordHeadBytes);
  EXPECT_EQ(Parse(log).content, LogContent::kTerm);
  const size_t claim_bytes =
      static_cast<unsigned char>(log[4]) + (static_cast<unsigned char>(log[5]) << 8);
  log.erase(0, kRecordHeadBytes + claim_bytes);
  const LogWrite write = Parse(log);
  EXPECT_EQ(write.content, LogContent::kEntry);
  EXPECT_EQ(write.record_kind, kPauseKind);
  EXPECT_EQ(Parse(std::string(3, '\0') + log).content, LogContent::kEntry) << "behind a filler";
}

TEST(LogContent, OfBytesThatItDoesNotKnowIsNothing) {
  EXPECT_EQ(Parse("").content, LogContent::kNothing);
  EXPECT_EQ(Parse("tipgate journal head\n").content, LogContent::kNothing);
  EXPECT_EQ(Parse(std::string(100, '\0')).content, LogContent::kNothing);
  const std::string log = MakeLog();
  for (size_t size = 0; size < kRecordHeadBytes + 12; ++size) {
    EXPECT_EQ(Parse(log.substr(0, size)).content, LogContent::kNothing) << size;
  }
}

TEST(LogContent, APatternMeansItsKindAndActionOrAny) {
  const LogWrite write{.content = LogContent::kEntry, .record_kind = 17, .record_action = 4};
  EXPECT_TRUE(Means({}, write));
  EXPECT_TRUE(Means({.content = LogContent::kEntry}, write));
  EXPECT_TRUE(Means({.content = LogContent::kEntry, .record_kind = 17, .record_action = 4}, write));
  EXPECT_FALSE(Means({.content = LogContent::kRows}, write));
  EXPECT_FALSE(Means({.content = LogContent::kEntry, .record_kind = 5}, write));
  EXPECT_FALSE(
      Means({.content = LogContent::kEntry, .record_kind = 17, .record_action = 3}, write));
}

}  // namespace
}  // namespace tipgate::crash
