"""A vendor that knows overlays: its answers, webhooks and timings are those of the account that taught it.

A sandbox's overlay stands in its profile; where there is none nothing is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from emulator.core.dialect.moment import Moment
from emulator.core.dialect.vendor import Vendor
from emulator.core.dialect.words import OBSERVED, Word
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import SECONDS, State
from emulator.core.message import Message
from emulator.core.paths import dotted
from emulator.core.sandbox import OVERLAY
from emulator.core.webhooks.delivery import Notice, RetryRule
from emulator.overlays.edits import edit
from emulator.overlays.overlay import AnswerRow, Overlay, Tries, WebhookRow, compiled, occasion_of

TABLE = "overlay"
"""The table of the coverage in which the rows of a server's overlay stand."""


def teach_vendor(vendor: Vendor, overlay: Overlay | None = None) -> Vendor:
    """Let a vendor heed its sandboxes' overlays; `overlay` is the server's, whose rows coverage shows."""
    tables = vendor.tables if overlay is None else {**vendor.tables, TABLE: tuple(describe(overlay))}
    return replace(
        vendor,
        tables=tables,
        taught=replace(vendor, notices=_noticing(vendor), amend=_amending(vendor.amend)),
        teach=lambda answer, endpoint, text: _answer(vendor, answer, endpoint, compiled(text)),
    )


def describe(overlay: Overlay) -> Iterable[Word]:
    """Describe an overlay's rows as rows of a table, observed by whoever recorded."""
    answers = ((name, row) for name, rows in overlay.answers.items() for row in rows)
    webhooks = ((name, row) for name, rows in overlay.webhooks.items() for row in rows)
    told: list[tuple[str, AnswerRow | WebhookRow]] = [*answers, *webhooks]
    for name, row in told:
        yield Word(name, "; ".join(_changes(row)), OBSERVED, overlay.source)
    for state, seconds in overlay.longer.items():
        yield Word(f"the state {state}", f"lasts {seconds:g} s longer", OBSERVED, overlay.source)
    for outcome, pace in overlay.pace.items():
        yield Word(f"calls that end {outcome}", f"last {pace:g} times as long", OBSERVED, overlay.source)


def _changes(row: AnswerRow | WebhookRow) -> Iterable[str]:
    edits = row.edits
    when = row.when
    if when.status is not None or not when.any_word:
        said = "" if when.any_word else f" {when.says or 'nothing'}"
        yield f"when it says{said}" if when.status is None else f"when HTTP {when.status}{said}"
    if isinstance(row, AnswerRow) and row.status is not None:
        yield f"HTTP {row.status}"
    yield from (f"{name}: {value or 'absent'}" for name, value in row.headers.items())
    yield from (f"{dotted(path)} is called {name}" for path, name in edits.rename.items())
    yield from (f"without {dotted(path)}" for path in edits.remove)
    yield from (f"with {dotted(path)}" for path in edits.add)
    yield from (f"{dotted(path)} is a {kind}" for path, kind in edits.type.items())
    for path, table in edits.say.items():
        yield from (f"{dotted(path)} says {theirs}, not {ours}" for ours, theirs in table.items())
    yield from (f"{dotted(path)} in the reverse order" for path in edits.reverse)
    if isinstance(row, WebhookRow) and row.retries is not None:
        yield "tried again after " + ", ".join(f"{wait:g} s" for wait in row.retries.after)
    if isinstance(row, WebhookRow) and row.never:
        yield "never posted"


# answers
def _answer(vendor: Vendor, answer: Any, endpoint: str | None, overlay: Overlay) -> Any:
    """Change an answer (a Flask response) as the overlay says."""
    rows = overlay.answers.get(endpoint or "", ())
    if not rows:
        return answer
    data = _json(answer)
    occasion = occasion_of(vendor.recorded, endpoint, answer.status_code, data)
    fitting = [row for row in rows if row.when.fits(occasion)]
    for row in fitting:
        if data is not None and row.edits.changes_data:
            data = edit(data, row.edits)
        answer.status_code = row.status or answer.status_code
        _set_headers(answer.headers, row.headers)
    if data is not None and any(row.edits.changes_data for row in fitting):
        content = answer.get_data()
        spaced = b'": ' in content[:200]
        answer.set_data(json.dumps(data, separators=(", ", ": ") if spaced else (",", ":")))
    return answer


