"""The exit statuses."""

OK = 0
FAILED = 1
USAGE = 2
UNKNOWN = 3
UNUSABLE = 4
HOLD_FAILED = 125
NOT_EXECUTABLE = 126
NOT_FOUND = 127

EPILOG = """\
exit status:
  0    it is done; the network is online; Ctrl-C ended monitor or open
  1    the network did not do it, or not in time; the session was lost
  2    the command line is wrong
  3    no configuration has that identifier
  4    the library or the backend cannot be used
  130  Ctrl-C, before it was done
  141  nobody reads the output any more
  143  SIGTERM ended it; 129: SIGHUP did
  hold passes on the status of COMMAND, 128 + n if signal n ended it; 125 means
  that there was no session for it, 126 that it cannot be run, 127 that it does
  not exist
"""
