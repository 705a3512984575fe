"""What a run left at a server, as files: ladders, recordings, requests, and one HTML page with all of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from emulator.replay.account import Album, is_refused, tell
from emulator.replay.recording import write_recording
from emulator.reports import Folded, Pre, ReportPart, Section, write_page
from localfax import Fax, Localfax, Request, Sandbox, Webhook
from localfax.ladder import ladders

MOST_SANDBOXES = 100
"""Sandboxes that are told of: a test suite may leave one a test."""
MOST_FAXES = 2000
"""Faxes that are told of one sandbox, and requests and webhooks: the newest. More are not recorded either."""


@dataclass(frozen=True)
class LeftBehind:
    """One sandbox in which something happened."""

    id: str
    name: str
    faxes: Sequence[Fax]
    requests: Sequence[Request]
    recording: str
    """Empty when there is nothing to record, or too much."""
    seed: str
    parts: Sequence[ReportPart]
    trouble: str
    """What did not go well, counted; empty when all did."""
    left_out: str
    """What the report does not tell; empty when it tells all."""


def write_evidence(
    server: Localfax,
    folder: Path,
    title: str,
    facts: Mapping[str, str],
    most: int = MOST_SANDBOXES,
    most_faxes: int = MOST_FAXES,
    say: Callable[[str], object] = lambda text: None,
) -> None:
    """Write `ladders.txt`, `requests.json`, `SANDBOX.yaml` for each sandbox, and `index.html` into a folder.

    No more sandboxes than `most` are told of, and no more faxes of each than `most_faxes`; the page says so
    when there are, and `say` is told at once. `facts` stand at its head. Raises OSError for the folder,
    Refusal or Unreachable for the server.
    """
    album = Album()
    every = (_look(sandbox, album, most_faxes, say) for sandbox in server.sandboxes())
    found = list(islice((each for each in every if each.faxes or each.requests), most + 1))
    cut, found = len(found) > most, found[:most]
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "ladders.txt": "\n\n".join(f"sandbox {each.id}\n\n{ladders(each.faxes)}" for each in found) + "\n",
        "requests.json": json.dumps(
            {each.id: [row.data for row in each.requests] for each in found}, indent=1
        ),
        "index.html": _page(title, facts, found, cut),
        **{f"{each.id}.yaml": each.recording for each in found if each.recording},
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _look(sandbox: Sandbox, album: Album, most: int, say: Callable[[str], object]) -> LeftBehind:
    left_out = _leave_out(sandbox, most)
    if left_out:
        say(f"{sandbox.id}: {left_out}")
    faxes, requests = sandbox.faxes(most=most), sandbox.requests(most=most)
    webhooks = sandbox.webhooks(most=most)
    something = faxes or requests
    return LeftBehind(
        id=sandbox.id,
        name=str(sandbox.data["name"]),
        faxes=faxes,
        requests=requests,
        recording=write_recording(sandbox, sandbox.id) if something and not left_out else "",
        seed=sandbox.seed,
        parts=tell(sandbox, faxes, requests, webhooks, album),
        trouble=_trouble(faxes, requests, webhooks),
        left_out=left_out,
    )


def _leave_out(sandbox: Sandbox, most: int) -> str:
    """Say what is left out of a sandbox in which too much happened to tell it in seconds."""
    count = sandbox.call("GET", "/counts")["total"]
    if count <= most:
        return ""
    told = f"of its {count:,} faxes, requests and webhooks only the newest {most:,} are told"
    return f"{told}, and no recording is made; `localfax record` makes one while the server runs"


def _trouble(faxes: Sequence[Fax], requests: Sequence[Request], webhooks: Sequence[Webhook]) -> str:
    counts = {
        "refused requests": sum(map(is_refused, requests)),
        "failed faxes": sum(fax.state == "failed" for fax in faxes),
        "webhooks that did not arrive": sum(each.state == "failed" for each in webhooks),
    }
    return ", ".join(f"{what}: {count}" for what, count in counts.items() if count)


def _page(title: str, facts: Mapping[str, str], found: Sequence[LeftBehind], cut: bool) -> str:
    only = f"Only {len(found)} of the sandboxes in which something happened are told of here."
    said = only if cut else "" if found else "No fax was made, and no vendor was called."
    return write_page(title, facts, [_section(each) for each in found], said)


def _section(each: LeftBehind) -> Section:
    name = f", {each.name}" if each.name != each.id else ""
    command = f"Recording: localfax replay {each.id}.yaml"
    parts = (*each.parts, Folded(command, [Pre(each.recording)])) if each.recording else each.parts
    about = each.left_out and f"{each.left_out[0].upper()}{each.left_out[1:]}."
    title = f"Sandbox {each.id}{name}"
    return Section(title, not each.trouble, f"seed {each.seed}", parts, each.trouble, about)