def _json(answer: Any) -> Any:
    if answer.mimetype != "application/json" or answer.direct_passthrough:
        return None
    try:
        return json.loads(answer.get_data())
    except ValueError:
        return None


def _set_headers(headers: Any, wanted: Mapping[str, str | None]) -> None:
    for name, value in wanted.items():
        headers.pop(name, None)
        if value is not None:
            headers[name] = value


# webhooks
def _noticing(vendor: Vendor) -> Callable[[Moment], Sequence[Notice]]:
    def notices(moment: Moment) -> Sequence[Notice]:
        if not (made := vendor.notices(moment)):
            return made
        overlay = compiled(moment.settings.profile[OVERLAY])
        taught = (_notice(vendor, each, overlay) for each in made)
        return tuple(each for each in taught if each is not None)

    return notices


def _notice(vendor: Vendor, notice: Notice, overlay: Overlay) -> Notice | None:
    rows = overlay.webhooks.get(notice.event, ())
    if not rows:
        return notice
    message, rule = notice.message, notice.rule
    data = _opened(dict(message.fields))
    nested = [name for name, value in data.items() if value is not dict(message.fields)[name]]
    occasion = occasion_of(vendor.recorded, None, None, data)
    data = json.loads(json.dumps(data))
    for row in rows:
        if not row.when.fits(occasion):
            continue
        if row.never:
            return None
        data, rule = edit(data, row.edits), _rule(rule, row.retries)
        message = replace(message, headers=_headers(message, row.headers))
    closed = {name: _closed(value) if name in nested else value for name, value in data.items()}
    return replace(notice, message=replace(message, fields=tuple(closed.items())), rule=rule)


def _closed(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _opened(data: Mapping[str, Any]) -> dict[str, Any]:
    """Read JSON that stands as text in a field, as a comparison does."""
    found = {}
    for name, value in data.items():
        try:
            found[name] = json.loads(value) if isinstance(value, str) and value[:1] == "{" else value
        except ValueError:
            found[name] = value
    return found


def _headers(message: Message, wanted: Mapping[str, str | None]) -> tuple[tuple[str, str], ...]:
    low = {name.lower() for name in wanted}
    kept = tuple(pair for pair in message.headers if pair[0].lower() not in low)
    return (*kept, *((name, value) for name, value in wanted.items() if value is not None))


def _rule(rule: RetryRule, tries: Tries | None) -> RetryRule:
    if tries is None:
        return rule
    waits = (*(max(0.001, wait) for wait in tries.after), *rule.delays[len(tries.after) :])
    count = len(tries.after) if tries.last else max(rule.retries, len(tries.after))
    return replace(rule, retries=count, delays=waits or rule.delays)


# time
def _amending(amend: Callable[[Moment], Fax]) -> Callable[[Moment], Fax]:
    def amended(moment: Moment) -> Fax:
        fax = amend(moment)
        overlay = compiled(moment.settings.profile[OVERLAY])
        if moment.before is None:
            fax = _with_pace(fax, overlay.pace)
        if not overlay.longer or fax.due_at is None or fax.state not in _RESTS:
            return fax
        seconds = _longer(moment.of(fax, moment.before), overlay.longer)
        return fax.evolve(due_at=round(max(moment.at, fax.due_at + seconds), 3)) if seconds else fax

    return amended


def _longer(moment: Moment, longer: Mapping[str, float]) -> float:
    """By how many seconds a state lasts longer whose word begins with this change."""
    word, before = moment.vendor.view(moment).state, moment.before
    if before is not None and moment.vendor.view(moment.of(before)).state == word:
        return 0.0
    return longer.get(word, 0.0)


_RESTS = frozenset({*SECONDS, State.waiting_redial})
"""States that no call measures, and that end by themselves."""


def _with_pace(fax: Fax, pace: Mapping[str, float]) -> Fax:
    if not any(call.outcome.value in pace for call in fax.plan.attempts):
        return fax
    calls = tuple(
        replace(call, pace=call.pace * pace.get(call.outcome.value, 1.0)) for call in fax.plan.attempts
    )
    return fax.evolve(plan=replace(fax.plan, attempts=calls))
