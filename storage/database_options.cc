#include "storage/database_options.h"

#include <cstdarg>
#include <string>
#include <utility>

#include "rocksdb/cache.h"
#include "rocksdb/env.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/sst_file_manager.h"
#include "rocksdb/table.h"

namespace tipgate {
namespace {

constexpr uint64_t kKiB = 1024;
constexpr uint64_t kMiB = 1024 * kKiB;

// Files that are no longer needed go piece by piece. Logs of 64 MiB become needless several at a
// time, and to unlink those at once holds up each fsync: on a volume that is mounted with `discard`
// 17 ms at a time, for 160 ms. No less than twice as fast as the disk is written to.
constexpr int64_t kDeletionBytesPerSecond = 256 * kMiB;
constexpr uint64_t kDeletionPieceBytes = 4 * kMiB;
constexpr double kNeverAtOnce = 1e9;  // whatever the part of needless files in all

// One false positive in a thousand. A false one reads a block, which costs more than ten look-ups
// that the filter answers: against 10 bits this halves the time of a look-up in vain. The filters
// want to stay in the block cache, so it should have 2 bytes for each key that is remembered.
constexpr double kBloomBitsPerKey = 14;

// Restart replays what the write-ahead logs hold: this bounds it to a few seconds.
constexpr uint64_t kWalBytesMax = 512 * kMiB;
// A checkpoint adds a file of keys, and this many are merged at a time: a key is rewritten once
// while 16 checkpoints become 256. More would be less work still, but a look-up that the filter in
// memory does not answer tries them all.
constexpr int kKeyRunsMax = 16;
// Keys of forgotten entries leave the disk at the latest this long after they may.
constexpr uint64_t kKeysRewriteSeconds = uint64_t{2} * 24 * 3600;

class SilentLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::BlockBasedTableOptions MakeTableOptions(std::shared_ptr<rocksdb::Cache> cache,
                                                 uint64_t block_size) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = std::move(cache);
  table.block_size = block_size;
  // Index and filter live in the cache too, so that the cache bounds all of it.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.format_version = 5;
  return table;
}

rocksdb::ColumnFamilyOptions MakeFamily(const rocksdb::BlockBasedTableOptions& table,
                                        uint64_t write_buffer_bytes) {
  rocksdb::ColumnFamilyOptions family;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  family.write_buffer_size = write_buffer_bytes;
  family.max_write_buffer_number = 3;
  family.compression = rocksdb::kLZ4Compression;
  family.level_compaction_dynamic_level_bytes = true;
  return family;
}

// Few large values in ascending order: files never overlap, so compaction only moves them between
// levels.
rocksdb::ColumnFamilyOptions MakeJournalFamily(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family = MakeFamily(MakeTableOptions(cache, 64 * kKiB), 64 * kMiB);
  family.target_file_size_base = 256 * kMiB;
  family.max_bytes_for_level_base = 1024 * kMiB;
  return family;
}

// Read as a whole at start, overwritten all the time, and looked up by id for what is not in
// memory. Nearly all that is looked up is there, most of it in the last level, which does without
// filters: those of 100,000,000 payers would fill the cache. Index and filters are read in small
// parts: as a whole, those of one file can be more than a shard of the cache takes, and then every
// look-up reads megabytes.
rocksdb::ColumnFamilyOptions MakeStateFamily(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table = MakeTableOptions(cache, 8 * kKiB);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  rocksdb::ColumnFamilyOptions family = MakeFamily(table, 64 * kMiB);
  family.optimize_filters_for_hits = true;
  return family;
}

// Random keys, written in bulk, looked up mostly in vain: filters, and the compaction that rewrites
// least. Index and filters in small parts: a filter of a whole file has megabytes, and once the
// cache does not hold all of them each look-up would read one.
rocksdb::ColumnFamilyOptions MakeKeysFamily(const std::shared_ptr<rocksdb::Cache>& cache,
                                            const DatabaseOptions& options,
                                            const rocksdb::CompactionFilter* filter) {
  rocksdb::BlockBasedTableOptions table = MakeTableOptions(cache, 4 * kKiB);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  rocksdb::ColumnFamilyOptions family = MakeFamily(table, 16 * kMiB);
  family.compaction_style = rocksdb::kCompactionStyleUniversal;
  family.level0_file_num_compaction_trigger = kKeyRunsMax;
  family.level0_slowdown_writes_trigger = 4 * kKeyRunsMax;
  family.level0_stop_writes_trigger = 6 * kKeyRunsMax;
  family.target_file_size_base = 32 * kMiB;
  family.compression = rocksdb::kNoCompression;  // hashes do not get smaller
  family.compaction_filter = filter;
  family.disable_auto_compactions = !options.compacts_keys;
  family.periodic_compaction_seconds = kKeysRewriteSeconds;
  return family;
}

}  // namespace

