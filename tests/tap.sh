# tap.sh - sourced by suites in the shell; prints lines of the Test Anything Protocol.
number=0

# check NAME COMMAND...: one test, which passes if the command succeeds; prints the
# output of a command that fails.
check() {
    local name=$1 output
    shift
    number=$((number + 1))
    if output=$("$@" 2>&1); then
        echo "ok $number - $name"
    else
        printf 'not ok %d - %s\n%s\n' $number "$name" "$output"
        return 1
    fi
}
