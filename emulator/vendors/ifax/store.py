"""Faxes as an account's store holds them: found by id and direction, with or without their file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from emulator import documents
from emulator.core.engine.steps import Change
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.vendors.dialect import Call, concerns
from emulator.vendors.ifax.answers import Failure
from emulator.vendors.ifax.profile import is_live

SENT = ("ifax/sent", "ifax/all", "ifax/all/OB")
ARCHIVE = "ifax/archive"


def received_by(number: str) -> str:
    """Name the list of the faxes that a number received."""
    return f"ifax/received/{number}"


FOLDERS: dict[Direction, Callable[[Fax], tuple[str, ...]]] = {
    Direction.outbound: lambda fax: SENT,
    Direction.inbound: lambda fax: ("ifax/received", received_by(fax.to), "ifax/all", "ifax/all/IB"),
}
"""The lists that show a fax; the report's, ifax/all, hold archived ones too."""


def find(here: Call, name: str, direction: Direction | None = None) -> Fax | None:
    """Give a fax by one of its ids, None for one unknown, deleted, of the other direction or not here yet."""
    fax = here.world.find("ifax", name)
    if fax is None or direction not in (None, fax.direction) or _not_here(fax):
        return None
    concerns(fax.id)
    return fax


def _not_here(fax: Fax) -> bool:
    """Tell a call that is still coming in or has failed: nobody knows its ids."""
    return fax.direction is Direction.inbound and fax.state is not State.arrived


def outbound(here: Call, job: str) -> Fax:
    """Give a sent fax by its jobId; raise Failure 12021 when there is none."""
    fax = find(here, job, Direction.outbound)
    if fax is None:
        raise Failure(12021)
    return fax


def inbound(here: Call, job: str, transaction: str) -> Fax:
    """Give a received fax by both its ids; raise Failure 12021, live 120033, when there is none."""
    fax = find(here, job, Direction.inbound)
    if fax is None or str(fax.details["transactionId"]) != transaction:
        raise Failure(120033 if is_live() else 12021)
    return fax


def of_side(here: Call, side: str, fax_id: str) -> Fax:
    """Give a fax by its faxId and faxType; raise Failure 12130 when there is none."""
    fax = find(here, f"{side}/{fax_id}")
    if fax is None:
        raise Failure(12130)
    return fax


def has_file(here: Call, fax: Fax) -> bool:
    """Tell whether the fax's file is stored: not put away, not gone with the end (`file_storage`)."""
    stored = not fax.final or here.settings.profile.get("file_storage", True) is not False
    digest = fax.document if stored and not fax.details.get("filed") else None
    return digest is not None and here.world.store.blob(digest) is not None


def pdf_of(here: Call, fax: Fax, missing: int) -> bytes:
    """Give the fax's PDF; raise Failure `missing` when its file is gone or cannot be read."""
    content = here.world.store.blob(fax.document) if has_file(here, fax) and fax.document else None
    if content is None:
        raise Failure(missing)
    try:
        return documents.to_pdf(content)
    except documents.Unreadable:
        raise Failure(missing) from None


def rewrite(here: Call, fax: Fax, make: Callable[[Fax], Mapping[str, Any]]) -> Fax:
    """Change fields of a fax by what it holds at that moment."""

    def changed(fax: Fax, at: float) -> Change:
        return Change(fax.evolve(version=fax.version + 1, **make(fax)))

    return here.world.change(fax.id, changed)
