"""The classes for type checkers: each module for a binding says what its signals and
its QNetworkInterface are.
"""

from typing import Any, Generic, TypeVar

from ._enums import QNetworkSession as Enums
from ._manager import ManagerMethods
from ._session import SessionMethods

S = TypeVar("S")
I = TypeVar("I")

class Signal:
    """A signal of whichever binding it is."""

    def connect(self, slot: object, type: Any = ...) -> Any: ...
    def disconnect(self, slot: object = ...) -> Any: ...
    def emit(self, *arguments: Any) -> None: ...
    def __getitem__(self, signature: object) -> Signal: ...

class Error(Generic[S]):
    """The method and the signal."""

    def __call__(self) -> Enums.SessionError: ...
    def connect(self, slot: object, type: Any = ...) -> Any: ...
    def disconnect(self, slot: object = ...) -> Any: ...
    def emit(self, error: Enums.SessionError) -> None: ...
    def __getitem__(self, signature: object) -> S: ...

class ManagerOf(ManagerMethods, Generic[S]):
    configurationAdded: S
    configurationChanged: S
    configurationRemoved: S
    onlineStateChanged: S
    updateCompleted: S

class SessionOf(SessionMethods, Generic[S, I]):
    opened: S
    closed: S
    stateChanged: S
    error: Error[S]
    preferredConfigurationChanged: S
    newConfigurationActivated: S
    usagePoliciesChanged: S

    def interface(self) -> I: ...
