# The project's own C++ files, NUL-separated: those git knows and those it would take. Sourced, never run.
cpp_sources() {
  git ls-files -z --cached --others --exclude-standard -- '*.h' '*.cc' | while IFS= read -r -d '' file; do
    [ ! -f "$file" ] || printf '%s\0' "$file"
  done
}
