"""The table of all test suites; tests/run runs them."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"  # the system's Python, with the modules of Debian's packages
GO = os.environ.get("GO", "go")
LONG = 14400  # the limit in seconds of processor time for suites that take minutes


@dataclass
class Suite:
    name: str
    command: list
    needs: tuple = ()  # programs without which the suite is skipped
    modules: tuple = ()  # modules of the system's Python without which the suite is skipped
    lab: bool = False  # runs in its own network namespace (tests/lab/tools/enter)
    daemons: tuple = ()  # Debian packages with the daemons that the suite runs
    release: str = ""  # the Debian release of these packages; "": the machine's own
    fetch: tuple = ()  # a command that runs before the suite, outside the lab, and downloads its needs
    limit: int = 1800  # seconds of processor time without a line of output


def fuzz_targets():
    """Every native fuzz target in the tree, as (package, name)."""
    for path in sorted(ROOT.glob("c*/**/*_test.go")):
        for name in re.findall(r"^func (Fuzz\w+)\(", path.read_text(), re.M):
            yield "./" + str(path.parent.relative_to(ROOT)), name


BUS = ("ip", "dbus-daemon", "dbus-send")
CABLES = (*BUS, "dnsmasq", "ethtool")  # for cables to routers with a DHCP server


@dataclass
class Environment:
    """The environment of the C tests in a folder of tests/lab."""

    tools: tuple = ()  # scripts in tests/lab/tools, each of which runs the next one
    needs: tuple = CABLES
    daemons: tuple = ()
    modules: tuple = ()


ENVIRONMENTS = {
    "rtnetlink": Environment(needs=("ip",)),
    "nm": Environment(("nm",), daemons=("network-manager",)),
    "nm_mock": Environment(("mock",), (*BUS, PYTHON), modules=("dbusmock",)),  # a simulation, because the lab has no radio
    "nm_connman": Environment(("nm", "both"), daemons=("network-manager", "connman")),
    "connman": Environment(("connman",), daemons=("connman",)),
    "networkd": Environment(("networkd",), daemons=("systemd",)),
    # Single tests that need more than the other tests of their folder.
    "rtnetlink/udhcpc": Environment(needs=("ip", "dnsmasq", "ethtool"), daemons=("busybox",)),
    "connman/vpn": Environment(
        ("connman", "vpn"), (*CABLES, "openssl"), daemons=("connman", "connman-vpn", "openvpn")
    ),
}


def lab_suite(test):
    """The suite of a C test in tests/lab, such as "nm/sessions"."""
    folder, name = test.split("/")
    environment = ENVIRONMENTS.get(test) or ENVIRONMENTS[folder]
    tools = ["tests/lab/tools/" + tool for tool in environment.tools]
    return Suite(
        f"lab {folder} {name}", [*tools, "tests/run-c-test", f"tests/lab/{test}.c"], lab=True,
        needs=environment.needs, daemons=environment.daemons, modules=environment.modules,
    )


def lab_c_suites(*folders):
    """The suites of all C tests in these folders of tests/lab."""
    for folder in folders:
        for path in sorted((ROOT / "tests/lab" / folder).glob("*.c")):
            yield lab_suite(f"{folder}/{path.stem}")


def newest(suite):
    """Makes a suite use the daemons of Debian's unstable release."""
    suite.release = "sid"
    suite.command = ["env", "LAB_SUITE=sid", *suite.command]
    return suite


def python_suites():
    """The suites of the Python package: the core with each supported Python version."""
    for version in ("3.10", "3.11", "3.12", "3.13", "system"):
        yield Suite(f"python {version}", ["tests/python/run", version, "tests/core"])
    exits = ["env", "NETSESSION_TEST_EXITS=34", "tests/python/run", "system", "-k", "in_flight"]
    yield Suite("python exits", [*exits, "tests/core/test_processes.py"])
    yield Suite("python program", ["tests/python/run", "system", "tests/program"])
    yield Suite("python package", ["tests/python/run", "tools", "tests/package"], needs=("make",))
    python = ("tests/python/run", "system")
    lab, fetch = [*python, "tests/lab"], (*python, "--version")
    yield Suite("lab python links", lab, lab=True, needs=("ip",), fetch=fetch)
    yield Suite(
        "lab python networkmanager", ["tests/lab/tools/nm", *lab], lab=True, daemons=("network-manager",),
        needs=CABLES, fetch=fetch,
    )
    for binding in ("PyQt5", "PyQt6", "PySide2", "PyPI-PyQt6", "PyPI-PySide6"):
        yield from binding_suites(binding)
    # The last suites, because they use all bindings that were downloaded.
    yield Suite("python port", ["tests/python/run", "tools", "tests/port"])
    yield Suite("python types", ["tests/python/run", "tools", "tests/types"])


