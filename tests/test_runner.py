"""Tests of the runner: reading results, writing JUnit XML, and killing suites."""

import sys
import time
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from results import FAILED, PASSED, SKIPPED, Result, read, write_junit
from supervisor import Supervisor, Watch


def result_of(output):
    result = Result("suite")
    read(output, result)
    return [(case.name, case.outcome, case.text) for case in result.cases]


def test_tap():
    output = "# a comment\nok 1 - one\nnot ok 2 - two\nok 3 - three # SKIP no radio\n1..3\n"
    assert result_of(output) == [("one", PASSED, ""), ("two", FAILED, "# a comment\nnot ok 2 - two\n1..3\n"), ("three", SKIPPED, "no radio")]


def test_go_events():
    output = """{"Action":"output","Package":"p","Test":"TestA","Output":"a.go:1: wrong\\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestC","Output":"c.go:1: no bus\\n"}
{"Action":"skip","Package":"p","Test":"TestC"}
{"Action":"skip","Package":"p","Test":"TestLabD"}
{"Action":"fail","Package":"p"}
"""
    assert result_of(output) == [
        ("TestA", FAILED, "a.go:1: wrong\n"), ("TestB", PASSED, ""), ("TestC", SKIPPED, "c.go:1: no bus"),
    ]


def test_go_package_that_does_not_build():
    assert result_of('{"Action":"fail","Package":"p"}\n') == [("p", FAILED, "")]


def test_junit(tmp_path):
    result = Result("suite")
    result.add("one", PASSED)
    result.add("two", FAILED, "\x1b[31mwrong <here>")
    result.add("three", SKIPPED, "no radio")
    write_junit([result], tmp_path / "junit.xml")
    suite = xml.parse(tmp_path / "junit.xml").getroot()[0]
    assert [suite.get(name) for name in ("name", "tests", "failures", "skipped")] == ["suite", "3", "1", "1"]
    assert [test.get("name") for test in suite] == ["one", "two", "three"]
    assert suite.find("testcase/failure").text == "?[31mwrong <here>"
    assert suite.find("testcase/skipped").get("message") == "no radio"


def run(script, limit=60, stall=60):
    return Supervisor().run(["sh", "-c", script], "/", Watch(limit, stall, interval=0.2))


def test_command():
    status, output, cpu, why = run("echo one; echo two >&2; exit 3")
    assert (status, output, why) == (3, "one\ntwo\n", "")
    assert cpu >= 0


def test_idle_command_is_killed():
    status, output, _, why = run("echo one; sleep 1000", stall=1)
    assert (status, output) == (-9, "one\n")
    assert why.startswith("killed: it printed nothing and used no processor time")


def test_command_in_endless_loop_is_killed():
    status, _, _, why = run("while :; do :; done", limit=0.5)
    assert status == -9
    assert why.startswith("killed: it printed nothing during 0.5 s of processor time")


def test_command_with_closed_output_is_killed():
    assert run("exec >&- 2>&-; sleep 1000", stall=1)[0] == -9


def test_process_that_keeps_the_output_open_is_killed():
    start = time.monotonic()
    assert run("sleep 1000 & echo one", stall=1)[1] == "one\n"
    assert time.monotonic() - start < 500


@pytest.mark.parametrize("progress", ["a line", "it is runnable", "it uses the processor"])
def test_progress(progress):
    watch = Watch(limit=1000, stall=10, interval=5)
    lines, cpu = 1, 0
    for _ in range(10):
        lines += progress == "a line"
        cpu += progress == "it uses the processor"
        assert watch.update(lines, progress == "it is runnable", cpu) == ""
    assert watch.update(lines, False, cpu) == ""
    assert watch.update(lines, False, cpu) != ""


def test_line_resets_processor_time():
    watch = Watch(limit=10)
    assert watch.update(1, True, 9) == ""
    assert watch.update(2, True, 18) == ""
    assert watch.update(2, True, 27) == ""
    assert watch.update(2, True, 29) != ""
