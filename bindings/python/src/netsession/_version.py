"""The version, which ``make generate`` takes from include/netsession.h."""

VERSION = (0, 2, 0)
