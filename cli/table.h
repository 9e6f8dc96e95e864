// Aligned text for people: a table with a header, and a record of named values. Pure: both only
// build strings.
//
// Invariants: no line has trailing spaces; control characters in cells are escaped, so one row is
// one line; an empty cell shows as "-", so that columns can be counted.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace tipgate {

enum class Align { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
};

// Rows under a header line.
class Table {
 public:
  explicit Table(std::vector<Column> columns);

  // Adds one row; cells that are missing at its end are empty.
  void AddRow(std::vector<std::string> cells);

  bool is_empty() const { return rows_.empty(); }
  std::string Render() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// One thing: a name and a value a line.
class Record {
 public:
  void Add(std::string name, absl::string_view value);

  // Adds the line only if there is something to say.
  void AddIfSet(std::string name, absl::string_view value);

  std::string Render() const;

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

}  // namespace tipgate
