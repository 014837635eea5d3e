"""Converts strings to C and back."""

from __future__ import annotations

from ..errors import ArgumentError


def to_c(text: str, what: str) -> bytes:
    """Encodes a string; raises ArgumentError if it is not a valid C string.

    what names the argument in the error.
    """
    if not isinstance(text, str):
        raise TypeError(f"{what} must be a str, not {type(text).__name__}")
    if "\0" in text:
        raise ArgumentError(f"{what} contains a NUL character")
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ArgumentError(f"{what} is not valid Unicode text") from None


def from_c(text: bytes | None) -> str:
    """Decodes a string that the library returned."""
    return (text or b"").decode(errors="replace")
