# Sourced by suites in the shell: prints lines of the Test Anything Protocol.
number=0

# check NAME COMMAND...: a test passes when the command does, and says so; what the
# command of one that fails has printed is shown.
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
