"""Makes the page of the command line from the output of its --help."""

import argparse
import re

from netsession.cli import COMMANDS, make_parser, module
from netsession.cli._exit import EPILOG
from roff import Page, bold, code, escape, wrap

ENVIRONMENT = (
    ("NETSESSION_LIBRARY", "The path of libnetsession.so, in place of the usual search."),
    ("NETSESSION_OPTIONS", "Options that the command line does not have, such as \"backend=rtnetlink\"."),
)


def usage(parser):
    """The synopsis of a command, with placeholders in italics."""
    text = " ".join(parser.format_usage().removeprefix("usage: ").split())
    text = re.sub(r"\b[A-Z]{2,}\b", r"\\fI\g<0>\\fP", code(text))
    return re.sub(r"^netsession(?: [a-z-]+(?: *\\-[a-z]+)?)?", lambda m: bold(m[0]), text)


def subparsers(parser):
    action = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return action.choices


def term(action):
    """An argument as the user types it."""
    if not action.option_strings:
        return f"\\fI{code(action.metavar)}\\fP"
    value = f" \\fI{action.metavar}\\fP" if action.metavar else ""
    return ", ".join(bold(code(option)) + value for option in action.option_strings)


def shared(command):
    """The arguments that most commands share: the page explains them once."""
    return [a for g in command._action_groups if g.title == "which network" for a in g._group_actions]


def add_arguments(page, actions):
    for action in actions:
        page.add(".TP", term(action), wrap(escape(action.help)))


def add_command(page, name, parser):
    page.subheading(name)
    page.add(wrap(usage(parser)))
    for paragraph in re.split(r"\n\n", parser.description.strip()):
        page.paragraph(paragraph)
    common = shared(parser)
    add_arguments(page, [a for a in parser._actions if a not in common and a.dest != "help"])
    own = getattr(module(COMMANDS[name]), "EPILOG", EPILOG)
    if own != EPILOG:
        page.paragraph("Its exit status:")
        page.rows(statuses(own)[0], "5n")


def statuses(epilog):
    """The rows of a list of exit statuses, and the text below them."""
    lines = epilog.splitlines()[1:]
    rows = [re.match(r"  (\d+) +(.*)", line) for line in lines]
    below = " ".join(line.strip() for line, row in zip(lines, rows, strict=True) if not row)
    return [row.groups() for row in rows if row], below


def examples(readme):
    """The examples in the package's README."""
    listing = re.search(r"^## On the command line\n+```\n(.*?)^```", readme, re.M | re.S)[1]
    return listing.splitlines()


def page(readme, date, version):
    parser = make_parser()
    commands = subparsers(parser)
    made = Page("netsession", 1, "list networks, open sessions, watch changes", date, version)
    made.heading("SYNOPSIS")
    made.add(".B netsession", "\\fICOMMAND\\fP [\\fIARGUMENT\\fP ...]")
    made.heading("DESCRIPTION")
    made.paragraph("Lists the networks of this machine, opens sessions on them, and prints their changes. It comes with the Python package netsession, and needs libnetsession.")
    made.heading("COMMANDS")
    for name in COMMANDS:
        add_command(made, name, commands[name])
    made.heading("OPTIONS")
    made.paragraph("Commands that deal with networks have these, which say which network is meant:")
    add_arguments(made, shared(commands["list"]))
    made.paragraph("Every command has these:")
    made.add(".TP", bold("\\-h") + ", " + bold("\\-\\-help"), "show how the command is called")
    made.add(".TP", bold("\\-\\-version"), "show the version; without a command only")
    made.heading('"EXIT STATUS"')
    rows, below = statuses(EPILOG)
    made.rows(rows, "5n")
    made.paragraph(below + ".")
    made.heading("ENVIRONMENT")
    made.rows(ENVIRONMENT)
    made.heading("EXAMPLES")
    made.verbatim(examples(readme))
    made.heading('"SEE ALSO"')
    made.add(".BR libnetsession (3)", ".PP", "https://github.com/netsession/netsession")
    return made
