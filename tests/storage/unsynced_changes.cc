#include "tests/storage/unsynced_changes.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace tipgate {
namespace {

std::string DirectoryOf(const std::string& path) {
  return std::filesystem::path(path).parent_path();
}

}  // namespace

void UnsyncedChanges::NoteCreated(const std::string& path) {
  files_[path] = File();
  changes_.push_back({.from = "", .to = path, .gone = "", .limbo = ""});
}

void UnsyncedChanges::NoteLinked(const std::string& from, const std::string& to) {
  const auto file = files_.find(from);
  if (file != files_.end()) files_[to] = File(file->second);
  changes_.push_back({.from = "", .to = to, .gone = "", .limbo = ""});
}

void UnsyncedChanges::NoteSynced(const std::string& path) {
  std::error_code gone;
  const uint64_t size = std::filesystem::file_size(path, gone);
  if (!is_power_cut_ && !gone) files_[path].synced_bytes = size;
}

void UnsyncedChanges::NoteDirectorySynced(const std::string& directory) {
  if (is_power_cut_) return;
  const std::string name = directory.ends_with('/') ? DirectoryOf(directory) : directory;
  const auto is_durable = [&](const Change& change) {
    if (DirectoryOf(change.to.empty() ? change.gone : change.to) != name) return false;
    Forget(change);
    return true;
  };
  changes_.erase(std::remove_if(changes_.begin(), changes_.end(), is_durable), changes_.end());
}

void UnsyncedChanges::NoteTruncated(const std::string& path, uint64_t size) {
  NoteDirectorySynced(DirectoryOf(path));
  const auto file = files_.find(path);
  if (file == files_.end()) return;
  file->second.synced_bytes = std::min(file->second.synced_bytes, size);
}

void UnsyncedChanges::Delete(const std::string& path) {
  changes_.push_back({.from = "", .to = "", .gone = path, .limbo = MoveToLimbo(path)});
}

void UnsyncedChanges::Rename(const std::string& from, const std::string& to) {
  const std::string limbo = MoveToLimbo(to);
  changes_.push_back({.from = from, .to = to, .gone = limbo.empty() ? "" : to, .limbo = limbo});
  MoveFile(from, to);
}

void UnsyncedChanges::CutPower() {
  if (is_power_cut_) return;
  is_power_cut_ = true;
  durable_changes_max_ = changes_.size();
  for (auto& [path, file] : files_) {
    std::error_code gone;
    const uint64_t size = std::filesystem::file_size(path, gone);
    file.written_bytes = gone ? 0 : size;
  }
}

void UnsyncedChanges::DropUnsynced(std::mt19937_64& random) {
  const size_t durable_count = random() % (durable_changes_max_ + 1);
  while (changes_.size() > durable_count) {
    Undo(changes_.back());
    changes_.pop_back();
  }
  for (const Change& change : changes_) Forget(change);
  changes_.clear();
  for (const auto& [path, file] : files_) {
    const uint64_t unsynced = file.written_bytes - std::min(file.written_bytes, file.synced_bytes);
    const uint64_t left =
        std::min(file.synced_bytes, file.written_bytes) + random() % (unsynced + 1);
    std::error_code gone;
    const uint64_t size = std::filesystem::file_size(path, gone);
    if (!gone && left < size) std::filesystem::resize_file(path, left);
  }
  files_.clear();
  is_power_cut_ = false;
}

std::string UnsyncedChanges::MoveToLimbo(const std::string& path) {
  if (!std::filesystem::exists(path)) return "";
  const std::filesystem::path limbo = DirectoryOf(path) + ".limbo";
  std::filesystem::create_directory(limbo);
  const std::string waits = limbo / std::to_string(++limbo_count_);
  MoveFile(path, waits);
  return waits;
}

void UnsyncedChanges::MoveFile(const std::string& from, const std::string& to) {
  std::filesystem::rename(from, to);
  auto file = files_.extract(from);
  files_.erase(to);
  if (file.empty()) return;
  file.key() = to;
  files_.insert(std::move(file));
}

void UnsyncedChanges::Undo(const Change& change) {
  if (!change.from.empty()) {
    MoveFile(change.to, change.from);
  } else if (!change.to.empty()) {
    std::filesystem::remove(change.to);
    files_.erase(change.to);
  }
  if (!change.limbo.empty()) MoveFile(change.limbo, change.gone);
}

void UnsyncedChanges::Forget(const Change& change) {
  if (change.limbo.empty()) return;
  std::filesystem::remove(change.limbo);
  files_.erase(change.limbo);
}

}  // namespace tipgate
