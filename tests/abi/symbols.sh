#!/bin/sh
# symbols.sh: the functions of the header, the list in capi/libnetsession.symbols and the
# symbols that the library exports are equal; so are the functions of the private header
# and the symbols with the private version.
set -u
export LC_ALL=C
library=build/libnetsession.so
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
number=0
same() { # NAME FILE FILE
    number=$((number + 1))
    if diff "$2" "$3" | sed 's/^/# /' && cmp -s "$2" "$3"; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
    fi
}
is() { # NAME VALUE EXPECTED
    number=$((number + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $number - $1"
    else
        echo "# is $2, expected $3"
        echo "not ok $number - $1"
    fi
}
# Declarations begin with NETSESSION_API; the name may be on the next line.
declared() { # HEADER
    echo "#include <$1>" | ${CC:-gcc} -E -P -Iinclude - | tr '\n' ' ' |
        grep -o '__attribute__((visibility("default")))[^(]*(' |
        sed 's/__attribute__((visibility("default")))//' |
        grep -o 'netsession_[a-z0-9_]*(' | tr -d '(' | sort
}
exported() { # VERSION
    nm -D --defined-only "$library" | sed -n "s/.* T \(.*\)@@$1\$/\1/p" | sort
}
declared netsession.h >"$folder/header"
declared netsession_private.h | comm -23 - "$folder/header" >"$folder/private header"
exported LIBNETSESSION_0 >"$folder/binary"
exported LIBNETSESSION_PRIVATE >"$folder/private binary"
nm -D --defined-only "$library" | awk '$2 != "T" { print $3 }' | sort >"$folder/others"
printf '%s\n' LIBNETSESSION_0 LIBNETSESSION_PRIVATE >"$folder/versions"
sort capi/libnetsession.symbols >"$folder/sorted"

is "the header has functions" "$([ -s "$folder/header" ] && echo yes)" yes
same "the list is sorted" capi/libnetsession.symbols "$folder/sorted"
same "header and list" "$folder/header" capi/libnetsession.symbols
same "binary and list" "$folder/binary" capi/libnetsession.symbols
is "the private header has functions" "$([ -s "$folder/private header" ] && echo yes)" yes
same "private header and binary" "$folder/private header" "$folder/private binary"
same "nothing but functions, and the versions" "$folder/others" "$folder/versions"
is "every function has one of the versions" "$(nm -D --defined-only "$library" | grep -c ' T ')" \
    "$(cat "$folder/binary" "$folder/private binary" | wc -l | tr -d ' ')"
soname=libnetsession.so.$(awk '/define NETSESSION_VERSION_MAJOR/ { print $3 }' include/netsession.h)
is "the name that programs are linked to" \
    "$(readelf -d "$library" | sed -n 's/.*soname: \[\(.*\)\]/\1/p')" "$soname"
# handles.c calls every function that takes a handle; fork.c calls every function.
missing() { # LIST FILE
    while read -r name; do
        grep -q "\b$name(" "$2" || printf '%s ' "$name"
    done <"$1"
}
grep -v '_name$\|version' capi/libnetsession.symbols >"$folder/handles"
echo netsession_configuration_name >>"$folder/handles"
is "every function in a forked child (tests/abi/fork.c)" \
    "$(missing capi/libnetsession.symbols tests/abi/fork.c)" ""
is "every function with a bad handle (tests/abi/handles.c)" \
    "$(missing "$folder/handles" tests/abi/handles.c)" ""
is "no generated header is left" "$(find build -maxdepth 1 -name '*.h' | wc -l | tr -d ' ')" 0
echo "1..$number"
