"""Makes the pages of the C interface from its header.

This relies on how the header is written: comments come before what they are about, and
an empty line ends that; a comment with a line of hyphens begins a section.
"""

import re
from dataclasses import dataclass

from roff import Page, bold, code

BANNER = re.compile(r"^-{10,} (\w+)$")
ROW = re.compile(r"^ {2,}(\S+(?: \S+)*?) {2,}(\S.*)$")
FUNCTION = re.compile(r"\b(netsession_\w+)\(")

NOTICE = "This is the whole public interface of libnetsession, and its manual."
PAGES = ("libnetsession", "netsession_manager", "netsession_configuration", "netsession")
SECTIONS = {
    "version": "libnetsession",
    "types": "libnetsession",
    "manager": "netsession_manager",
    "configuration": "netsession_configuration",
    "session": "netsession",
}
# The pages that explain the constants, by prefixes of their names.
CONSTANTS = {
    "NETSESSION_STATE_": "netsession",
    "NETSESSION_ERROR_": "netsession",
    "NETSESSION_POLICY_": "netsession",
    "NETSESSION_CONFIGURATION_": "netsession_configuration",
    "NETSESSION_PURPOSE_": "netsession_configuration",
    "NETSESSION_BEARER_": "netsession_configuration",
}

ENVIRONMENT = (
    ("NETSESSION_OPTIONS", "Options for programs whose source does not set them, such as \"backend=rtnetlink\": see netsession_manager_new."),
    ("DBUS_SYSTEM_BUS_ADDRESS", "The address of the system bus, the bus of NetworkManager and ConnMan."),
    ("XDG_RUNTIME_DIR", "Contains the folder with which the processes of a user count their sessions together."),
)
FILES = (
    ("/run/netsession/UID", "The folder that the processes of that user share, if the administrator has made it."),
    ("$XDG_RUNTIME_DIR/netsession", "The shared folder otherwise, else /run/user/UID/netsession."),
)


@dataclass
class Block:
    """A comment and the declarations that it describes."""

    section: str
    comment: list
    code: list

    def functions(self):
        text = without_bodies(re.sub(r"/\*.*?\*/", "", "\n".join(self.code), flags=re.S))
        return [] if self.type() or text.startswith("#") else FUNCTION.findall(text)

    def type(self):
        match = re.search(r"typedef (?:struct|enum) (\w+) \{", "\n".join(self.code))
        return match[1] if match else None

    def names(self):
        return [self.type()] if self.type() else self.functions()

    def page(self):
        if self.code and self.code[0].startswith("typedef enum"):
            pages = (page for prefix, page in CONSTANTS.items() if prefix in "".join(self.code))
            return next(pages, "netsession_manager")
        return SECTIONS[self.section]


def without_bodies(text):
    """Code without the bodies of inline functions."""
    return re.sub(r"\n\{.*?\n\}", ";", text, flags=re.S)


def plain(comment):
    """The lines of a comment without its comment marks."""
    lines = [re.sub(r"^\s*(?:/\*| \*/?|\*)", "", line) for line in comment]
    return [re.sub(r"\s*\*/\s*$", "", line).removeprefix(" ") for line in lines]


def read(text):
    """The opening comment of a header, and its blocks."""
    body = text[: text.rindex("#ifdef __cplusplus")]
    opening, body = body.split("*/", 1)
    section, blocks = None, []
    for comment, following in split(body):
        lines = plain(comment.splitlines())
        if banner := BANNER.match(lines[0].strip()):
            section = banner[1]
        elif section:
            blocks.append(Block(section, lines, following.splitlines()))
    return plain(opening.splitlines()), blocks


def split(text):
    """Pairs of a comment at the margin and the code behind it."""
    lines, pairs, depth = text.splitlines(), [], 0
    comment, following = [], None
    for line in lines:
        if line.startswith("/*"):
            comment, following = [line], []
        elif comment and not comment[-1].rstrip().endswith("*/"):
            comment.append(line)
        elif following is not None:
            depth += line.count("{") - line.count("}")
            if line or depth:
                following.append(line)
        if following is not None and comment[-1].rstrip().endswith("*/") and not line and not depth:
            pairs.append(("\n".join(comment), "\n".join(following)))
            comment, following = [], None
    return pairs


def points(lines):
    """The introduction of the opening comment, and its points as pairs of title and lines."""
    start = next(i for i, line in enumerate(lines) if line.startswith("A few points"))
    found = []
    for line in lines[start + 1 :]:
        if line.startswith("The library"):
            found.append(("Side effects", [line]))
        elif match := re.match(r"^([A-Z][a-z]+)(\.)? (.*)$", line):
            found.append((match[1], [match[3] if match[2] else line]))
        elif not line and found:
            found[-1][1].append("")
        elif found:
            found[-1][1].append(line.removeprefix("  "))
    return lines[lines.index(NOTICE) + 1 : start], found


