"""Office files turned into PDF by LibreOffice, where that is installed.

Runs in the child process: LibreOffice inherits its bounds of processor time and memory. It is given a profile
of its own that runs no macro and loads nothing that a file only links to.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from emulator.documents.media_types import OFFICE, sniff
from emulator.documents.problem import NO_CONVERTER, Problem, Unreadable

SECONDS = 90.0
"""Wall time of one conversion; the first one of a machine takes long."""
MEMORY = 4 << 30
"""Bytes of address space; of that LibreOffice uses a fraction."""

KINDS = {media_type: kind for kind, media_type in OFFICE.items()}
"""The ending of a name by the media type."""

_COMMANDS = ("soffice", "libreoffice")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


def find_converter() -> str | None:
    """Find LibreOffice on the path; None where it is not installed."""
    return next(filter(None, map(shutil.which, _COMMANDS)), None)


def require_converter(media_type: str) -> None:
    """Raise `Unreadable`, which names the kind of file, where nothing here converts it."""
    if find_converter() is None:
        raise Unreadable(NO_CONVERTER[KINDS[media_type]])


def to_pdf(content: bytes) -> bytes:
    """Have LibreOffice print the file. Raises `Unreadable`."""
    command = find_converter()
    kind = KINDS[sniff(content)]
    if command is None:
        raise Unreadable(NO_CONVERTER[kind])
    with tempfile.TemporaryDirectory(prefix="localfax-") as room:
        profile, source = Path(room, "profile"), Path(room, f"document.{kind}")
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS)
        source.write_bytes(content)
        _print(command, profile, source)
        made = source.with_suffix(".pdf")
        if not made.is_file():
            raise Unreadable(Problem.broken)
        return made.read_bytes()


def _print(command: str, profile: Path, source: Path) -> None:
    """Run LibreOffice; what it has begun ends with it."""
    options = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo")
    with subprocess.Popen(
        (command, f"-env:UserInstallation={profile.as_uri()}", *options, "--convert-to", "pdf", source.name),
        cwd=source.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"HOME": str(source.parent), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"},
        start_new_session=True,
    ) as printing:
        try:
            printing.wait(SECONDS - 5)
        except subprocess.TimeoutExpired as error:
            raise Unreadable(Problem.too_slow) from error
        finally:
            with suppress(ProcessLookupError):
                os.killpg(printing.pid, signal.SIGKILL)
