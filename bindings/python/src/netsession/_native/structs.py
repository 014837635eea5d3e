"""Fills the structs that C functions take from keyword arguments.

If the library rejects a struct, its explanation becomes the text of the exception.
"""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Sequence

from ..errors import ArgumentError, InternalError, OptionError
from . import abi
from .handle import Handle
from .text import from_c, to_c


def new_manager(library: ctypes.CDLL, **options: str | None) -> int:
    """Creates a manager with the options, and returns its handle; raises OptionError."""
    struct = abi.Options(ctypes.sizeof(abi.Options))
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
    manager: Handle, children: Sequence[Handle], **fields: str | int | None
) -> int:
    """Defines a service network, and returns the configuration's handle.

    Raises ArgumentError.
    """
    struct = abi.ServiceNetwork(ctypes.sizeof(abi.ServiceNetwork))
    for name, value in fields.items():
        if value is not None:
            setattr(struct, name, value if isinstance(value, int) else to_c(value, name))
    struct.children = (abi.Handle * len(children))(*(child._handle for child in children))
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
