#!/bin/sh
# abidiff.sh: the current library is compatible with the baseline: the functions, their
# arguments and the layout of structs, compared by libabigail, and the header's numbers.
set -u
export LC_ALL=C
here=tests/abi/baseline
if [ "$(uname -m)" != x86_64 ]; then
    echo "ok 1 - the baseline # SKIP it is of x86_64"
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
number=0
result() { # NAME SUCCEEDED
    number=$((number + 1))
    if [ "$2" = yes ]; then echo "ok $number - $1"; else echo "not ok $number - $1"; fi
}
kept() { # NAME FILE FILE: all lines of the first sorted file are in the second
    missing=$(comm -23 "$2" "$3")
    [ -z "$missing" ] || echo "$missing" | sed 's/^/# missing: /'
    result "$1" "$([ -s "$2" ] && [ -z "$missing" ] && echo yes)"
}
# libabigail does not report two members of the same type that have changed places.
members() {
    awk -F "'" '/<class-decl/ { struct = $2 } /<data-member/ { offset = $4 }
        /<var-decl/ && struct ~ /^netsession/ { print struct, $2, offset }' "$1" | sort
}
numbers() { grep -oE '\bNETSESSION_[A-Z0-9_]+ = (0x)?[0-9A-Fa-f]+' "$1" | sort; }

if ! make -s build/types/libnetsession.so.0 >"$folder/output" 2>&1; then
    cat "$folder/output"
    result "build" no
    exit 1
fi
abidiff --no-added-syms --suppressions $here/suppressions --exported-interfaces-only --headers-dir2 include \
    --drop-private-types $here/libnetsession.abi build/types/libnetsession.so.0 >"$folder/output" 2>&1
status=$?
sed 's/^/# /' "$folder/output"
result "functions and their types" "$([ $status = 0 ] && echo yes)"

tests/abi/baseline/write "$folder"
for which in members numbers; do
    file=$([ $which = members ] && echo libnetsession.abi || echo netsession.h)
    $which $here/$file >"$folder/before"
    $which "$folder/$file" >"$folder/now"
    kept "$which" "$folder/before" "$folder/now"
done
echo "1..$number"
