"""What a fax cloud found: a list that is easily read, and assertions that show the nearest miss."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Generic, TypeVar

from localfax.numbers import is_same_number
from localfax.words import check_fax, check_words

Thing = TypeVar("Thing")
_MOST_SHOWN = 20
_MISSING = object()
_NUMBERS = ("to", "sender")
"""Fields that hold telephone numbers, which may be written in many ways."""


class Found(list[Thing], Generic[Thing]):
    """A list of faxes, webhooks, vendor calls or happenings; `noun` is what its messages call them.

    `vendors` are those that there are; `hints` say, when nothing is found, what that may come from, and
    `faxes` gives the ids that `fax=` may be.
    """

    def __init__(
        self,
        things: Iterable[Thing],
        noun: str,
        vendors: Collection[str] = (),
        hints: Callable[[], Sequence[str]] = list,
        faxes: Callable[[], Collection[str]] | None = None,
    ) -> None:
        super().__init__(things)
        self.noun = noun
        self.vendors = vendors
        self._hints = hints
        self._faxes = faxes

    def __repr__(self) -> str:
        if not self:
            return "\n".join([f"no {self.noun}", *self._hints()])
        lines = [f"  {thing}" for thing in self[:_MOST_SHOWN]]
        more = [f"  … and {len(self) - _MOST_SHOWN} more"] if len(self) > _MOST_SHOWN else []
        return "\n".join([f"{len(self)} {self.noun}:", *lines, *more])

    def where(self, **expected: Any) -> Found[Thing]:
        """Choose those that are as expected; texts may hold *, mappings name what they must hold."""
        __tracebackhide__ = True
        check_words(self.noun, expected, self.vendors)
        fitting = [thing for thing in self if not list_misses(thing, expected)]
        if not fitting and self._faxes is not None:
            check_fax(expected.get("fax"), self._faxes())
        return Found(fitting, self.noun, self.vendors, self._hints, self._faxes)

    def only(self, **expected: Any) -> Thing:
        """Return the one that is as expected; fail when there are more, or none, with the nearest miss."""
        __tracebackhide__ = True
        fitting = self.where(**expected)
        if len(fitting) == 1:
            return fitting[0]
        wanted = ", ".join(f"{name}={value!r}" for name, value in expected.items()) or "anything"
        if fitting:
            raise AssertionError(f"{len(fitting)} {self.noun} with {wanted}, not one\n{fitting!r}")
        said = [f"no {self.noun} with {wanted}", self._nearest(expected), *self._hints()]
        raise AssertionError("\n".join(said))

    def none(self, **expected: Any) -> None:
        """Fail when one is as described."""
        __tracebackhide__ = True
        fitting = self.where(**expected)
        if fitting:
            raise AssertionError(f"there should be no such {self.noun}\n{fitting!r}")

    def _nearest(self, expected: Mapping[str, Any]) -> str:
        if not self:
            return f"there are no {self.noun} at all"
        nearest = min(self, key=lambda thing: len(list_misses(thing, expected)))
        lines = [
            f"  {name} is {given!r}, not {wanted!r}" for name, given, wanted in list_misses(nearest, expected)
        ]
        return "\n".join([f"nearest of {len(self)}: {nearest}", *lines])


def list_misses(thing: Any, expected: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """List what is not as expected: name, what it is, what was wanted."""
    found = []
    for name, wanted in expected.items():
        given = getattr(thing, name, _MISSING)
        if given is _MISSING:
            raise TypeError(f"{type(thing).__name__} has no {name}")
        if isinstance(wanted, Mapping) and isinstance(given, Mapping):
            parts = ((part, given.get(part), value) for part, value in wanted.items())
            found += [
                (f"{name}[{part!r}]", has, value) for part, has, value in parts if not _alike(has, value)
            ]
        elif not _alike(given, wanted) and not (name in _NUMBERS and _is_number(given, wanted)):
            found.append((name, given, wanted))
    return found


def _is_number(given: Any, wanted: Any) -> bool:
    return isinstance(given, str) and isinstance(wanted, str) and is_same_number(given, wanted)


def _alike(given: Any, wanted: Any) -> bool:
    if given == wanted:
        return True
    return isinstance(given, str) and isinstance(wanted, str) and "*" in wanted and fnmatchcase(given, wanted)
