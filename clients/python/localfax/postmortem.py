"""What a failed test shows of its fax cloud, and the line that repeats it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from localfax.connection import Refusal, Unreachable

if TYPE_CHECKING:
    import pytest

    from localfax.faxcloud import FaxCloud

_MOST_LOST = 20
_WAITING = (
    "(that plays the vendor's side, without your application; to let it send: localfax serve, then "
    "localfax replay FILE --wait --url URL --sandbox default)"
)
_FOLDER = ".localfax"
"""Folder of recordings below pytest's root when its cache is off."""


def explain_failure(cloud: FaxCloud, item: pytest.Item) -> str:
    """Show the timeline of all faxes, the refused requests, and how to repeat them; never raises."""
    try:
        parts = [cloud.timeline or "no faxes", *_list_refused(cloud), *_list_lost(cloud), *list_idle(cloud)]
        if cloud.faxes or cloud.requests:
            parts += _record(cloud, item)
    except (Refusal, Unreachable, OSError) as wrong:
        return f"nothing can be shown: {wrong}"
    return "\n\n".join(parts)


def _list_refused(cloud: FaxCloud) -> list[str]:
    calls = (each for each in cloud.requests if each.status >= 400 or (each.near_misses and not each.fax))
    refused = [repr(each) for each in calls]
    return ["refused vendor calls:\n  " + "\n  ".join(refused)] if refused else []


def _list_lost(cloud: FaxCloud) -> list[str]:
    """Show the requests of this time that opened no sandbox: a wrong key, or a path that nobody answers."""
    since = cloud.sandbox.data["created_at"]
    every = cloud.server.sandbox().requests(most=_MOST_LOST)
    lost = [repr(each) for each in every if each.data["sandbox"] is None and each.data["real_at"] >= since]
    return ["requests that opened no sandbox:\n  " + "\n  ".join(lost)] if lost else []


def list_idle(cloud: FaxCloud) -> list[str]:
    """Name each rule of the test that says nothing, or that matched nothing."""
    if not cloud.scripts:
        return []
    used = {fax.scenario for fax in cloud.faxes}
    used |= {each.data["matched"]["scenario"] for each in cloud.requests}
    idle = []
    for script in cloud.scripts:
        if script.says_nothing:
            idle.append(f"{script!r} says no outcome: end it with one, like .busy() or .delivered()")
        elif script.name not in used:
            idle.append(f"{script!r} matched no fax")
    return idle


def _record(cloud: FaxCloud, item: pytest.Item) -> list[str]:
    """Write the recording of a test and say how it is played; nothing where the server is not installed."""
    try:
        from emulator.replay.recording import write_recording
    except ImportError:
        return []
    cache = getattr(item.config, "cache", None)
    place = cache.mkdir("localfax") if cache is not None else item.config.rootpath / _FOLDER
    place.mkdir(exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", item.nodeid).strip("-.")[-100:]
    path: Path = place / f"{name}.yaml"
    path.write_text(write_recording(cloud.sandbox, name), encoding="utf-8")
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return [f"repeat it with:  localfax replay {shown}\n{_WAITING}"]
