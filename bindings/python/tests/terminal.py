"""A terminal for tests: tmux returns the text of its screen."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from shared import WAIT, eventually


class Terminal:
    """A new terminal with a shell that has additional environment variables."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self._socket = str(folder / "tmux")
        environment = {k: v for k, v in os.environ.items() if k not in ("TMUX", "NO_COLOR")}
        environment.update(PS1="$ ", TERM="screen", LC_ALL="C.UTF-8", **variables)
        command = ["tmux", "-S", self._socket, "-f", "/dev/null", "new-session", "-d"]
        size = ["-x", "120", "-y", "30"]
        subprocess.run([*command, *size, "sh"], env=environment, check=True)

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-S", self._socket, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)
        self._tmux("send-keys", "Enter")

    def press(self, key: str) -> None:
        self._tmux("send-keys", key)

    def screen(self, escapes: bool = False) -> str:
        return self._tmux("capture-pane", "-p", *(["-e"] if escapes else []))

    def shows(self, text: str, wait: float = WAIT) -> bool:
        return eventually(lambda: text in self.screen(), wait)

    def end(self) -> None:
        self._tmux("kill-server")
