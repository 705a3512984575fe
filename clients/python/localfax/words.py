"""The words of assertions: one that nothing can have is a typing mistake, and never passes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any

from localfax.things import Entry, Fax, Request, Webhook

Words = Mapping[str, Collection[str]]

STATES = (
    *("scheduled", "received", "rendering", "credit_check", "waiting_line", "queued", "dialing"),
    *("transmitting", "reporting", "waiting_redial", "credit_hold", "retry_eligible"),
    *("delivered", "failed", "cancelled", "ringing", "receiving", "arrived"),
)
OUTCOMES = (
    *("delivered", "busy", "no_answer", "not_fax", "bad_number", "circuits_busy", "hangup", "line_error"),
    *("stuck", "conversion_failed", "no_credit", "fetch_failed", "cancelled"),
)
DELIVERY_STATES = ("pending", "sending", "delivered", "failed", "dropped")

KINDS: Mapping[str, tuple[type[Any], Words]] = {
    "faxes": (
        Fax,
        {
            "state": STATES,
            "outcome": OUTCOMES,
            "direction": ("outbound", "inbound"),
        },
    ),
    "webhooks": (Webhook, {"state": DELIVERY_STATES}),
    "vendor calls": (Request, {}),
    "happenings": (Entry, {}),
}
"""By what messages call them: what is looked for, and which words some of its fields have."""


def check_words(noun: str, expected: Mapping[str, Any], vendors: Collection[str]) -> None:
    """Raise TypeError for a field, ValueError for a word, that no such thing has; with the nearest there is.

    Patterns with * and what is no text are let be.
    """
    kind, words = KINDS[noun]
    names = [each.name for each in fields(kind)]
    for name, wanted in expected.items():
        if name not in names:
            raise TypeError(f"{kind.__name__} has no {name}{nearest(name, names)}")
        known = vendors if name == "vendor" else words.get(name, ())
        if known and isinstance(wanted, str) and "*" not in wanted and wanted not in known:
            raise ValueError(f"no {noun} can have {name}={wanted!r}{nearest(wanted, known)}")


def check_fax(wanted: Any, known: Collection[str]) -> None:
    """Raise ValueError for a fax that is not there; patterns with * and what is no text are let be."""
    if isinstance(wanted, str) and "*" not in wanted and wanted not in known:
        raise ValueError(
            f"no fax {wanted}; " + (f"there are {', '.join(known)}" if known else "there is none yet")
        )


_A_SLIP = 0.85
"""How alike a marker is to ours that is meant to be it; others are somebody else's."""
MATCH_WORDS = ("to", "sender", "vendor", "direction", "pages", "nth", "headers")
"""What `when(…)` may be given."""
MARKER_WORDS = ("seed", "now", "intercept", "explore", "vendor", "pairs")
"""What the marker `faxcloud` may be given beside scenarios."""


def check_marker(options: Mapping[str, Any]) -> None:
    """Raise TypeError for a word that the marker does not know; with the nearest there is."""
    for name in options:
        if name not in MARKER_WORDS:
            raise TypeError(f"the marker faxcloud has no {name}{nearest(name, MARKER_WORDS)}")


def check_markers(own: str, names: Collection[str]) -> None:
    """Raise ValueError for a marker of a test that is nearly the plugin's own."""
    for name in names:
        if name != own and get_close_matches(name, [own], n=1, cutoff=_A_SLIP):
            raise ValueError(f"no marker {name}; did you mean {own}?")


def check_match(misspelt: Collection[str]) -> None:
    """Raise TypeError for a word that `when(…)` does not know; with the nearest there is."""
    for name in misspelt:
        raise TypeError(f"when(…) takes no {name}{nearest(name, MATCH_WORDS)}")


def check_app(app: Any) -> None:
    """Raise TypeError for what is no application."""
    if not callable(app):
        raise TypeError(f"deliver_to takes a WSGI or ASGI application, like Flask's app, not {app!r}")


def nearest(given: str, known: Collection[str]) -> str:
    """Say which known word was probably meant, and which there are."""
    return _guess(given, known) or f"; there are {', '.join(known)}"


def missing(what: str, name: str, known: Collection[str], there: str) -> AttributeError:
    """Make the error of a name that a thing does not have, with what was meant, and what there is."""
    return AttributeError(f"{what} {name!r}{_guess(name, known)}; {there}")


def _guess(given: str, known: Collection[str]) -> str:
    near = get_close_matches(given, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""
