# The project's own C and C++ files, NUL-separated: those git knows and those it would take. Sourced, never run.
cpp_sources() {
  git ls-files -z --cached --others --exclude-standard -- '*.h' '*.c' '*.cc' | while IFS= read -r -d '' file; do
    [ ! -f "$file" ] || printf '%s\0' "$file"
  done
}

# built_by FOLDER: those of the NUL-separated files on standard input that the build there compiles.
built_by() {
  while IFS= read -r -d '' file; do
    ! grep -qF "\"$root/$file\"" "$1/compile_commands.json" || printf '%s\0' "$file"
  done
}
