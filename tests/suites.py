"""The table of all test suites; run carries them out."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"  # the system's own, which has the modules of its packages
GO = os.environ.get("GO", "go")


@dataclass
class Suite:
    name: str
    command: list
    needs: tuple = ()  # programs without which the suite is skipped
    modules: tuple = ()  # likewise, of the system's Python
    lab: bool = False  # runs in a network of its own
    daemons: tuple = ()  # Debian packages that it runs daemons of
    suite: str = ""  # of Debian's, from which the daemons are, if not the machine's own
    fetch: tuple = ()  # a command before it, outside the lab, that gets what it needs
    limit: int = 300  # seconds


def fuzz_targets():
    """Every native fuzz target in the tree, as (package, name)."""
    for path in sorted(ROOT.glob("c*/**/*_test.go")):
        for name in re.findall(r"^func (Fuzz\w+)\(", path.read_text(), re.M):
            yield "./" + str(path.parent.relative_to(ROOT)), name


def lab_suite(path):
    """The suite of a C test in the lab, beside the daemon that its name begins with,
    or that is simulated because there is no radio."""
    if path.stem == "wifi" or path.stem.startswith("mock_"):
        return Suite(
            f"lab {path.stem}", ["tests/lab/mock", "tests/ctest", path], lab=True,
            needs=("ip", "dbus-daemon", "dbus-send", PYTHON), modules=("dbusmock",),
        )
    if path.stem == "connman_vpn":
        return Suite(
            f"lab {path.stem}", ["tests/lab/connman", "tests/lab/vpn", "tests/ctest", path], lab=True,
            needs=("ip", "dbus-daemon", "dbus-send", "dnsmasq", "ethtool", "openssl"),
            daemons=("connman", "connman-vpn", "openvpn"),
        )
    if path.stem.startswith("both_"):
        return Suite(
            f"lab {path.stem}", ["tests/lab/nm", "tests/lab/both", "tests/ctest", path], lab=True,
            needs=("ip", "dbus-daemon", "dbus-send", "dnsmasq", "ethtool"), daemons=("network-manager", "connman"),
        )
    for wrapper, package in (("nm", "network-manager"), ("connman", "connman"), ("networkd", "systemd")):
        if path.stem.startswith(wrapper + "_"):
            return Suite(
                f"lab {path.stem}", ["tests/lab/" + wrapper, "tests/ctest", path], lab=True,
                needs=("ip", "dbus-daemon", "dbus-send", "dnsmasq", "ethtool"), daemons=(package,),
            )
    if path.stem == "udhcpc":
        return Suite(
            "lab udhcpc", ["tests/ctest", path], lab=True, needs=("ip", "dnsmasq", "ethtool"), daemons=("busybox",),
        )
    return Suite(f"lab {path.stem}", ["tests/ctest", path], lab=True, needs=("ip",))


def newest(suite):
    """The suite beside the daemon of Debian's newest suite."""
    suite.suite = "sid"
    suite.command = ["env", "LAB_SUITE=sid", *suite.command]
    return suite


def python_suites():
    """Those of the Python package: the core by every Python that it supports."""
    for version in ("3.10", "3.11", "3.12", "3.13", "system"):
        yield Suite(f"python {version}", ["tests/python/run", version, "tests/core"], limit=120)
    exits = ["env", "NETSESSION_TEST_EXITS=34", "tests/python/run", "system", "-k", "in_flight"]
    yield Suite("python exits", [*exits, "tests/core/test_processes.py"], limit=120)
    yield Suite("python program", ["tests/python/run", "system", "tests/program"])
    yield Suite("python package", ["tests/python/run", "tools", "tests/package"], needs=("make",))
    python = ("tests/python/run", "system")
    lab, fetch = [*python, "tests/lab"], (*python, "--version")
    yield Suite("lab python links", lab, lab=True, needs=("ip",), fetch=fetch)
    yield Suite(
        "lab python networkmanager", ["tests/lab/nm", *lab], lab=True, daemons=("network-manager",),
        needs=("ip", "dbus-daemon", "dbus-send", "dnsmasq", "ethtool"), fetch=fetch,
    )
    for binding in ("PyQt5", "PyQt6", "PySide2", "PyPI-PyQt6", "PyPI-PySide6"):
        yield from binding_suites(binding)
    # Last, because they use every binding that was fetched.
    yield Suite("python port", ["tests/python/run", "tools", "tests/port"])
    yield Suite("python types", ["tests/python/run", "tools", "tests/types"])


def binding_suites(binding):
    """Those of the Python package's classes for a binding to Qt."""
    tests = [f"tests/qt/test_{binding.split('-')[-1].lower()}.py"]
    if binding.endswith("6"):
        tests.append("tests/qt/test_example.py")
    python = ("tests/python/run", binding)
    yield Suite(f"qt {binding}", [*python, *tests])
    yield Suite(
        f"lab qt {binding}", ["tests/lab/nm", *python, "tests/qt_lab"], lab=True, fetch=(*python, "--version"),
        needs=("ip", "dbus-daemon", "dbus-send", "dnsmasq", "ethtool"), daemons=("network-manager",),
    )


