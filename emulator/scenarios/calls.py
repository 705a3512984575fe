"""The `attempts` of a scenario: what each outcome may be given, and which may follow which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from emulator.core.faxes.call import DEFAULT_SPEED
from emulator.core.faxes.outcomes import BEFORE_CALL, Outcome
from emulator.core.faxes.plan import CallPlan
from emulator.scenarios.fields import Text
from emulator.scenarios.mistakes import suggest
from emulator.scenarios.strict import Seconds, Strict, quote, whole

MOST_CALLS = 100
SPEEDS = (2400, 4800, 7200, *range(9600, 33601, 2400))
"""Bits a second of V.27ter, V.29, V.17 and V.34."""

OUTCOMES = [outcome.value for outcome in Outcome if outcome is not Outcome.cancelled]

_BEFORE = frozenset({"code"})
_UNANSWERED = _BEFORE | {"ring", "after", "pace"}
_ENDLESS = _UNANSWERED | {"speed", "csid", "ecm", "setup"}
_ON_LINE = _ENDLESS | {"pages", "per_page"}

OPTIONS: dict[str, frozenset[str]] = {
    **dict.fromkeys(sorted(outcome.value for outcome in BEFORE_CALL), _BEFORE),
    **dict.fromkeys(("busy", "no_answer", "bad_number", "circuits_busy", "not_fax"), _UNANSWERED),
    "stuck": _ENDLESS,
    **dict.fromkeys(("delivered", "hangup", "line_error"), _ON_LINE),
}
"""What may be said of each outcome: no page is sent where no fax machine has answered."""

LAST = frozenset({Outcome.delivered, Outcome.stuck})
"""Outcomes after which there is no further call."""


class AfterSchema(Strict):
    """What a call waits for."""

    polls = whole(1, 1000, required=True, metadata={"description": "reads of the fax's status"})


class CallSchema(Strict):
    """Options of one call."""

    pages = whole(metadata={"description": "pages sent before the end"})
    code = Text(metadata={"description": "a vendor's own code"})
    ring = Seconds()
    setup = Seconds()
    per_page = Seconds()
    speed = fields.Integer(strict=True, validate=validate.OneOf(SPEEDS))
    csid = Text(validate=validate.Length(max=20))
    ecm = fields.Boolean()
    pace = fields.Float(validate=validate.Range(min=0.001, max=10_000))
    after = fields.Nested(AfterSchema)

    @validates_schema
    def _together(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if data.get("ecm") is False and data.get("speed", 0) > DEFAULT_SPEED:
            raise ValidationError(
                f"a speed above {DEFAULT_SPEED} is V.34, which needs error correction.", "ecm"
            )


class CallField(fields.Raw):
    """An outcome's word, or the word with its options; or `code` alone, whose outcome it then is."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> CallPlan:
        if isinstance(value, str):
            return CallPlan(_outcome(value))
        if not isinstance(value, Mapping) or not value:
            raise ValidationError(
                f"an outcome is wanted here, not {quote(value)}. Known: {', '.join(OUTCOMES)}."
            )
        if set(value) == {"code"}:
            return CallPlan(Outcome.stuck, code=CallSchema().load(value)["code"], pages=CODE_ALONE)
        words = [key for key in value if key != "after"]
        if len(words) != 1:
            raise ValidationError("one outcome an attempt; write the next call as an entry of its own.")
        return _call(str(words[0]), value[words[0]], value)


class Calls(fields.List):  # type: ignore[type-arg]  # marshmallow 3 knows none
    """The calls of a fax in their order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(CallField(), validate=validate.Length(1, MOST_CALLS), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, (str, Mapping)):
            written = value if isinstance(value, str) else "…"
            raise ValidationError(f"a list of calls is wanted here: write [{written[:60]}].")
        return super()._deserialize(value, *args, **kwargs)


CODE_ALONE = -1
"""Stands for the pages of a call that is known by its code only, until the vendor's table has been asked."""


def _outcome(word: str) -> Outcome:
    if word not in OUTCOMES:
        raise ValidationError(f"unknown outcome {quote(word)}{suggest(word, OUTCOMES)}")
    return Outcome(word)


def _call(word: str, given: Any, around: Mapping[str, Any]) -> CallPlan:
    outcome = _outcome(word)
    options = dict(given) if isinstance(given, Mapping) else given
    if options is None:
        options = {}
    if isinstance(options, dict) and "after" in around:
        options["after"] = around["after"]
    try:
        loaded = CallSchema().load(options)
    except ValidationError as wrong:
        raise ValidationError({word: wrong.messages}) from None
    allowed = OPTIONS[word]
    if refused := [name for name in loaded if name not in allowed]:
        said = f"{word} cannot have this; it takes {', '.join(sorted(allowed))}."
        raise ValidationError({word: {name: [said] for name in refused}})
    if after := loaded.pop("after", None):
        loaded["polls"] = after["polls"]
    return CallPlan(outcome, **loaded)


def check_order(calls: Sequence[CallPlan]) -> None:
    """Refuse calls in an order that cannot happen; raise ValidationError at the entry that is too much."""
    for place, (before, after) in enumerate(pairwise(calls), start=1):
        if before.pages == CODE_ALONE or after.pages == CODE_ALONE:
            continue
        if before.outcome in LAST:
            said = f"nothing follows {before.outcome}: this call would never be made."
        elif after.outcome in BEFORE_CALL and before.outcome not in BEFORE_CALL:
            said = f"{after.outcome} happens before any call: it cannot follow {before.outcome}."
        else:
            continue
        raise ValidationError({place: [said]})
