#include "cli/table_writer.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "cli/display_text.h"

namespace convoy::cli {
namespace {

constexpr std::size_t kGap = 2;
// A flexible column is never narrower: less says nothing.
constexpr std::size_t kFlexibleMin = 6;
// With less than this the columns that matter most are not worth a dispensable one.
constexpr std::size_t kReadableWidth = 28;

std::size_t total_width(const std::vector<std::size_t>& widths) {
  std::size_t shown = 0;
  for (const auto width : widths) shown += width > 0 ? 1 : 0;
  const auto sum = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
  return shown == 0 ? 0 : sum + kGap * (shown - 1);
}

// Takes from the widest of the flexible columns, secondary ones or not, until the table fits.
void shrink(const std::vector<TableColumn>& columns, std::vector<std::size_t>& widths,
            std::size_t limit, bool is_secondary) {
  while (total_width(widths) > limit) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!columns[i].is_flexible || columns[i].is_secondary != is_secondary) continue;
      if (widths[i] <= std::max(kFlexibleMin, display_width(columns[i].title))) continue;
      if (widest == nullptr || widths[i] > *widest) widest = &widths[i];
    }
    if (widest == nullptr) return;
    --*widest;
  }
}

bool is_readable(const std::vector<TableColumn>& columns, const std::vector<std::size_t>& natural,
                 const std::vector<std::size_t>& widths, std::size_t limit) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].is_flexible || columns[i].is_secondary) continue;
    if (widths[i] < std::min(natural[i], kReadableWidth)) return false;
  }
  return total_width(widths) <= limit;
}

// The widths with which the table takes at most `limit` columns, as far as that can be; 0 for a
// column that is left out.
std::vector<std::size_t> fit(const std::vector<TableColumn>& columns,
                             std::vector<std::size_t> natural, std::size_t limit) {
  for (std::size_t last = columns.size();; --last) {
    auto widths = natural;
    shrink(columns, widths, limit, true);
    shrink(columns, widths, limit, false);
    if (is_readable(columns, natural, widths, limit)) return widths;
    while (last > 0 && (!columns[last - 1].is_dispensable || natural[last - 1] == 0)) --last;
    if (last == 0) return widths;
    natural[last - 1] = 0;
  }
}

void append_line(std::string& out, const std::vector<TableColumn>& columns,
                 const std::vector<Cell>& cells, const std::vector<std::size_t>& widths,
                 const Style& style) {
  std::string line;
  std::string padding;  // Written only before more text, so that lines have no blanks at the end.
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (widths[i] == 0) continue;
    const auto text = shorten(cells[i].text, widths[i]);
    const std::string blanks(widths[i] - display_width(text), ' ');
    if (columns[i].is_right_aligned) padding += blanks;
    if (!text.empty()) {
      line += padding + style(cells[i].ink, text);
      padding.clear();
    }
    if (!columns[i].is_right_aligned) padding += blanks;
    padding.append(kGap, ' ');
  }
  out += line + "\n";
}

}  // namespace

std::string write_table(const std::vector<TableColumn>& columns,
                        const std::vector<std::vector<Cell>>& rows, std::size_t width,
                        const Style& style) {
  auto lines = rows;
  std::vector<Cell> heading;
  std::vector<std::size_t> widths;
  for (const auto& column : columns) {
    heading.push_back({column.title, Ink::Dim});
    widths.push_back(display_width(column.title));
  }
  for (auto& line : lines) {
    line.resize(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      line[i].text = printable(line[i].text);
      widths[i] = std::max(widths[i], display_width(line[i].text));
    }
  }
  if (width > 0) widths = fit(columns, std::move(widths), width);
  std::string out;
  append_line(out, columns, heading, widths, style);
  for (const auto& line : lines) append_line(out, columns, line, widths, style);
  return out;
}

}  // namespace convoy::cli
