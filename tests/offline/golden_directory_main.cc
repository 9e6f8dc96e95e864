// Makes a golden data directory of today's format, and prints what the test is to expect of it.

#include <filesystem>
#include <iostream>

#include "offline/verify_directory.h"
#include "tests/storage/evening_directory.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: golden_directory DIR, which does not exist yet\n";
    return 2;
  }
  const std::string path = argv[1];
  tipgate::MakeEveningDirectory(path, {.seed = 2026, .operations = 900});
  const auto report = tipgate::VerifyDirectory(path, [](int64_t, int64_t) {});
  if (!report.ok()) {
    std::cerr << report.status() << "\n";
    return 1;
  }
  for (const auto& file : std::filesystem::directory_iterator(path + "/db")) {
    const std::string name = file.path().filename();
    if (name == "LOCK" || name.starts_with("LOG")) std::filesystem::remove(file.path());
  }
  std::filesystem::remove(path + "/LOCK");
  std::cout << "entries " << report->entries_count << "\nchain head " << report->chain_head
            << "\nstate hash " << report->state_hash << "\n";
  return 0;
}