def qt_suites(version):
    """The tests of the Qt classes on one Qt: a program for each area."""
    qt = "qt" + version
    needs = ("cmake", "make", "g++")
    yield Suite(f"{qt} build", ["tests/qttest", version], needs=needs, limit=600)
    yield Suite(f"{qt} headers", ["bindings/qt-shim/tests/headers", version], needs=("g++", "pkg-config"))
    for path in sorted((ROOT / "bindings/qt-shim/tests").glob("tst_*.cpp")):
        area = path.stem[len("tst_"):]
        command = ["tests/qttest", version, area]
        if area == "families" and version != "5":  # two in one process, with Qt 5's own
            continue
        if area.startswith("nm_"):
            yield Suite(
                f"{qt} {area}", ["tests/lab/nm", *command], lab=True, daemons=("network-manager",),
                needs=(*needs, "ip", "dbus-daemon", "dbus-send", "dnsmasq", "ethtool"),
            )
        else:
            yield Suite(f"{qt} {area}", command, needs=needs)


def go_suites():
    """Those of the packages in Go, but for what needs a network of its own."""
    yield Suite("format", ["tests/format", GO], limit=600)
    yield Suite("go", [GO, "test", "-race", "-json", "./..."], limit=600)
    yield Suite("go module", ["tests/gomodule/run", GO], needs=("readelf",))
    for package, name in fuzz_targets():
        # Not "3s": Go may report the end of the time as a failure of the target.
        time = os.environ.get("FUZZTIME", "20000x")
        yield Suite(f"fuzz {name}", ["tests/fuzz", GO, package, name, time])


def c_suites():
    """Those of the C interface, on played networks."""
    yield Suite("header", ["tests/abi/header.sh"], needs=("gcc", "g++"))
    yield Suite("symbols", ["tests/abi/symbols.sh"], needs=("nm",))
    yield Suite("abidiff", ["tests/abi/abidiff.sh"], needs=("abidiff",))
    for path in sorted((ROOT / "tests/abi").glob("*.c")):
        yield Suite(f"abi {path.stem}", ["tests/ctest", path])
    for name in ("handles", "strings", "values", "events", "freeing", "moving", "threads", "networks", "choosing"):
        yield Suite(f"valgrind abi {name}", ["tests/variant", "valgrind", name], needs=("valgrind",))
    for path in sorted((ROOT / "examples/c").glob("*.c")):
        yield Suite(f"valgrind {path.stem}", ["tests/valgrind", path.stem], lab=True, needs=("valgrind", "ip"))


def lab_go_suite(name, package):
    """The suite of a daemon's backend, beside that daemon."""
    return Suite(
        name, ["tests/lab/golab", GO, "./core/internal/backend/" + name],
        lab=True, needs=("ip", "dbus-daemon"), daemons=(package,), limit=600,
    )


def is_about_connman(path):
    return path.stem.startswith(("connman_", "both_"))


def lab_suites():
    """Those on real links, and beside real daemons but for ConnMan."""
    yield Suite("links", ["tests/lab/golab", GO, "./core/internal/backend/rtnetlink"], lab=True, needs=("ip",), limit=600)
    yield Suite("go sessions", ["tests/lab/golab", GO, "./core"], lab=True, needs=("ip",), limit=600)
    yield lab_go_suite("networkmanager", "network-manager")
    for path in sorted((ROOT / "tests/lab").glob("*.c")):
        if not is_about_connman(path):
            yield lab_suite(path)
    yield Suite("lab flood", ["tests/lab/flood", "100", "10000"], lab=True, needs=("ip",))
    yield Suite("examples", ["tests/lab/examples"], lab=True, needs=("ip",))


def connman_suites():
    """Those beside ConnMan, which mostly wait for it: a lane of their own."""
    yield lab_go_suite("connman", "connman")
    for path in sorted((ROOT / "tests/lab").glob("*.c")):
        if is_about_connman(path):
            yield lab_suite(path)
    suite = newest(lab_go_suite("connman", "connman"))
    suite.name += " 2"
    yield suite
    yield newest_connman("connman_vpn")


def newest_connman(name):
    """The suite of a C test beside the ConnMan of Debian's newest suite."""
    suite = lab_suite(ROOT / f"tests/lab/{name}.c")
    suite.name += " 2"
    suite.daemons = tuple(package for package in suite.daemons if package.startswith("connman"))
    suite.fetch = ("tests/lab/daemons", "openvpn") if name == "connman_vpn" else ()  # the machine's own
    return newest(suite)


