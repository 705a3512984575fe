"""A fax's life as a drawing: its states, each call by its phases and each try of its webhooks on one axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from emulator.web.axis import Axis, Span
from emulator.web.phrases import clock_time, duration, plain, span, tone
from emulator.web.place import JSON

LEFT, RIGHT = 70.0, 20.0
WIDE, NARROW = 470.0, 260.0
"""Widths of the axis, on a desk's screen and on a phone's."""
_ROW, _CALL, _LETTER = 26.0, 38.0, 6.2
"""Heights of a row and of a call's, and the width of a letter, in the drawing's units."""
_MOST_CALLS = 6
"""Calls that are drawn; the list of calls has them all."""
_TICK = 62.0
"""Distance between two times on the axis at least."""


@dataclass(frozen=True)
class Bar:
    """Something that lasted."""

    left: float
    width: float
    top: float
    tone: str
    title: str
    label: str = ""


@dataclass(frozen=True)
class Dot:
    """Something that happened at an instant; a hollow one is still to come."""

    left: float
    top: float
    tone: str
    title: str
    hollow: bool = False


@dataclass(frozen=True)
class Label:
    """A text; `kind` is row, note, try, tick, last or fold."""

    left: float
    top: float
    text: str
    kind: str


@dataclass
class Drawing:
    """What is drawn, top down; `height` grows with it."""

    axis: Axis
    height: float = 8.0
    bars: list[Bar] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    left_out: int = 0

    @property
    def end(self) -> float:
        """Where the axis ends."""
        return LEFT + self.axis.width

    @property
    def width(self) -> float:
        return self.end + RIGHT

    def place(self, instant: float) -> float:
        return round(LEFT + self.axis.place(instant), 1)

    def row(self, name: str, height: float = _ROW) -> float:
        """Begin a row; returns its top."""
        top = self.height
        self.labels.append(Label(0.0, top + 10.0, name, "row"))
        self.height += height
        return top

    def bar(self, lasted: Span, top: float, tone: str, title: str, label: str = "") -> None:
        left, right = self.place(lasted[0]), self.place(lasted[1])
        shown = label if len(label) * _LETTER <= right - left else ""
        self.bars.append(Bar(left, max(1.5, round(right - left - 1, 1)), top, tone, title, shown))


Try = tuple[float, JSON, JSON]
"""When a webhook was tried, the delivery, and the try."""


def draw_timeline(fax: JSON, posts: Sequence[JSON], width: float = WIDE) -> Drawing | None:
    """Draw a fax of the control plane with its deliveries; None while nothing has happened."""
    states = list(_states(fax))
    calls = [list(_phases(fax, each)) for each in fax["attempts"]]
    tries = [(_instant(post["at"]), each, post) for each in posts for post in each["attempts"]]
    due = [(_instant(each["due_at"]), each) for each in posts if each["due_at"]]
    if not states:
        return None
    busy = [lasted for phases in calls for lasted, *_ in phases]
    spans = [*busy, *(lasted for lasted, state in states if tone(state) == "busy")]
    marks = [
        *(each for span, _ in states for each in span),
        *(at for at, *_ in tries),
        *(at for at, _ in due),
    ]
    drawing = Drawing(Axis(spans, marks, width))
    _draw_states(drawing, states)
    _draw_calls(drawing, calls, fax["attempts"])
    if tries or due:
        _draw_tries(drawing, tries, due)
    _draw_axis(drawing)
    return drawing


def _draw_tries(drawing: Drawing, tries: Sequence[Try], due: Sequence[tuple[float, JSON]]) -> None:
    """Draw a dot for each try, and below it what came of it, where there is room."""
    top, free = drawing.row("Webhook", _CALL) + 6.0, LEFT
    dots = [(_try(drawing.place(at), top, each, post), _came(post)) for at, each, post in tries]
    dots += [(_next(drawing.place(at), top, each), "next") for at, each in due]
    for dot, text in sorted(dots, key=lambda each: each[0].left):
        drawing.dots.append(dot)
        wide = len(text) * _LETTER
        left = round(min(max(dot.left - wide / 2, LEFT), drawing.width - wide), 1)
        if left >= free:
            drawing.labels.append(Label(left, top + 18.0, text, "note" if dot.tone == "bad" else "try"))
            free = left + wide + 4.0


def _came(post: JSON) -> str:
    return str(post["status"] or plain(post["error"]))


def _try(left: float, top: float, delivery: JSON, post: JSON) -> Dot:
    good = post["number"] == len(delivery["attempts"]) and delivery["state"] == "delivered"
    what = f"{delivery['event']}, try {post['number']}: {_came(post)}"
    return Dot(left, top, "good" if good else "bad", f"{clock_time(post['at'])} {what}")


def _next(left: float, top: float, delivery: JSON) -> Dot:
    said = f"{clock_time(delivery['due_at'])} {delivery['event']}: next try"
    return Dot(left, top, "wait", said, hollow=True)


def _instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _states(fax: JSON) -> Iterator[tuple[Span, str]]:
    told = [(_instant(each["at"]), each["what"]) for each in fax["timeline"] if each["kind"] == "state"]
    ends = [at for at, _ in told[1:]] + [told[-1][0]] if told else []
    for (begin, state), end in zip(told, ends, strict=True):
        yield (begin, end), state


Phase = tuple[Span, str, str]
"""From when to when, in which colour, and what it is called."""


def _phases(fax: JSON, attempt: JSON) -> Iterator[Phase]:
    """List the phases of a call as far as it has come: ringing, training, each page, how it ended."""
    begin, number = _instant(attempt["started_at"]), attempt["number"]
    told = [each for each in fax["timeline"] if each.get("attempt") == number and each["kind"] != "webhook"]
    answered = next((_instant(each["at"]) for each in told if each["what"] in _ANSWERED), None)
    ended = begin + attempt["ring"] + attempt["duration"] if attempt["vendor_view"] else None
    rung = begin + attempt["ring"]
    last = min(rung, answered or rung) if ended is None else min(rung, ended)
    yield (begin, last), "ring", "ring"
    if answered is not None and answered > last:
        yield (last, answered), "train", "train"
        last = answered
    for each in told:
        if each["what"] == "page":
            label = "page 1" if each["page"] == 1 else str(each["page"])
            yield (last, _instant(each["at"])), "page", label
            last = _instant(each["at"])
    if ended is not None and (attempt["outcome"] != "delivered" or ended > last):
        good = attempt["outcome"] == "delivered"
        yield (last, max(last, ended)), "good" if good else "bad", "" if good else plain(attempt["outcome"])


_ANSWERED = ("transmitting", "receiving")


def _draw_states(drawing: Drawing, states: Sequence[tuple[Span, str]]) -> None:
    top = drawing.row("Fax")
    for (begin, end), state in states[:-1]:
        title = f"{plain(state)}, {duration(end - begin)}"
        drawing.bar((begin, end), top + 1.0, tone(state), title)
    (at, _), last = states[-1]
    drawing.dots.append(Dot(drawing.place(at), top + 6.0, tone(last), plain(last)))


def _draw_calls(drawing: Drawing, calls: Sequence[list[Phase]], attempts: Sequence[JSON]) -> None:
    drawing.left_out = max(0, len(calls) - _MOST_CALLS)
    for phases, attempt in list(zip(calls, attempts, strict=True))[-_MOST_CALLS:]:
        top = drawing.row(f"Call {attempt['number']}", _CALL)
        for lasted, colour, label in phases:
            title = f"{label or 'hang up'}, {duration(lasted[1] - lasted[0])}"
            drawing.bar(lasted, top, colour, title, "" if colour == "bad" else label)
        (_, end), colour, label = phases[-1]
        if colour == "bad":
            left, wide = drawing.place(end) + 6.0, len(label) * _LETTER
            if left + wide > drawing.width:
                left = drawing.place(phases[0][0][0]) - wide - 6.0
            drawing.labels.append(Label(left, top + 10.0, label, "note"))


def _draw_axis(drawing: Drawing) -> None:
    """Write when each stretch between folds begins, and how long each fold is, where there is room."""
    top, free, free_fold, after = drawing.height + 16.0, 0.0, 0.0, True
    drawing.height += 24.0
    for each in drawing.axis.stretches:
        if each.folded:
            middle, text = round(LEFT + (each.left + each.right) / 2, 1), span(each.end - each.begin)
            if middle - len(text) * _LETTER / 2 >= free_fold:
                drawing.labels.append(Label(middle, top - 18.0, text, "fold"))
                free_fold = middle + len(text) * _LETTER / 2 + 4.0
        elif after and LEFT + each.left >= free:
            drawing.labels.append(Label(round(LEFT + each.left, 1), top + 4.0, _clock(each.begin), "tick"))
            free = LEFT + each.left + _TICK
        after = each.folded
    end = drawing.axis.stretches[-1]
    if LEFT + end.right - _TICK >= free - _TICK / 3:
        drawing.labels.append(Label(round(LEFT + end.right, 1), top + 4.0, _clock(end.end), "last"))


def _clock(instant: float) -> str:
    seconds = int(instant) % 86_400
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