def binding_suites(binding):
    """The suites of the Python package's classes for a Qt binding."""
    tests = [f"tests/qt/test_{binding.split('-')[-1].lower()}.py"]
    if binding.endswith("6"):
        tests.append("tests/qt/test_example.py")
    python = ("tests/python/run", binding)
    yield Suite(f"qt {binding}", [*python, *tests])
    yield Suite(
        f"lab qt {binding}", ["tests/lab/tools/nm", *python, "tests/qt_lab"], lab=True, fetch=(*python, "--version"),
        needs=CABLES, daemons=("network-manager",),
    )


def qt_suites(version):
    """The suites of the Qt classes with one Qt version: a program for each area."""
    qt = "qt" + version
    needs = ("cmake", "make", "g++")
    yield Suite(f"{qt} build", ["tests/run-qt-test", version], needs=needs)
    yield Suite(f"{qt} headers", ["bindings/qt-shim/tests/headers", version], needs=("g++", "pkg-config"))
    for path in sorted((ROOT / "bindings/qt-shim/tests").glob("tst_*.cpp")):
        area = path.stem[len("tst_"):]
        command = ["tests/run-qt-test", version, area]
        if area == "families" and version != "5":  # both Qt versions in one process; Qt 5 builds it
            continue
        if area.startswith("nm_"):
            yield Suite(
                f"{qt} {area}", ["tests/lab/tools/nm", *command], lab=True, daemons=("network-manager",),
                needs=(*needs, *CABLES),
            )
        else:
            yield Suite(f"{qt} {area}", command, needs=needs)


def go_suites():
    """The suites of the Go packages, without tests in the lab."""
    yield Suite("format", ["tests/format", GO])
    # The suite "format" runs vet; a panic needs no debug information.
    yield Suite("go", [GO, "test", "-race", "-vet=off", "-ldflags=-w", "-json", "./..."])
    yield Suite("go module", ["tests/gomodule/run", GO], needs=("readelf",))
    for package, name in fuzz_targets():
        # A number, not "3s": Go may report the end of the time as a failure of the target.
        time = os.environ.get("FUZZTIME", "20000x")
        yield Suite(f"fuzz {Path(package).name} {name}", ["tests/fuzz", GO, package, name, time])


def c_suites():
    """The suites of the C interface, with scripted networks."""
    yield Suite("header", ["tests/abi/header.sh"], needs=("gcc", "g++"))
    yield Suite("symbols", ["tests/abi/symbols.sh"], needs=("nm",))
    yield Suite("abidiff", ["tests/abi/abidiff.sh"], needs=("abidiff",))
    for path in sorted((ROOT / "tests/abi").glob("*.c")):
        yield Suite(f"abi {path.stem}", ["tests/run-c-test", path])
    for name in ("handles", "strings", "getters", "events", "free_in_callbacks", "manager_copies", "threads", "networks", "user_choice"):
        yield Suite(f"valgrind abi {name}", ["tests/variant", "valgrind", name], needs=("valgrind",))
    for path in sorted((ROOT / "examples/c").glob("*.c")):
        yield Suite(f"valgrind {path.stem}", ["tests/valgrind", path.stem], lab=True, needs=("valgrind", "ip"))


def lab_go_suite(name, package):
    """The Go suite of a daemon's backend, beside this daemon."""
    return Suite(
        "go lab " + name, ["tests/lab/tools/run-go-lab", GO, "./core/internal/backend/" + name],
        lab=True, needs=("ip", "dbus-daemon"), daemons=(package,),
    )


def lab_suites():
    """The suites with real links, and beside real daemons other than ConnMan."""
    yield Suite("go lab rtnetlink", ["tests/lab/tools/run-go-lab", GO, "./core/internal/backend/rtnetlink"], lab=True, needs=("ip",))
    yield Suite("go lab core", ["tests/lab/tools/run-go-lab", GO, "./core"], lab=True, needs=("ip",))
    yield lab_go_suite("networkmanager", "network-manager")
    yield from lab_c_suites("rtnetlink", "nm", "nm_mock", "networkd")
    yield Suite("lab flood", ["tests/lab/tools/flood", "100", "10000"], lab=True, needs=("ip",))
    yield Suite("examples", ["tests/lab/tools/examples"], lab=True, needs=("ip",))


def connman_suites():
    """The suites beside ConnMan: a separate lane, because they mostly wait for it."""
    yield lab_go_suite("connman", "connman")
    yield from lab_c_suites("connman", "nm_connman")
    suite = newest(lab_go_suite("connman", "connman"))
    suite.name += " sid"
    yield suite
    yield newest_connman("vpn")


