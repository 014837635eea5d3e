"""Reads the output of test suites into results, and writes results as JUnit XML."""

import json
import re
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field

TAP = re.compile(r"^(not )?ok \d+(?: *- *)?(.*?)(?:\s*# *SKIP\b *(.*))?$")
LAB = "TestLab"  # the prefix of the Go tests that have their own suite
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass
class Case:
    """The outcome of one test, with its output or the reason for skipping it."""

    name: str
    outcome: str
    text: str = ""


@dataclass
class Result:
    """The outcome of one suite."""

    suite: str
    cases: list = field(default_factory=list)
    seconds: float = 0
    cpu: float = 0  # seconds of processor time of all processes

    def add(self, name, outcome, text=""):
        self.cases.append(Case(name, outcome, text))

    def count(self, outcome):
        return sum(case.outcome == outcome for case in self.cases)

    @property
    def failed(self):
        return self.count(FAILED) > 0

    def notes(self):
        """A text for each test that did not pass."""
        for case in self.cases:
            if case.outcome == SKIPPED:
                yield f"skipped {case.name}: {case.text}"
            elif case.outcome == FAILED:
                yield f"FAILED {case.name}\n{case.text}".rstrip()


def read(output, result):
    """Adds the tests of a suite's output, which is TAP or the JSON of go test."""
    (read_go if output.startswith("{") else read_tap)(output, result)


def read_tap(output, result):
    """Adds the tests of a TAP stream. The first failed test has the output of all tests,
    without the lines of passed tests."""
    rest = "".join(line for line in output.splitlines(True) if not line.startswith("ok "))
    for line in output.splitlines():
        match = TAP.match(line)
        if not match:
            continue
        bad, name, why = match.groups()
        if why is not None:
            result.add(name, SKIPPED, why)
        elif bad:
            result.add(name, FAILED, "" if result.failed else rest)
        else:
            result.add(name, PASSED)


def read_go(output, result):
    """Adds the tests in the events of go test -json. A package counts as a test only if it
    failed without a failed test in it."""
    printed = {}
    for line in output.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        name, package = event.get("Test"), event.get("Package")
        if name and name.startswith(LAB) and event["Action"] == "skip":
            continue
        key = (package, name)
        if event["Action"] == "output":
            printed.setdefault(key, []).append(event["Output"])
        elif event["Action"] == "pass" and name:
            result.add(name, PASSED)
        elif event["Action"] == "skip" and name:
            lines = [text.strip() for text in printed.get(key, ()) if ".go:" in text]
            result.add(name, SKIPPED, "; ".join(lines))
        elif event["Action"] in ("fail", "build-fail"):
            if name or not result.failed:
                result.add(name or package, FAILED, "".join(printed.get(key, ())))


def write_junit(results, path):
    """Writes results as JUnit XML, for continuous integration."""
    root = xml.Element("testsuites")
    for result in results:
        suite = xml.SubElement(
            root, "testsuite", name=result.suite, tests=str(len(result.cases)), time=f"{result.seconds:.1f}",
            failures=str(result.count(FAILED)), skipped=str(result.count(SKIPPED)),
        )
        for case in result.cases:
            test = xml.SubElement(suite, "testcase", classname=result.suite, name=case.name)
            if case.outcome == FAILED:
                xml.SubElement(test, "failure").text = NO_XML.sub("?", case.text)
            elif case.outcome == SKIPPED:
                xml.SubElement(test, "skipped", message=NO_XML.sub("?", case.text))
    xml.indent(root)
    xml.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
