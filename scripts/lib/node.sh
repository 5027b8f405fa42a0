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
