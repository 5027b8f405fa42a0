// table_writer.h: rows in aligned columns that fit a terminal. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/style.h"

namespace convoy::cli {

struct TableColumn {
  std::string title;
  bool is_flexible = false;     // Gives way when the table is too wide; the widest first.
  bool is_secondary = false;    // Flexible, and gives way before those that are not.
  bool is_dispensable = false;  // Left out where nothing else keeps the others readable.
  bool is_right_aligned = false;
};

struct Cell {
  std::string text;  // Made printable by the writer.
  Ink ink = Ink::Plain;
};

// The table as text, with its heading. `width` is the terminal's; 0: as wide as it gets. Columns
// that are empty in every row and have no title are left out.
std::string write_table(const std::vector<TableColumn>& columns,
                        const std::vector<std::vector<Cell>>& rows, std::size_t width,
                        const Style& style);

}  // namespace convoy::cli