def types(header):
    """The types of handles, and their descriptions."""
    return re.findall(r"^/\* (.+?)\. \*/\ntypedef struct \w+ (\w+);", header, re.M)


def text(page, lines):
    """Adds the text of a comment: paragraphs, tables and code."""
    paragraph, rows, listing, depth = [], [], [], 0

    def end():
        if paragraph:
            for part in re.split(r" (?=Errors[:,] |Returns )", " ".join(paragraph)):
                page.paragraph(part)
        page.rows(rows)
        if listing:
            page.verbatim(listing)
        for part in (paragraph, rows, listing):
            part.clear()

    for line in [*lines, ""]:
        indent = len(line) - len(line.lstrip())
        if listing and (indent >= 4 or not line):
            listing.append(line[4:])
        elif match := ROW.match(line):
            if not rows:
                end()
            rows.append(match.groups())
            depth = indent
        elif rows and indent > depth:
            rows[-1] = (rows[-1][0], rows[-1][1] + " " + line.strip())
        elif not line:
            end()
        elif indent >= 4 and not rows:
            end()
            listing.append(line[4:])
        else:
            if rows or listing:
                end()
            paragraph.append(line.strip())
    while listing and not listing[-1]:
        listing.pop()
    end()


def prototype(declaration):
    """A declaration of a function as a synopsis shows it."""
    marks = r"\b(NETSESSION_API|NETSESSION_MUST_CHECK|static inline)\b"
    line = " ".join(re.sub(marks, "", declaration).split()).replace("( ", "(").replace("* ", "*").replace(" ;", ";")
    if len(line) <= 72:
        return [line]
    head, arguments = line.split("(", 1)
    lines, current = [], head + "("
    for argument in arguments.split(", "):
        piece = argument if argument.endswith(";") else argument + ", "
        if len(current) + len(piece) > 72:
            lines.append(current.rstrip())
            current = "    "
        current += piece
    return [*lines, current]


def declarations(block):
    text = without_bodies("\n".join(block.code))
    return [prototype(one) for one in re.findall(r"(?:NETSESSION_API|static inline)[^;]*;", text)]


def synopsis(page, blocks):
    page.heading("SYNOPSIS")
    page.add(".nf", bold("#include <netsession.h>"))
    for block in blocks:
        if block.functions():
            page.add(".PP")
            for lines in declarations(block):
                page.add(*(bold(code(line)) for line in lines))
    page.add(".PP", code("cc program.c $(pkg-config --cflags --libs netsession)"), ".fi")


def explain(page, block):
    """Adds the description of a block's declarations."""
    names = block.functions()
    if not block.code:
        text(page, block.comment)
        return
    if names:
        page.subheading(", ".join(name + "()" for name in names))
        page.add(".nf", *(bold(code(line)) for lines in declarations(block) for line in lines), ".fi")
        text(page, block.comment)
        return
    page.subheading(block.type() or constants("\n".join(block.code)))
    text(page, block.comment)
    page.verbatim([line for line in block.code if "NETSESSION_FORCE_INT" not in line])


def constants(code):
    """The last of the macros in a piece of code."""
    return re.findall(r"^#define (\w+)", code, re.M)[-1]


def see_also(page, others):
    page.heading('"SEE ALSO"')
    *first, last = [f".BR \\%{code(name)} ({section})" for name, section in others]
    page.add(*(name + "," for name in first), last)
    page.add(".PP", "https://github.com/netsession/netsession")


def overview(page, opening, blocks, handles):
    """Adds the contents of the page about the whole library."""
    introduction, found = points(opening)
    page.heading("DESCRIPTION")
    text(page, introduction)
    for title, lines in found:
        page.subheading(title)
        text(page, lines)
    page.subheading("Types")
    page.rows((name, meaning) for meaning, name in handles)
    for block in blocks:
        if not block.code or not block.code[0].startswith("typedef"):
            explain(page, block)
    for heading, rows in (("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)):
        page.heading(heading)
        page.rows(rows)


def pages(header, date, version):
    """All pages of the C interface."""
    opening, blocks = read(header)
    handles = types(header)
    titles = {name: meaning[0].lower() + meaning[1:] for meaning, name in handles}
    titles["libnetsession"] = opening[opening.index(NOTICE) - 2].split(" - ")[1]
    made = []
    for name in PAGES:
        mine = [block for block in blocks if block.page() == name]
        page = Page(name, 3, titles[name], date, version)
        page.aliases = [alias for block in mine for alias in block.names()]
        synopsis(page, mine)
        if name == "libnetsession":
            overview(page, opening, mine, handles)
        else:
            page.heading("DESCRIPTION")
            page.paragraph("libnetsession(3) has the rules for all functions: handles, results, strings, threads.")
            for block in mine:
                explain(page, block)
        others = [(other, 3) for other in PAGES if other != name]
        see_also(page, [*others, ("netsession", 1)])
        made.append(page)
    return made
