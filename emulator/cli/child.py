"""A command that runs beside us: it hears of the signals that we are sent, and its code becomes ours."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import click

NOT_RUNNABLE, NOT_FOUND, KILLED = 126, 127, 128
"""What shells say of a command that cannot be run, is not there, was ended by a signal (plus its number)."""

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_PASSED = [signal.Signals[name] for name in _NAMES if name in signal.Signals.__members__]
_ONE = 1.0
"""Real seconds within which the same signal counts once: `timeout` sends it to us and to our group."""


def run_child(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a command to its end, pass on what signals come meanwhile, and give its code as shells do.

    The first SIGINT, SIGTERM or SIGHUP reaches the command. The same once more ends it, whatever it does.
    """
    wanted = _Passing()
    # What nohup ignores the command is to ignore too.
    heard = [number for number in _PASSED if signal.getsignal(number) is not signal.SIG_IGN]
    with handling(dict.fromkeys(heard, wanted.hear)):
        try:
            child = subprocess.Popen(command, env=dict(environ))
        except FileNotFoundError:
            return _refuse(NOT_FOUND, f"no such command: {command[0]}")
        except OSError as wrong:
            return _refuse(NOT_RUNNABLE, f"{command[0]}: {wrong.strerror}")
        wanted.begin(child)
        code = child.wait()
    return code if code >= 0 else KILLED - code


def _refuse(code: int, why: str) -> int:
    click.echo(f"{click.get_current_context().command_path}: {why}", err=True)
    return code


class _Passing:
    """Passes signals on, also those that come while the command is being started."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []
        self._first: dict[int, float] = {}

    def begin(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child
        for number in self._early:
            child.send_signal(number)

    def hear(self, number: int, frame: object) -> None:
        if number == signal.SIGINT and _is_told_by_terminal():
            return
        now = time.monotonic()
        again = now - self._first.setdefault(number, now)
        if 0 < again < _ONE:
            return
        sent = signal.SIGKILL if again else number
        if self._child is None:
            self._early.append(sent)
        else:
            self._child.send_signal(sent)


def _is_told_by_terminal() -> bool:
    """Tell whether Ctrl-C reaches the command by itself: a terminal sends it to the group in front."""
    if not hasattr(os, "tcgetpgrp"):
        return True  # a Windows console tells everybody
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)


def wait_for_end(said: str, *, err: bool = True) -> int:
    """Say what there is to say, wait for Ctrl-C or SIGTERM, and give the code of a good end."""
    told = threading.Event()
    with handling(dict.fromkeys((signal.SIGTERM, signal.SIGINT), lambda *_: told.set())):
        click.echo(said, err=err)
        told.wait()
    return 0


@contextmanager
def handling(handlers: Mapping[signal.Signals, Callable[..., object]]) -> Iterator[None]:
    """Have these functions called for signals, within the block."""
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
