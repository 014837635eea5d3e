"""Runs the commands of test suites, and kills commands that make no progress.

There is no limit on the elapsed time, because a suite takes longer on a busy machine. A
command makes progress while it prints lines, its processes use the processor, or one of
them is runnable (state R) or waits for a disk (state D). The processor time without a
line is limited, so that a command in an endless loop is killed, too.
"""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

INTERVAL = 5  # seconds between two samples of a command's processes
STALL = 300  # seconds without progress, after which a command is killed
IDLE = 0.01  # the share of a core below which processes count as idle
TICKS = os.sysconf("SC_CLK_TCK")


def processes():
    """All processes: for each pid its parent, its state, and its ticks of processor time,
    including its children that have ended."""
    found = {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdecimal():
            continue
        try:
            fields = Path(entry.path, "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # the process has ended
        found[int(entry.name)] = int(fields[1]), fields[0], sum(map(int, fields[11:15]))
    return found


def sample(root):
    """Whether a process or a descendant is in state R or D, and the processor time of all."""
    found = processes()
    children = {}
    for pid, (parent, _, _) in found.items():
        children.setdefault(parent, []).append(pid)
    runnable, ticks, todo = False, 0, [root]
    while todo:
        pid = todo.pop()
        todo += children.get(pid, ())
        if pid in found:
            runnable = runnable or found[pid][1] in "RD"
            ticks += found[pid][2]
    return runnable, ticks / TICKS


def has_ended(process):
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


class Watch:
    """Decides from the samples of one command whether it makes progress."""

    def __init__(self, limit, stall=STALL, interval=INTERVAL):
        self.limit = limit  # seconds of processor time without a line
        self.stall, self.interval = stall, interval
        self.lines = -1  # the number of lines at the last sample
        self.cpu = 0.0  # the processor time at the last sample
        self.cpu_at_line = 0.0  # the processor time when the last line was seen
        self.idle = 0  # seconds without progress

    def update(self, lines, runnable, cpu):
        """Adds a sample; returns the reason to kill the command, or ""."""
        worked = abs(cpu - self.cpu) > IDLE * self.interval
        if lines != self.lines:
            self.lines, self.cpu_at_line, self.idle = lines, cpu, 0
        elif runnable or worked:
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
    """The running commands; interrupt kills them all."""

    def __init__(self):
        self.lock = threading.Lock()  # guards running and over
        self.running = set()
        self.over = False  # interrupted: no command starts any more

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
        """Reaps a process; returns its status and its processor time."""
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        with self.lock:
            self.running.discard(process.pid)  # its pid may be reused after wait4
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, usage.ru_utime + usage.ru_stime

    def run(self, command, folder, watch):
        """Runs a command to its end. Returns its status, its output, its processor time in
        seconds, and the reason why it was killed, or ""."""
        process = self.start(command, folder)
        lines = []

        def read():
            with process.stdout:
                lines.extend(process.stdout)

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        why, next_sample = "", time.monotonic() + watch.interval
        while not why and (reader.is_alive() or not has_ended(process)):
            reader.join(watch.interval)
            if not reader.is_alive():
                time.sleep(0.01)  # the command has closed its output, but may still run
            if time.monotonic() >= next_sample:
                why = watch.update(len(lines), *sample(process.pid))
                next_sample = time.monotonic() + watch.interval
        if why:
            os.killpg(process.pid, signal.SIGKILL)
        status, cpu = self.wait(process)
        reader.join(watch.interval)  # a process that has left the session may keep the pipe open
        return status, "".join(lines), cpu, why
