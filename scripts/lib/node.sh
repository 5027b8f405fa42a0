# Node 20 or later on PATH, and the npm packages that package-lock.json pins. Sourced, never run.

readonly node_version=20.20.2
readonly own_node="$root/.cache/node"

node_is_new_enough() { [ "$("$1" -p 'process.versions.node.split(".")[0] >= 20' 2>/dev/null)" = true ]; }

# npm_quietly ARGUMENTS: the system's npm with the system's node, which belong together.
npm_quietly() { npm --no-update-notifier --no-fund --no-audit --ignore-scripts --loglevel=error "$@"; }

install_npm_packages() {
  command -v npm >/dev/null || install_packages npm
  local stamp=node_modules/.convoy-lock
  cmp -s package-lock.json "$stamp" && return
  say "Installing npm packages (npm ci)"
  npm_quietly ci
  cp package-lock.json "$stamp"
}

# Debian 12's own Node is 18; the npm registry has the official binaries as packages.
put_node_on_path() {
  if command -v node >/dev/null && node_is_new_enough node; then return; fi
  if ! node_is_new_enough "$own_node/bin/node"; then
    local platform
    case $(uname -m) in
      x86_64) platform=linux-x64 ;;
      aarch64) platform=linux-arm64 ;;
      *) die "Node 20 or later is needed, and there is no package of it for $(uname -m)" ;;
    esac
    say "Installing Node $node_version in .cache/node"
    rm -rf "$own_node"
    mkdir -p "$own_node/package"
    npm_quietly install --no-save --no-package-lock --prefix "$own_node/package" "node-$platform@$node_version"
    ln -s "package/node_modules/node-$platform/bin" "$own_node/bin"
    node_is_new_enough "$own_node/bin/node" || die "the installed Node does not run"
  fi
  export PATH="$own_node/bin:$PATH"
}

# The native half of better-sqlite3, on which the real WatermelonDB stands in tests and benchmarks. The package brings it ready-made for Node 22
# and later. For Node 20 it is compiled here, against that Node's headers, once. Where those are missing, it is not there: the tests that
# need it (test/support/watermelon.mjs) then say why they skip.
build_better_sqlite3() {
  local package=node_modules/better-sqlite3 headers stamp
  local target=$package/build/Release
  if [ "$(node -p 'process.versions.node.split(".")[0] >= 22')" = true ]; then
    rm -rf "$package/build"
    return
  fi
  headers=$(dirname "$(readlink -f "$(command -v node)")")/../include/node
  if [ ! -f "$headers/node_api.h" ]; then
    say "No better-sqlite3: Node $(node --version) came without its headers. Tests against WatermelonDB will be skipped."
    return
  fi
  stamp="$(node -p 'process.version + "-" + process.arch') $(cat "$package/package.json" "$root/scripts/lib/node.sh" | cksum)"
  [ "$(cat "$target/.convoy-stamp" 2>/dev/null)" = "$stamp" ] && return

  say "Compiling better-sqlite3 for Node $(node --version)"
  local flags=(-O3 -fPIC -w -fvisibility=hidden) defines object ccache=()
  command -v ccache >/dev/null && ccache=(ccache)
  mapfile -t defines < <(sed -nE "s/^ *'([A-Z0-9_]+(=[^']*)?)',$/-D\1/p" "$package/deps/defines.gypi")
  rm -rf "$target"
  mkdir -p "$target"
  object=$(cd "$target" && pwd)/object
  "${ccache[@]}" cc "${flags[@]}" -std=c99 "${defines[@]}" -c "$package/deps/sqlite3/sqlite3.c" -o "$object-sqlite3.o"
  # References to strings, which it needs, are experimental before Node 22.
  "${ccache[@]}" c++ "${flags[@]}" -std=c++20 -fno-exceptions -DNAPI_EXPERIMENTAL -DNAPI_DISABLE_CPP_EXCEPTIONS \
    -DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS -I"$headers" -Inode_modules/node-addon-api -I"$package/deps/sqlite3" \
    -c "$package/src/better_sqlite3.cpp" -o "$object-addon.o"
  c++ -shared -Wl,-Bsymbolic -o "$target/better_sqlite3.node" "$object-addon.o" "$object-sqlite3.o"
  rm "$object"-*.o
  echo "$stamp" >"$target/.convoy-stamp"
}
