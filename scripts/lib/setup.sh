# Everything the other scripts need. Sourced, never run. A second time, nothing is fetched and nothing is said.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$root/scripts/lib/packages.sh"
. "$root/scripts/lib/node.sh"
export DO_NOT_TRACK=1

set_up() {
  install_packages
  install_npm_packages
  put_node_on_path
}

# build PRESET: configures and builds it, with ccache.
build() {
  local preset=$1 launchers=()
  if command -v ccache >/dev/null; then
    launchers=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  say "Building preset '$preset' with $(jobs_for_build) jobs"
  cmake --preset "$preset" "${launchers[@]}"
  cmake --build --preset "$preset" --parallel "$(jobs_for_build)"
}
