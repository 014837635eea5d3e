"""All names exist: compared with a list, and with Qt 5's own classes."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from bench import Bench
from reference import ENUMERATORS, FLAGS, METHODS, SIGNALS, SLOTS

CLASSES = ("QNetworkConfiguration", "QNetworkConfigurationManager", "QNetworkSession")


class Names(Bench):
    @pytest.mark.parametrize("name", CLASSES)
    def test_enumerators_scoped_and_unscoped(self, name: str) -> None:
        owner = getattr(self.qt, name)
        for scope, members in ENUMERATORS[name].items():
            kind = getattr(owner, scope)
            assert kind.__qualname__ == f"{name}.{scope}"
            for member, number in members.items():
                assert getattr(kind, member) == number
                assert getattr(owner, member) is getattr(kind, member)
                assert kind(number) is getattr(kind, member)

    @pytest.mark.parametrize("name", CLASSES)
    def test_flags(self, name: str) -> None:
        owner = getattr(self.qt, name)
        for flags, flag in FLAGS[name].items():
            kind = getattr(owner, flags)
            assert kind() == 0
            for member in ENUMERATORS[name][flag]:
                assert kind(getattr(owner, member)) == getattr(owner, member)

    def test_flags_combine(self) -> None:
        config = self.qt.QNetworkConfiguration
        assert config.Active & ~config.Discovered == 8
        assert config.Active & config.Discovered == config.Discovered
        assert not config.StateFlags(config.Active) & config.Undefined
        assert config.StateFlags(config.Active).testFlag(config.Defined)
        can = self.qt.QNetworkConfigurationManager
        assert int(can.ForcedRoaming | can.DataStatistics) == 0x30

    @pytest.mark.parametrize("name", CLASSES)
    def test_methods_and_their_keywords(self, name: str) -> None:
        owner = getattr(self.qt, name)
        for method, arguments in METHODS[name].items():
            if (name, method) == ("QNetworkSession", "error"):
                continue  # see signals.py
            parameters = list(inspect.signature(getattr(owner, method)).parameters)
            assert tuple(parameters[1:]) == arguments, method
            assert getattr(owner, method).__doc__, method

    @pytest.mark.parametrize("name", SIGNALS)
    def test_signals_and_slots(self, name: str) -> None:
        keep = self.made(name)
        about = keep.metaObject()
        signals, slots = {}, set()
        for index in range(about.methodOffset(), about.methodCount()):
            method = about.method(index)
            word = bytes(method.name().data()).decode()
            if method.methodType() == self.core.QMetaMethod.MethodType.Signal:
                signals[word] = len(method.parameterTypes())
            else:
                slots.add(word)
        assert signals == SIGNALS[name]
        assert slots == SLOTS[name]

    def made(self, name: str) -> Any:
        """A manager, or a session on its default configuration."""
        manager = self.manager()
        if name == "QNetworkConfigurationManager":
            return manager
        return self.qt.QNetworkSession(manager.defaultConfiguration())


class NamesOfQt5(Names):
    """Additional tests for bindings to Qt 5, which has the classes itself."""

    @pytest.mark.parametrize("name", CLASSES)
    def test_same_as_the_class_of_qt5(self, name: str) -> None:
        real = self.real(name)
        ours = getattr(self.qt, name)
        words = {word for word in dir(real) if not word.startswith("_") and "." not in word}
        assert words <= set(dir(ours))
        for word in words:
            value = getattr(real, word)
            if isinstance(value, int) or type(value).__name__ in _kinds(real):
                assert int(value) == int(getattr(ours, word)), word
        if name != "QNetworkConfiguration":
            assert _signatures(real.staticMetaObject) == _signatures(
                self.made(name).metaObject()
            )

    def test_default_constructed_as_in_qt5(self) -> None:
        real = self.real("QNetworkConfiguration")
        theirs, ours = real(), self.qt.QNetworkConfiguration()
        for method in METHODS["QNetworkConfiguration"]:
            if method not in ("setConnectTimeout", "swap", "connectTimeout"):
                a, b = getattr(theirs, method)(), getattr(ours, method)()
                assert (int(a) if hasattr(a, "__int__") else a) == b, method
        assert theirs.connectTimeout() == ours.connectTimeout()
        assert theirs.setConnectTimeout(5) == ours.setConnectTimeout(5)

    def real(self, name: str) -> Any:
        """Qt 5's own class."""
        found = getattr(self.network, name)
        assert not found.__module__.startswith("netsession")
        return found


def _kinds(real: Any) -> set[str]:
    return {kind for kinds in ENUMERATORS.values() for kind in kinds}


def _signatures(about: Any) -> dict[str, int]:
    """The class's own signals and slots, with their numbers of arguments."""
    methods = map(about.method, range(about.methodOffset(), about.methodCount()))
    return {bytes(m.name().data()).decode(): len(m.parameterTypes()) for m in methods}
