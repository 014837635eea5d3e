"""Runs the commands of test suites, and kills one that makes no progress.

Progress does not depend on the clock: on a machine that is busy with other work, a
suite takes as long as it takes. A command makes progress as long as it prints lines,
or its processes use the processor, or one of them would use it if it were free (state
R), or waits for a disk (state D). Without a line, even the processor is limited: a
command that spins ends, too.
"""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

INTERVAL = 5  # seconds from one look at a command's processes to the next
STALL = 300  # seconds without progress, after which a command is killed
IDLE = 0.01  # the share of a core below which processes only wait for something
TICKS = os.sysconf("SC_CLK_TCK")


def processes():
    """All processes: for each number its parent, its state, and its ticks of processor
    time, with those of its children that have ended."""
    found = {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdecimal():
            continue
        try:
            fields = Path(entry.path, "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        found[int(entry.name)] = int(fields[1]), fields[0], sum(map(int, fields[11:15]))
    return found


def look(root):
    """Whether a process or a descendant wants to run, and the processor time of all."""
    found = processes()
    children = {}
    for pid, (parent, _, _) in found.items():
        children.setdefault(parent, []).append(pid)
    wanting, ticks, todo = False, 0, [root]
    while todo:
        pid = todo.pop()
        todo += children.get(pid, ())
        if pid in found:
            wanting = wanting or found[pid][1] in "RD"
            ticks += found[pid][2]
    return wanting, ticks / TICKS


def has_ended(process):
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


class Watch:
    """Judges the looks at one command: whether it has come to a halt."""

    def __init__(self, limit, stall=STALL, interval=INTERVAL):
        self.limit = limit  # seconds of processor time without a line
        self.stall, self.interval = stall, interval
        self.lines = -1  # that were printed at the last look
        self.cpu = 0.0  # of the last look
        self.cpu_at_line = 0.0  # when the last line was seen
        self.idle = 0  # seconds

    def judge(self, lines, wanting, cpu):
        """Takes notice of a look; returns why the command is to be killed, or ""."""
        worked = abs(cpu - self.cpu) > IDLE * self.interval
        if lines != self.lines:
            self.lines, self.cpu_at_line, self.idle = lines, cpu, 0
        elif wanting or worked:
            self.idle = 0
        else:
            self.idle += self.interval
        self.cpu = cpu
        if self.idle >= self.stall:
            return f"killed: it printed nothing and used no processor time for {self.idle} s"
        if cpu - self.cpu_at_line > self.limit:
            return f"killed: it printed nothing during {self.limit} s of processor time"
        return ""


class Supervisor:
    """The commands that run now, all of which an interrupt ends."""

    def __init__(self):
        self.lock = threading.Lock()  # guards what follows
        self.running = set()
        self.over = False  # interrupted: nothing starts any more

    def start(self, command, folder):
        with self.lock:
            if self.over:
                raise KeyboardInterrupt
            process = subprocess.Popen(
                [str(part) for part in command], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
            )
            self.running.add(process.pid)
            return process

    def interrupt(self):
        with self.lock:
            self.over = True
            for pid in self.running:
                os.killpg(pid, signal.SIGKILL)

    def wait(self, process):
        """Reaps a process; returns its status and the processor time that it used."""
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        with self.lock:
            self.running.discard(process.pid)  # its number may now become another's
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, usage.ru_utime + usage.ru_stime

    def carry_out(self, command, folder, watch):
        """Runs a command to its end. Returns its status, what it printed, its processor
        time in seconds, and why it was killed, or ""."""
        process = self.start(command, folder)
        lines = []

        def read():
            with process.stdout:
                lines.extend(process.stdout)

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        why, next_look = "", time.monotonic() + watch.interval
        while not why and (reader.is_alive() or not has_ended(process)):
            reader.join(watch.interval)
            if not reader.is_alive():
                time.sleep(0.01)  # it may have closed its output before its end
            if time.monotonic() >= next_look:
                why = watch.judge(len(lines), *look(process.pid))
                next_look = time.monotonic() + watch.interval
        if why:
            os.killpg(process.pid, signal.SIGKILL)
        status, cpu = self.wait(process)
        reader.join(watch.interval)  # a process that left the session may keep the pipe open
        return status, "".join(lines), cpu, why
