"""The text of a Python file, and exact edits to it."""

from __future__ import annotations

import codecs
import io
import re
import tokenize

from netsession.port.findings import Edit, Unreadable

NEWLINE = re.compile(r"\r\n?|\n")


class Source:
    """A Python file's text; the bytes that are not edited stay identical."""

    def __init__(self, data: bytes) -> None:
        self.bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            self.encoding = "utf-8" if self.bom else encoding
            self.text = data[len(self.bom) :].decode(self.encoding)
        except (SyntaxError, UnicodeDecodeError) as bad:
            raise Unreadable(f"its text cannot be decoded: {bad}") from None
        if self.encode() != data:
            raise Unreadable(f"its text does not survive decoding as {encoding}")
        self.starts = [0, *(match.end() for match in NEWLINE.finditer(self.text))]

    def encode(self) -> bytes:
        """The file's bytes."""
        return self.bom + self.text.encode(self.encoding)

    def offset(self, line: int, column: int) -> int:
        """The offset of a line, from 1, and a column, from 0."""
        return self.starts[line - 1] + column

    def line_end(self, offset: int) -> tuple[int, str]:
        """The end of the line around an offset, before its newline, and that newline."""
        match = NEWLINE.search(self.text, offset)
        return (match.start(), match.group()) if match else (len(self.text), "")

    def indentation(self, offset: int) -> str:
        """The text before an offset on its line, which has to be blank."""
        start = max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1
        return self.text[start:offset]

    def newline(self) -> str:
        """The newline that the file uses first."""
        match = NEWLINE.search(self.text)
        return match.group() if match else "\n"

    def edited(self, edits: list[Edit]) -> bytes:
        """The file's bytes after the edits, which do not overlap."""
        text = self.text
        for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return self.bom + text.encode(self.encoding)
