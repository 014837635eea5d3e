#!/bin/sh
# header.sh: the public header compiles alone, as C99 and as C++11, without a
# warning.
set -u
number=0
try() { # NAME COMMAND...
    name=$1
    shift
    number=$((number + 1))
    if "$@"; then echo "ok $number - $name"; else echo "not ok $number - $name"; fi
}
compile() { # LANGUAGE STANDARD COMPILER
    echo '#include <netsession.h>' |
        "$3" -x "$1" "-std=$2" -pedantic-errors -Wall -Wextra -Werror -Iinclude -fsyntax-only -
}
try "C99" compile c c99 "${CC:-gcc}"
try "C11" compile c c11 "${CC:-gcc}"
try "C++11" compile c++ c++11 "${CXX:-g++}"
try "C++17" compile c++ c++17 "${CXX:-g++}"
for standard in c99 c11; do
    try "twice, $standard" sh -c "printf '#include <netsession.h>\n#include <netsession.h>\nint x;\n' |
        ${CC:-gcc} -x c -std=$standard -pedantic-errors -Wall -Wextra -Werror -Iinclude -fsyntax-only -"
done
echo "1..$number"
