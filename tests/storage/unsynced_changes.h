#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace tipgate {

// What a power cut may take away: bytes that a file got after its last sync, and what happened to
// names since the last sync of their directory. It keeps what is needed to take it away: files that
// were deleted or replaced wait in DIRECTORY.limbo until that is durable.
//
// Names are as most file systems keep them: of the changes since the last sync a first part is
// durable, and the rest is not. To sync a file does not make its name durable.
//
// Not thread-safe.
class UnsyncedChanges {
 public:
  // After it has happened.
  void NoteCreated(const std::string& path);
  void NoteLinked(const std::string& from, const std::string& to);
  void NoteSynced(const std::string& path);
  void NoteDirectorySynced(const std::string& directory);
  // A file is cut short. Names that were changed before are durable then.
  void NoteTruncated(const std::string& path, uint64_t size);

  // Instead of deleting a file that is there, and of renaming one.
  void Delete(const std::string& path);
  void Rename(const std::string& from, const std::string& to);

  // From now on nothing becomes durable, though everything goes on.
  void CutPower();
  bool is_power_cut() const { return is_power_cut_; }
  // After CutPower, when no file is open any more: leaves what is durable, and of the rest a part
  // that `random` chooses. Then power is back.
  void DropUnsynced(std::mt19937_64& random);

 private:
  struct File {
    uint64_t synced_bytes = 0;
    uint64_t written_bytes = 0;  // when the power was cut
  };
  struct Change {
    std::string from;   // of a rename; else empty
    std::string to;     // the name that came; of a deletion empty
    std::string gone;   // the name that went, or whose file was replaced; else empty
    std::string limbo;  // where that file is
  };

  // Moves what is there into the limbo; empty if there is nothing.
  std::string MoveToLimbo(const std::string& path);
  void MoveFile(const std::string& from, const std::string& to);
  void Undo(const Change& change);
  void Forget(const Change& change);

  bool is_power_cut_ = false;
  size_t durable_changes_max_ = 0;  // changes before the power was cut
  int64_t limbo_count_ = 0;
  std::map<std::string, File> files_;  // by path
  std::vector<Change> changes_;        // oldest first
};

}  // namespace tipgate
