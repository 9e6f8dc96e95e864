#include "cli/table.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "cli/display_text.h"

namespace tipgate {
namespace {

constexpr absl::string_view kGap = "  ";
constexpr absl::string_view kEmptyCell = "-";

std::string Cell(absl::string_view text) {
  return text.empty() ? std::string(kEmptyCell) : EscapeControls(text);
}

std::string Pad(const std::string& text, size_t width, Align align) {
  const std::string spaces(width - DisplayWidth(text), ' ');
  return align == Align::kLeft ? text + spaces : spaces + text;
}

std::string RenderLine(const std::vector<std::string>& cells, const std::vector<Column>& columns,
                       const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) absl::StrAppend(&line, kGap);
    line += Pad(cells[i], widths[i], columns[i].align);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::AddRow(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = Cell(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::Render() const {
  std::vector<std::string> titles;
  std::vector<size_t> widths;
  for (const Column& column : columns_) {
    titles.push_back(column.title);
    widths.push_back(DisplayWidth(column.title));
  }
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  std::string text = RenderLine(titles, columns_, widths);
  for (const auto& row : rows_) text += RenderLine(row, columns_, widths);
  return text;
}

void Record::Add(std::string name, absl::string_view value) {
  lines_.emplace_back(std::move(name), Cell(value));
}

void Record::AddIfSet(std::string name, absl::string_view value) {
  if (!value.empty()) Add(std::move(name), value);
}

std::string Record::Render() const {
  size_t width = 0;
  for (const auto& [name, value] : lines_) width = std::max(width, DisplayWidth(name));
  std::string text;
  for (const auto& [name, value] : lines_) {
    absl::StrAppend(&text, Pad(name, width, Align::kLeft), kGap, value, "\n");
  }
  return text;
}

}  // namespace tipgate
