"""What an endpoint's answers tell, and what they cannot.

A status alone says little: 404 to a job that the application does not know is right, and 200 to everything is
what an endpoint answers that reads nothing. So what is compared is what differs: the second answer to a
message and the first, the answer to a broken body or a wrong password and the usual one. Where nothing can
differ the verdict is that it cannot be seen; `localfax explore` asks the application itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from emulator.grading.forwarder import Taken

BROKEN = "truncated"
"""The case that tells whether an endpoint reads what it is sent."""


class Told(StrEnum):
    """What the answers tell of a case."""

    survives = "survives"
    fails = "FAILS"
    unseen = "cannot be seen"


Judged = tuple[Told, str | None]


@dataclass(frozen=True)
class Usual:
    """How an endpoint answers a webhook as it should be, and whether it takes a broken one likewise.

    `within` is the real seconds in which a good answer comes.
    """

    statuses: frozenset[int]
    reads_nothing: bool
    within: float

    @classmethod
    def of(cls, plain: Sequence[Taken], broken: Sequence[Taken], within: float) -> Usual:
        """Take it from what came to a plain webhook and to one whose body breaks off."""
        usual = frozenset(each.status for each in plain if each.status is not None)
        taken = bool(broken) and all(_good(each.status) for each in broken)
        return cls(usual, taken, within)

    @property
    def refuses(self) -> bool:
        """Whether even a plain webhook is refused: of a fax that the application has not sent."""
        return not any(map(_good, self.statuses))


Weigh = Callable[[Sequence[Taken], Usual], Judged]


@dataclass(frozen=True)
class Grade:
    """How an endpoint stood one case: the verdict and why; `seconds` of the slowest answer."""

    name: str
    text: str
    verdict: Told
    problem: str | None
    statuses: tuple[str, ...]
    seconds: float

    @property
    def survived(self) -> bool | None:
        """Whether it did; None when its answers do not tell."""
        return None if self.verdict is Told.unseen else self.verdict is Told.survives


def take_calmly(requests: Sequence[Taken], usual: Usual) -> Judged:
    """Want every request answered as a plain one is, in good time, and never by an error of its own."""
    if not requests:
        return Told.unseen, "this vendor posts nothing here"
    if (wrong := _trouble(requests, usual)) is not None:
        return Told.fails, wrong
    strange = [each.status for each in requests if each.status not in usual.statuses]
    if strange and not (usual.refuses and all(_refused(each) for each in strange)):
        return Told.fails, f"answered {strange[0]}, and {_listed(usual)} as a rule"
    return _seen(usual)


def take_alike(requests: Sequence[Taken], usual: Usual) -> Judged:
    """Want every request of one message answered alike: the second must change nothing."""
    verdict = take_calmly(requests, usual)
    answers: dict[str, list[int | None]] = {}
    for each in requests:
        answers.setdefault(each.message, []).append(each.status)
    unlike = next((each for each in answers.values() if len(set(each)) > 1), None)
    if verdict[0] is not Told.fails and unlike is not None:
        return Told.fails, f"the same message was answered {' and then '.join(map(str, unlike))}"
    return verdict


def refuse(requests: Sequence[Taken], usual: Usual) -> Judged:
    """Want every request refused with a 4xx, otherwise than a good one."""
    if not requests:
        return Told.unseen, "this vendor posts nothing here"
    for each in requests:
        if not _refused(each.status):
            return Told.fails, f"answered {each.status or 'nothing'}; a 4xx is right"
    if usual.refuses and any(each.status in usual.statuses for each in requests):
        return Told.unseen, f"it answers {_listed(usual)} to a good one, too"
    return Told.survives, None


def _seen(usual: Usual) -> Judged:
    if usual.refuses:
        return Told.unseen, f"it answers {_listed(usual)} to a fax that it does not know"
    if usual.reads_nothing:
        return Told.unseen, "it answers so to a broken body, too"
    return Told.survives, None


def _trouble(requests: Sequence[Taken], usual: Usual) -> str | None:
    for each in requests:
        if each.status is None:
            return f"no answer: {each.error}"
        if not _good(each.status) and not _refused(each.status):
            return f"answered {each.status}"
    slow = max(each.seconds for each in requests)
    return f"took {slow:.1f} s to answer" if slow > usual.within else None


def _listed(usual: Usual) -> str:
    return " or ".join(map(str, sorted(usual.statuses))) or "nothing"


def _good(status: int | None) -> bool:
    return status is not None and 200 <= status < 300


def _refused(status: int | None) -> bool:
    return status is not None and 400 <= status < 500
