# Installs the system packages of scripts/packages that are missing. Sourced, never run.

# Those of the given packages that are not installed, one a line.
missing_packages() {
  local installed name
  # It fails when it knows nothing of one of them, and lists the others.
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p') || true
  for name in "$@"; do grep -qxF -- "$name" <<<"$installed" || echo "$name"; done
}

# Its output, hundreds of lines, is shown only if it fails.
apt_get() {
  mkdir -p .cache
  as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -y \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@" >.cache/apt.log 2>&1 ||
    { tail -n 40 .cache/apt.log >&2; return 1; }
}

# install_packages [name...]: without a name, the list in scripts/packages.
install_packages() {
  local required wished missing name quiet_postgres=/etc/postgresql-common/createcluster.d/convoy.conf
  command -v dpkg-query >/dev/null || die "the scripts know Debian and Ubuntu only; scripts/packages says what is needed"
  if [ $# -gt 0 ]; then
    required=("$@") wished=()
  else
    mapfile -t required < <(sed -nE 's/^([a-z0-9][^ ]*).*/\1/p' scripts/packages)
    mapfile -t wished < <(sed -nE 's/^\?([a-z0-9][^ ]*).*/\1/p' scripts/packages)
  fi
  mapfile -t missing < <(missing_packages "${required[@]}" "${wished[@]}")
  # A wish that could not be met once is not looked up again.
  if [ ${#missing[@]} -eq 0 ] || [ "${missing[*]}" = "$(cat .cache/unmet-wishes 2>/dev/null)" ]; then return; fi

  say "Installing system packages: ${missing[*]}"
  apt_get update || die "apt-get update failed"
  local found=() unmet=()
  for name in "${missing[@]}"; do
    if [[ " ${wished[*]} " == *" $name "* ]] && [ -z "$(apt-cache madison "$name" 2>/dev/null)" ]; then
      unmet+=("$name")
    else
      found+=("$name")
    fi
  done
  if [ ${#found[@]} -gt 0 ]; then
    # Debian would create and start a database cluster on installation; the project starts its own, in temporary directories.
    as_root mkdir -p "$(dirname "$quiet_postgres")"
    echo 'create_main_cluster = false' | as_root tee "$quiet_postgres" >/dev/null
    local installed=true
    apt_get install --no-install-recommends "${found[@]}" || installed=false
    as_root rm -f "$quiet_postgres"
    [ "$installed" = true ] || die "apt-get could not install: ${found[*]}"
  fi
  mkdir -p .cache
  echo "${unmet[*]}" >.cache/unmet-wishes
  [ ${#unmet[@]} -eq 0 ] || echo "Not available here, and done without: ${unmet[*]}"
}