def cpp_suites():
    """Those of the classes for Qt, and of what is installed."""
    for version in ("6", "5"):
        yield from qt_suites(version)
    yield Suite(
        "qt clients", ["bindings/qt-shim/tests/clients/run"],
        needs=("make", "ip", "dbus-daemon"), daemons=("network-manager",), limit=600,
    )
    yield Suite("monitor", ["tests/monitor/run"], needs=("make", "cmake", "g++", "Xvfb"))
    yield Suite(
        "monitor in the lab", ["tests/monitor/run", "--lab"], daemons=("network-manager",),
        needs=("make", "cmake", "g++", "Xvfb", "ip", "dbus-daemon", "dnsmasq"),
    )
    yield Suite(
        "playground", ["tests/xvfb", "tests/python/run", "system", "tests/playground"],
        daemons=("network-manager",), modules=("PyQt6",), needs=("make", "Xvfb", "ip", "dbus-daemon", "dnsmasq"),
    )
    yield Suite("installed", ["tests/installed/run"], needs=("make", "gcc", "readelf", "pkg-config"))
    yield Suite("readme", ["tests/readme/run", GO], needs=("make", "gcc"), limit=600)


def docs_suites():
    """Those of what people read."""
    yield Suite("manpages", ["tests/man"], needs=("make", "mandoc", "groff", "man", "col"))
    yield Suite("docs links", ["docs/site/check-links"])
    yield Suite("docs filter", ["tests/docs/doxyfilter"])
    yield Suite("docs", ["docs/site/make", "--tap"], limit=600)


def long_go_suites():
    """Fuzzing for minutes."""
    for package, name in fuzz_targets():
        time = os.environ.get("FUZZTIME", "120s")
        yield Suite(f"long fuzz {name}", ["tests/fuzz", GO, package, name, time], limit=3600)


def long_c_suites():
    """Those of the C interface, for longer, and with what looks for mistakes."""
    for name, setting in (("alarms", "ALARMS=30"), ("stress", "STRESS=100000000")):
        yield Suite(f"long abi {name}", ["env", setting, "tests/ctest", f"tests/abi/{name}.c"], limit=3600)
    threaded = ("threads", "freeing", "moving", "events", "choosing", "values", "stress")
    yield Suite("long tsan", ["env", "STRESS=1000000", "tests/variant", "tsan", *threaded], limit=3600)
    checked = ("handles", "strings", "values", "events", "networks", "properties", "stress")
    yield Suite("long cgocheck2", ["env", "STRESS=1000000", "tests/variant", "cgocheck2", *checked], limit=3600)


def long_lab_suites():
    """Whole minutes on real links, and beside real daemons."""
    for name, setting in (("killings", "KILLINGS=6"), ("idle", "IDLE=60")):
        command = ["env", setting, "tests/ctest", f"tests/lab/{name}.c"]
        yield Suite(f"long lab {name}", command, lab=True, needs=("ip",))
    worlds = os.environ.get("WORLDS", "5000")
    yield Suite(
        "long links", ["env", "NETSESSION_WORLDS=" + worlds, "tests/lab/golab", GO, "./core/internal/backend/rtnetlink"],
        lab=True, needs=("ip",), limit=3600,
    )
    yield Suite("long lab flood", ["tests/lab/flood", "1000", "100000"], lab=True, needs=("ip",), limit=1800)
    soak = os.environ.get("SOAK", "3600")  # seconds
    for name, setting in (
        ("mock_flood", "FLOOD=60"), ("nm_faulttable", "FAULTS=all"), ("connman_faulttable", "FAULTS=all"),
        ("nm_soak", "SOAK=" + soak),
    ):
        suite = lab_suite(ROOT / f"tests/lab/{name}.c")
        suite.name, suite.command = "long " + suite.name, ["env", setting, *suite.command]
        suite.limit = 3600 + int(soak)
        yield suite


def long_connman_suites():
    """The longest of those beside the newest ConnMan."""
    suite = newest_connman("connman_sessions")
    suite.name = "long " + suite.name
    yield suite


def long_cpp_suites():
    """A program of many files by qmake."""
    yield Suite("long monitor", ["tests/monitor/run", "--qmake"], needs=("make", "cmake", "g++"))


def long_shipping_suites():
    """What is built for others to install, from end to end."""
    needs = ("make", "dpkg-buildpackage", "dh", "dh_python3", "lintian", "mmdebstrap", "cmake", "pkg-config", "readelf")
    yield Suite("long packages", ["tests/packages/run"], needs=needs, limit=3600)
    yield Suite("long version", ["tests/packages/version"], needs=needs, limit=3600)


# Suites of one lane run one after another, because they build on the same files;
# lanes run side by side.
LANES = (go_suites, lab_suites, connman_suites, cpp_suites, python_suites, c_suites, docs_suites)

# Those of `make test-long`, which take minutes each.
LONG_LANES = (long_go_suites, long_c_suites, long_lab_suites, long_connman_suites, long_cpp_suites, long_shipping_suites)
