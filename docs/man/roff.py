"""Manual pages in the man(7) macros, which groff and mandoc both know."""

import re

BOLD = re.compile(r"(?<![\w$/.])(netsession_\w+)(?:\(\))?|\b(NETSESSION_[A-Z0-9_]*[A-Z0-9])\b")
WIDTH = 75


def escape(text):
    """Text escaped for roff."""
    text = text.replace("\\", "\\e")
    text = re.sub(r"(?<![\w)])-", r"\\-", text)
    return re.sub(r"^([.'])", r"\\&\1", text)


def code(text):
    """The same for code, which users may copy from the page."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    text = text.replace("`", "\\(ga").replace("^", "\\(ha").replace("~", "\\(ti")
    return re.sub(r"^([.])", r"\\&\1", text)


def bold(text):
    return f"\\fB{text}\\fP"


def whole(text):
    """Keeps names and assignments from being hyphenated."""
    return re.sub(r"(?<!\S)(\S*\w[=_:]\w)", r"\\%\1", text)


def prose(text):
    """A paragraph, with functions and constants in bold, *terms* in italics."""
    text = whole(escape(" ".join(text.split())))
    text = BOLD.sub(lambda m: bold(m[1]) + "(3)" if m[1] else bold(m[2]), text)
    text = re.sub(r"(?<!\w)\*(\w+)\*", r"\\fI\1\\fP", text)
    # One sentence a line, as roff likes it, and no longer than a line may be.
    return "\n".join(wrap(sentence) for sentence in re.split(r"(?<=[.:;]) (?=[A-Z\\])", text))


def wrap(sentence):
    lines, line = [], ""
    for word in sentence.split(" "):
        if line and len(line) + 1 + len(word) > WIDTH and word[0] not in ".'":
            lines.append(line)
            line = word
        else:
            line += " " * bool(line) + word
    return "\n".join([*lines, line])


class Page:
    """A page under construction."""

    def __init__(self, name, section, title, date, version):
        self.name, self.section = name, section
        # man finds this page by each of these names.
        self.aliases = []
        self.head = [f".TH {name.upper()} {section} {date} \"libnetsession {version}\"", ".nh", ".ad l", ".SH NAME"]
        self.title = title
        self.lines = []

    def add(self, *lines):
        self.lines += lines

    def heading(self, text):
        self.add(f".SH {text}")

    def subheading(self, text):
        self.add(f".SS {whole(escape(text))}")

    def paragraph(self, text):
        self.add(".PP", prose(text))

    def rows(self, rows, width=None):
        """A list of terms with their meanings."""
        for term, text in rows:
            self.add(f".TP {width}" if width else ".TP", bold(code(term)), prose(text))

    def verbatim(self, lines):
        self.add(".PP", ".in +4n", ".EX", *map(code, lines), ".EE", ".in")

    def __str__(self):
        # A macro that begins a paragraph itself would make this one empty.
        body = re.sub(r"(?m)^(\.S[HS] .*|\.PP)(\n\.PP)+$", r"\1", "\n".join(self.lines))
        body = re.sub(r"(?m)^\.PP\n(?=\.(TP|SS|SH))", "", body)
        names = ",\n".join(map(code, [self.name, *self.aliases]))
        return "\n".join([*self.head, f"{names}\n\\- {escape(self.title)}", body, ""])
