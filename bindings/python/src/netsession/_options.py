"""Descriptions, from keyword arguments to the structs of C; the library says in
words what is wrong with them."""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import _abi
from ._text import from_c, to_c
from .errors import ArgumentError, InternalError, OptionError

if TYPE_CHECKING:
    from .configuration import Configuration


def new_manager(library: ctypes.CDLL, **options: str | None) -> int:
    """Makes a manager with the options, and returns its handle."""
    struct = _abi.Options(ctypes.sizeof(_abi.Options))
    for name, value in options.items():
        if value is not None:
            setattr(struct, name, to_c(value, name))
    pointer = ctypes.c_void_p()
    text = ctypes.create_string_buffer(1024)
    try:
        library.netsession_manager_new(
            ctypes.byref(struct), ctypes.byref(pointer), text, len(text)
        )
    except (ArgumentError, InternalError) as why:
        number = why.errno if isinstance(why, InternalError) else errno.EINVAL
        raise OptionError(number or 0, from_c(text.value) or str(why)) from None
    assert pointer.value is not None, "the library succeeds with a handle"
    return pointer.value


def define_service_network(
    manager: Any, children: Sequence[Configuration], **words: str | int | None
) -> int:
    """Defines a service network, and returns the configuration's handle."""
    struct = _abi.ServiceNetwork(ctypes.sizeof(_abi.ServiceNetwork))
    for name, value in words.items():
        if value is not None:
            setattr(struct, name, value if isinstance(value, int) else to_c(value, name))
    struct.children = (_abi.Handle * len(children))(*(child._handle for child in children))
    struct.children_count = len(children)
    pointer = ctypes.c_void_p()
    text = ctypes.create_string_buffer(1024)
    function = manager._library.netsession_manager_define_service_network
    try:
        function(manager._handle, ctypes.byref(struct), ctypes.byref(pointer), text, len(text))
    except ArgumentError as why:
        raise ArgumentError(from_c(text.value) or str(why)) from None
    assert pointer.value is not None, "the library succeeds with a handle"
    return pointer.value
