#include "tests/storage/temporary_directory.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/check.h"

namespace tipgate {

namespace fs = std::filesystem;

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (fs::temp_directory_path() / "tipgate-XXXXXX").string();
  TIPGATE_CHECK(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() { fs::remove_all(path_); }

std::string ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  TIPGATE_CHECK(file.is_open());
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void WriteWholeFile(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  TIPGATE_CHECK(file.good());
}

void CopyTree(const std::string& from, const std::string& to) {
  fs::copy(from, to, fs::copy_options::recursive);
}

std::string FindOnlyFile(const std::string& directory, const std::string& suffix) {
  std::string found;
  for (const fs::directory_entry& file : fs::directory_iterator(directory)) {
    if (!file.path().string().ends_with(suffix)) continue;
    TIPGATE_CHECK(found.empty());
    found = file.path().string();
  }
  TIPGATE_CHECK(!found.empty());
  return found;
}

void FlipBit(const std::string& path, size_t byte, int bit) {
  std::string bytes = ReadWholeFile(path);
  bytes.at(byte) = static_cast<char>(bytes.at(byte) ^ (1 << bit));
  WriteWholeFile(path, bytes);
}

}  // namespace tipgate
