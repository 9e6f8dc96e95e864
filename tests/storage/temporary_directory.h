#pragma once

#include <string>

namespace tipgate {

// A new directory that goes away with this.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string ReadWholeFile(const std::string& path);
void WriteWholeFile(const std::string& path, const std::string& bytes);

// Copies a directory tree to a place where nothing is yet.
void CopyTree(const std::string& from, const std::string& to);

// The only file directly in a directory whose name ends so.
std::string FindOnlyFile(const std::string& directory, const std::string& suffix);

// Changes one bit of a file.
void FlipBit(const std::string& path, size_t byte, int bit);

}  // namespace tipgate
