#!/usr/bin/env bash
# Installs, by apt and as root only, the Debian packages whose names it is given and that are missing. None of them
# starts a daemon. What cannot be installed is left to the tests, which say what they miss.
set -euo pipefail

missing=()
for package in "$@"; do
  dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
if [ "$(id -u)" != 0 ]; then echo "not root, so not installed: ${missing[*]}" >&2; exit 1; fi
if ! command -v apt-get >/dev/null; then echo "no apt-get, so not installed: ${missing[*]}" >&2; exit 1; fi

policy=/usr/sbin/policy-rc.d # a package's daemon stays down while this says so
if [ ! -e $policy ]; then
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod +x $policy
fi
options=(-qq -o DPkg::Lock::Timeout=300)
echo "installing ${missing[*]}" >&2
apt-get "${options[@]}" update >/dev/null 2>&1 || true
DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || {
  echo "apt-get could not install ${missing[*]}" >&2
  exit 1
}
