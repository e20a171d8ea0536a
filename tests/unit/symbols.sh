#!/bin/sh
# symbols.sh BUILD_DIR - what the libraries of the functional core use of the world.
#
# proto, config, ha, lease, core and shadow have no clock, socket, thread or random source, and config alone
# reads files.  A stray time() is an undefined symbol that stands in no list below.  Each library may
# use what stands below it, and the pure ones keep nothing in writable memory of their own.
set -eu
export LC_ALL=C

build=${1:?usage: symbols.sh BUILD_DIR}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# From the bottom up; the number is the layer.
layers="
1 proto/libproto_messages.a
1 proto/libproto.a
2 config/libconfig.a
3 ha/libha.a
4 daemon/lease/liblease.a
5 daemon/core/libcore.a
6 daemon/shadow/libshadow.a
7 daemon/io/libio.a
8 daemon/api/libapi.a
"

# Memory that the caller gave, and text.
pure='bcmp memchr memcmp memcpy memmove memset strchr strcmp strcspn strlen strncmp strnlen strpbrk
strrchr strspn strstr snprintf vsnprintf __memcpy_chk __memmove_chk __memset_chk __snprintf_chk
__vsnprintf_chk __assert_fail abort __stack_chk_fail _GLOBAL_OFFSET_TABLE_'
# Memory of the heap.  Of proto it is xxhash, for states that nobody makes.
heap='malloc calloc realloc reallocarray aligned_alloc free'
# Files in, messages out.
files='open read close strerror __errno_location fprintf fputc fputs fwrite __fprintf_chk qsort
strdup vasprintf __vasprintf_chk stat fstat opendir readdir closedir'

allowed_for() {
    case $1 in
    1) echo "$pure $heap protobuf_c_*" ;;
    2) echo "$pure $heap $files yaml_*" ;;
    3) echo "$pure" ;;
    4 | 5 | 6) echo "$pure $heap" ;;
    *) echo '*' ;;
    esac
}

# layer, archive[object], symbol, kind
echo "$layers" | while read -r layer archive; do
    [ -n "$layer" ] || continue
    if [ ! -f "$build/$archive" ]; then
        [ "$layer" -gt 6 ] && continue
        echo "$archive is not built" >&2
        exit 1
    fi
    nm -A -P "$build/$archive" | sed "s|^$build/||" |
        awk -v layer="$layer" 'NF >= 3 { sub(/:$/, "", $1); print layer, $1, $2, $3 }'
done >"$work/symbols"

# Where each symbol of ours is defined, for all to see.
awk '$4 ~ /^[TDBRVWCi]$/ { print $3, $1 }' "$work/symbols" | sort -u >"$work/defined"
[ -s "$work/defined" ] || { echo "no symbols found in $build" >&2; exit 1; }

# Defined above: "up"; nowhere: "stray", to be looked up in the list.
awk 'NR == FNR { if (!($1 in at) || $2 < at[$1]) at[$1] = $2; next }
     $4 != "U" && $4 != "w" && $4 != "v" { next }
     !($3 in at) { print "stray", $1, $2, $3; next }
     at[$3] > $1 { print "up", $1, $2, $3 }' "$work/defined" "$work/symbols" >"$work/used"

bad=0
set -f # the lists hold patterns, not names of files
while read -r kind layer object symbol; do
    if [ "$kind" = up ]; then
        echo "$object uses $symbol, which is defined in a layer above it"
        bad=1
        continue
    fi
    ok=no
    for pattern in $(allowed_for "$layer"); do
        # shellcheck disable=SC2254
        case $symbol in
        $pattern) ok=yes && break ;;
        esac
    done
    [ $ok = yes ] && continue
    echo "$object uses $symbol, which is not allowed there"
    bad=1
done <"$work/used"
set +f

# .data.rel.ro and .rodata are tables of constants; what could change stands in .data and .bss.
for archive in proto/libproto.a config/libconfig.a ha/libha.a daemon/lease/liblease.a \
    daemon/core/libcore.a daemon/shadow/libshadow.a; do
    size -A "$build/$archive" | awk -v archive="$archive" '
        / : | \(ex / || /:$/ { object = $1 }
        $1 ~ /^\.(data|bss|tdata|tbss)(\.[^r]|$)/ && $2 > 0 {
            print archive "[" object "] keeps " $2 " bytes of writable memory (" $1 ")"
        }'
done >"$work/writable"
if [ -s "$work/writable" ]; then
    cat "$work/writable"
    bad=1
fi
exit $bad
