"""Ports programs that use QNetworkSession and its family.

Qt 6 took three classes out of QtNetwork; `netsession.qt` has them again. This
package finds their uses in Python, and by text in C++ and in build files, and
rewrites the imports of Python programs. `python3 -m netsession port` is its
command line.

    names      the classes, the bindings, and where the classes come from now
    findings   what is reported
    source     the text of a Python file, and exact edits to it
    uses       finds the uses in a syntax tree
    imports    what becomes of the import statements
    text       finds the uses in C++ and build files
    files      which files there are under a path
    command    reports, shows and writes
"""
