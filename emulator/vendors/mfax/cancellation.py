"""How long a fax can be cancelled before its first call, and what a deleted fax comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from emulator.core.dialect.moment import Moment
from emulator.core.dialect.vendor import wait_briefly
from emulator.core.engine.steps import Change, cancel
from emulator.core.errors import IllegalEvent
from emulator.core.faxes.fax import Fax
from emulator.core.sandbox import Clock
from emulator.vendors.mfax.account import switch
from emulator.vendors.mfax.choices import DEFAULTS, LONGEST_WAIT
from emulator.vendors.mfax.tables import CANCEL_SECONDS, MOST_PROCESSING

SWITCH = "processing_seconds"


def leave_time_to_cancel(clock: Clock) -> Mapping[str, Any]:
    """Make settings with which a person has time to cancel a fax, when the clock of the sandbox runs."""
    if clock.stands or clock.speed is None:
        return {}
    return {"profile": {SWITCH: min(MOST_PROCESSING, CANCEL_SECONDS * clock.speed)}}


def wait_to_be_cancelled(moment: Moment) -> float:
    """The seconds that a fax waits before its first call: those of the switch, if they are any."""
    wanted = switch(moment.settings, SWITCH)
    known = isinstance(wanted, (int, float)) and 0 <= wanted <= LONGEST_WAIT
    return max(wait_briefly(moment), float(wanted if known else DEFAULTS[SWITCH]))


def remove(fax: Fax, at: float) -> Change:
    """Take a fax away: one that has not come to its end is cancelled, on the telephone too."""
    gone = {"hidden": True, "details": {**fax.details, "deletedAt": at}}
    try:
        stopped = cancel(fax, at)
    except IllegalEvent:  # it has ended, or is coming in
        return Change(fax.evolve(version=fax.version + 1, **gone))
    return replace(stopped, fax=stopped.fax.evolve(**gone))
