# Common ground of the scripts: where the project lies, how to speak, how to become root. Sourced, never run.
set -euo pipefail
exec </dev/null # No script asks anything.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
readonly root

say() { printf '\n==> %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "installing packages needs root or sudo: $*"
  fi
}

# As many jobs as there are processors, but no more than the memory holds (a sanitized test file takes about 1.5 GB).
jobs_for_build() {
  local processors memory
  processors=$(nproc)
  memory=$(awk '/^MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo)
  [ "$memory" -ge 2 ] || memory=2
  echo $((processors < memory ? processors : memory))
}
