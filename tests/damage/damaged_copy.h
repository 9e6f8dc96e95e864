#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tipgate::damage {

// A file of a data directory.
struct DataFile {
  std::string kind;  // "log", "table", "MANIFEST", "CURRENT", "HEAD", "TAILS" or "FORMAT"
  std::string name;  // below the directory, such as "db/000012.sst"
  std::string bytes;
};

// The files that hold what was acknowledged, by name.
std::vector<DataFile> ReadDataFiles(const std::string& directory);

// Makes `to`, which is replaced, a copy of a closed data directory in which one file has other
// bytes. All others are links to the same file: a start never changes what stands in one.
void CopyWith(const std::string& from, const std::string& name, const std::string& bytes,
              const std::string& to);

// Where each write of a RocksDB log begins, and where the last one ends, for one that has no
// damage.
std::vector<size_t> RecordBounds(const std::string& log_bytes);

}  // namespace tipgate::damage
