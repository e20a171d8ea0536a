# deploy/packages.sh - the Debian packages that twindhcp is built and tried with.  Sourced.
# shellcheck shell=bash disable=SC2034  # used by those who source this

packages_build=(build-essential cmake ninja-build pkg-config protobuf-c-compiler
    libprotobuf-c-dev libyaml-dev libxxhash-dev libzmq3-dev librocksdb-dev libuv1-dev
    libmicrohttpd-dev libjansson-dev libcurl4-openssl-dev libldns-dev libpcap-dev libsystemd-dev
    libcmocka-dev)
packages_lab=(iproute2 util-linux isc-dhcp-client udhcpc dhcpcd-base)
packages_test=(kea-doc python3 isc-dhcp-relay bind9 dnsmasq-base clang libclang-rt-14-dev
    clang-format clang-tidy cppcheck spin valgrind qemu-system-x86 ipxe-qemu ipxe ovmf)

# Those of the named packages that are not installed.
packages_missing() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            echo "$package"
    done
}

# Install what is missing; quiet unless it fails.
packages_install() {
    local missing output
    mapfile -t missing < <(packages_missing "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "   installing ${missing[*]}"
    output=$(
        export DEBIAN_FRONTEND=noninteractive
        # The lists of a fresh machine are empty or old: fetch them, then try.
        apt-get -q update 2>&1 &&
            apt-get -q -y --no-install-recommends install "${missing[@]}" 2>&1
    ) </dev/null || {
        echo "$output" | tail -n 20 >&2
        return 1
    }
}
