"""``python3 -m netsession``, and the program ``netsession``."""

from __future__ import annotations

import sys


def main() -> int:
    """Runs the command line; Ctrl-C ends it without a traceback.

    The imports of the commands are here for that; see _start for those of the package.
    """
    try:
        from .cli import run

        return run(sys.argv[1:])
    except KeyboardInterrupt as why:
        return getattr(why, "status", 130)


if __name__ == "__main__":
    sys.exit(main())
