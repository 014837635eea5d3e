#!/bin/sh
# header.sh: the header compiles alone and without warnings in all supported versions of C
# and C++; so do its initialisers and cleanup attributes. Code that mixes two enumerations,
# or ignores a result that must be checked, gets a warning.
set -u
number=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
result() { # NAME SUCCEEDED
    number=$((number + 1))
    if [ "$2" = yes ]; then echo "ok $number - $1"; else echo "not ok $number - $1"; fi
}
compile() { # STANDARD FILE
    case $1 in
    *++*) set -- "$@" c++ "${CXX:-g++}" ;;
    *) set -- "$@" c "${CC:-gcc}" ;;
    esac
    "$4" -x "$3" "-std=$1" -pedantic-errors -Wall -Wextra -Werror -Iinclude -c -o /dev/null "$2" 2>"$folder/output"
}
compiles() { # NAME FILE STANDARD...
    name=$1 file=$2
    shift 2
    for standard; do
        compile "$standard" "$file"
        succeeded=$([ $? = 0 ] && echo yes)
        [ "$succeeded" ] || sed 's/^/# /' "$folder/output"
        result "$name, $standard" "$succeeded"
    done
}
refused() { # NAME WARNING STATEMENT STANDARD...
    name=$1 warning=$2
    file=$folder/refused
    cat >"$file" <<END
#include <netsession.h>
int f(netsession_manager *m, netsession_configuration *c, netsession *s, netsession_configuration_list **l);
int f(netsession_manager *m, netsession_configuration *c, netsession *s, netsession_configuration_list **l)
{
    (void)m, (void)c, (void)s, (void)l;
    $3;
    return 0;
}
END
    shift 3
    for standard; do
        compile "$standard" "$file"
        is_refused=$([ $? != 0 ] && grep -q -e "$warning" "$folder/output" && echo yes)
        [ "$is_refused" ] || sed 's/^/# /' "$folder/output"
        result "refused, $standard: $name" "$is_refused"
    done
}

echo '#include <netsession.h>' >"$folder/alone"
printf '#include <netsession.h>\n#include <netsession.h>\nint x;\n' >"$folder/twice"
printf '#include <netsession_private.h>\nint x;\n' >"$folder/private"
cat >"$folder/initialisers" <<'END'
#include <netsession.h>
netsession_options options = NETSESSION_OPTIONS_INIT;
netsession_manager_callbacks manager_callbacks = NETSESSION_MANAGER_CALLBACKS_INIT;
netsession_callbacks callbacks = NETSESSION_CALLBACKS_INIT;
netsession_service_network network = NETSESSION_SERVICE_NETWORK_INIT;
int as_wide_as_int[sizeof(netsession_state_t) == sizeof(int) ? 1 : -1];
END
cat >"$folder/cleanup" <<'END'
#include <netsession.h>
int f(void);
int f(void)
{
    __attribute__((cleanup(netsession_manager_freep))) netsession_manager *manager = NULL;
    __attribute__((cleanup(netsession_configuration_freep))) netsession_configuration *configuration = NULL;
    __attribute__((cleanup(netsession_configuration_list_freep))) netsession_configuration_list *list = NULL;
    __attribute__((cleanup(netsession_freep))) netsession *session = NULL;
    return manager || configuration || list || session;
}
END
compiles "the header" "$folder/alone" c99 c11 c17 c2x c++11 c++14 c++17 c++20
compiles "twice" "$folder/twice" c99 c11
compiles "the private header" "$folder/private" c99 c++11
compiles "initialisers" "$folder/initialisers" c99 c2x c++11 c++20
compiles "cleanup" "$folder/cleanup" c99 c++11

refused "a type as the filter" "enum\|convert" \
    "netsession_manager_configurations(m, NETSESSION_CONFIGURATION_TYPE_SERVICE_NETWORK, l)" c99 c++11
refused "the name of a state as that of a type" "enum\|convert" \
    "netsession_configuration_type_name(netsession_configuration_state(c))" c99 c++11
refused "a type is compared with a state" "enum" \
    "return netsession_configuration_type(c) == NETSESSION_CONFIGURATION_STATE_ACTIVE" c99 c++11
refused "a session's state is compared with a configuration's" "enum" \
    "return netsession_state(s) == NETSESSION_CONFIGURATION_STATE_ACTIVE" c99 c++11
refused "a session that may not have been made" "unused" "netsession_new(m, c, &s)" c99 c++11
refused "a manager that may not have been made" "unused" "netsession_manager_new(NULL, &m, NULL, 0)" c99 c++11
echo "1..$number"
