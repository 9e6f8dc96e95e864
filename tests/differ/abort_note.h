#pragma once

#include <string>

namespace tipgate::differ {

// While it lives, a broken invariant of the core, which ends the process, first tells where it was.
// One at a time.
class AbortNote {
 public:
  explicit AbortNote(const std::string& text);
  ~AbortNote();
  AbortNote(const AbortNote&) = delete;
  AbortNote& operator=(const AbortNote&) = delete;
};

}  // namespace tipgate::differ