rocksdb::DBOptions MakeDbOptions(const DatabaseOptions& options,
                                 std::shared_ptr<rocksdb::EventListener> latch) {
  rocksdb::DBOptions db;
  db.create_if_missing = true;
  db.create_missing_column_families = true;
  if (options.env != nullptr) db.env = options.env;

  // Durability. A torn tail of the log is what a crash leaves; any other damage refuses to open.
  // The default mode would silently drop everything after a damaged record, acknowledged entries
  // included.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.paranoid_checks = true;
  db.track_and_verify_wals_in_manifest = true;
  db.recycle_log_file_num = 0;
  db.manual_wal_flush = false;
  db.avoid_flush_during_shutdown =
      true;  // stopping must not write after an error; the log has it all
  // Fail-stop: a failed write is never tried again.
  db.max_bgerror_resume_count = 0;
  db.listeners.push_back(std::move(latch));

  // Bounds.
  db.db_write_buffer_size = static_cast<size_t>(options.write_buffer_bytes);
  db.max_total_wal_size = kWalBytesMax;
  db.max_open_files = options.open_files_max;
  db.max_background_jobs = 2;
  db.max_log_file_size = 8 * kMiB;
  db.keep_log_file_num = 4;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;

  // Small steps to the disk, and from it, so that a flush does not pile up writes in front of the
  // journal's fsync.
  db.bytes_per_sync = kMiB;
  rocksdb::Env* const env = options.env != nullptr ? options.env : rocksdb::Env::Default();
  db.sst_file_manager.reset(rocksdb::NewSstFileManager(
      env, /*info_log=*/nullptr, /*trash_dir=*/"", kDeletionBytesPerSecond,
      /*delete_existing_trash=*/true, /*status=*/nullptr, kNeverAtOnce, kDeletionPieceBytes));
  return db;
}

rocksdb::DBOptions MakeReadOnlyDbOptions(const DatabaseOptions& options,
                                         std::shared_ptr<rocksdb::EventListener> latch) {
  rocksdb::DBOptions db = MakeDbOptions(options, std::move(latch));
  db.info_log = std::make_shared<SilentLog>();  // without one RocksDB writes its own
  db.sst_file_manager.reset();                  // deletes nothing
  return db;
}

std::vector<rocksdb::ColumnFamilyDescriptor> MakeFamilies(const DatabaseOptions& options,
                                                          const rocksdb::CompactionFilter* filter) {
  const std::shared_ptr<rocksdb::Cache> cache =
      rocksdb::NewLRUCache(static_cast<size_t>(options.block_cache_bytes));
  const rocksdb::ColumnFamilyOptions small = MakeFamily(MakeTableOptions(cache, 4 * kKiB), kMiB);
  return {{rocksdb::kDefaultColumnFamilyName, small},
          {"journal", MakeJournalFamily(cache)},
          {"state", MakeStateFamily(cache)},
          {kKeysFamilyName, MakeKeysFamily(cache, options, filter)},
          {"meta", small}};
}

}  // namespace tipgate