def newest_connman(name):
    """The suite of a C test beside the ConnMan of Debian's unstable release."""
    suite = lab_suite(f"connman/{name}")
    suite.name += " sid"
    suite.daemons = tuple(package for package in suite.daemons if package.startswith("connman"))
    suite.fetch = ("tests/lab/tools/daemons", "openvpn") if name == "vpn" else ()  # the machine's own version
    return newest(suite)


def cpp_suites():
    """The suites of the Qt classes, the monitor, and the installed files."""
    for version in ("6", "5"):
        yield from qt_suites(version)
    yield Suite(
        "qt clients", ["bindings/qt-shim/tests/clients/run"],
        needs=("make", "ip", "dbus-daemon"), daemons=("network-manager",),
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
    yield Suite("readme", ["tests/readme/run", GO], needs=("make", "gcc"))


def docs_suites():
    """The suites of the documentation, and of the runner of all suites."""
    yield Suite("runner", ["tests/python/run", "system", ROOT / "tests/test_runner.py"])
    yield Suite("manpages", ["tests/man"], needs=("make", "mandoc", "groff", "man", "col"))
    yield Suite("docs links", ["docs/site/check-links"])
    yield Suite("docs filter", ["tests/docs/doxyfilter"])
    yield Suite("docs", ["docs/site/make", "--tap"])


def long_go_suites():
    """Fuzzing for minutes."""
    for package, name in fuzz_targets():
        time = os.environ.get("FUZZTIME", "120s")
        yield Suite(f"long fuzz {Path(package).name} {name}", ["tests/fuzz", GO, package, name, time], limit=LONG)


def long_c_suites():
    """The suites of the C interface that run longer, and with detectors of mistakes."""
    for name, setting in (("signal_storm", "STORM=30"), ("stress", "STRESS=100000000")):
        yield Suite(f"long abi {name}", ["env", setting, "tests/run-c-test", f"tests/abi/{name}.c"], limit=LONG)
    threaded = ("threads", "free_in_callbacks", "manager_copies", "events", "user_choice", "getters", "stress")
    yield Suite("long tsan", ["env", "STRESS=1000000", "tests/variant", "tsan", *threaded], limit=LONG)
    checked = ("handles", "strings", "getters", "events", "networks", "properties", "stress")
    yield Suite("long cgocheck2", ["env", "STRESS=1000000", "tests/variant", "cgocheck2", *checked], limit=LONG)


def long_lab_suites():
    """The suites that run for minutes with real links and real daemons."""
    topologies = os.environ.get("TOPOLOGIES", "5000")
    yield Suite(
        "long go lab rtnetlink", ["env", "NETSESSION_TOPOLOGIES=" + topologies, "tests/lab/tools/run-go-lab", GO, "./core/internal/backend/rtnetlink"],
        lab=True, needs=("ip",), limit=LONG,
    )
    yield Suite("long lab flood", ["tests/lab/tools/flood", "1000", "100000"], lab=True, needs=("ip",), limit=LONG)
    soak = os.environ.get("SOAK", "3600")  # seconds
    for name, setting in (
        ("rtnetlink/crash_leases", "ROUNDS=6"), ("rtnetlink/idle", "IDLE=60"), ("nm_mock/signal_flood", "FLOOD=60"),
        ("nm/fault_table", "FAULTS=all"), ("connman/fault_table", "FAULTS=all"), ("nm/soak", "SOAK=" + soak),
    ):
        suite = lab_suite(name)
        suite.name, suite.command = "long " + suite.name, ["env", setting, *suite.command]
        suite.limit = LONG + 4 * int(soak)
        yield suite


def long_connman_suites():
    """The longest suite beside the newest ConnMan."""
    suite = newest_connman("sessions")
    suite.name = "long " + suite.name
    yield suite


def long_cpp_suites():
    """The monitor, built by qmake."""
    yield Suite("long monitor", ["tests/monitor/run", "--qmake"], needs=("make", "cmake", "g++"))


def long_shipping_suites():
    """The suites of the packages, from the build to the installation."""
    needs = ("make", "dpkg-buildpackage", "dh", "dh_python3", "lintian", "mmdebstrap", "cmake", "pkg-config", "readelf")
    yield Suite("long packages", ["tests/packages/run"], needs=needs, limit=LONG)
    yield Suite("long version", ["tests/packages/version"], needs=needs, limit=LONG)


# The suites of a lane run one after another, because they share built files. The lanes
# run in parallel.
LANES = (go_suites, lab_suites, connman_suites, cpp_suites, python_suites, c_suites, docs_suites)

# The lanes of `make test-long`, whose suites take minutes each.
LONG_LANES = (long_go_suites, long_c_suites, long_lab_suites, long_connman_suites, long_cpp_suites, long_shipping_suites)
