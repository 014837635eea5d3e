"""Ports programs that use QNetworkSession and its family.

Qt 6 removed three classes from QtNetwork; `netsession.qt` provides them. This
package finds their uses in Python by the syntax tree, in C++ and build files by text,
and rewrites the imports of Python programs. `python3 -m netsession port` is its
command line.

    names      the removed classes, the bindings, and the modules that have the classes now
    findings   the findings and edits, as values
    source     the text of a Python file, and edits to it
    uses       finds the uses in a syntax tree
    imports    rewrites the import statements
    removal    removes names from an import statement
    text       finds the uses in C++ and build files
    files      lists, reads and writes files
    command    the command: reports, diffs and writes
"""
