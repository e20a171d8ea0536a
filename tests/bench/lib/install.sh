#!/bin/bash
# tests/bench/lib/install.sh PACKAGE... - install the servers that twindhcp is compared with, and
# what every run needs; starts none.

set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
# shellcheck source=deploy/packages.sh
. "$root/deploy/packages.sh"
policy=/usr/sbin/policy-rc.d

die() {
    echo "install: $1" >&2
    exit 1
}

mapfile -t missing < <(packages_missing iproute2 procps "$@")
[ ${#missing[@]} -gt 0 ] || exit 0
# Debian starts a daemon when its package is installed; policy-rc.d is how to say no.
if [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    { printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy; } || die "cannot write $policy"
else
    $policy isc-dhcp-server start >/dev/null 2>&1
    [ $? = 101 ] || die "$policy lets packages start services: install ${missing[*]} yourself"
fi
packages_install "${missing[@]}" >&2 || die "apt-get"
