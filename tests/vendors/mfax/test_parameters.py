"""Every parameter of the reference: what it does, what is said of a wrong value and of its lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from emulator import documents
from tests.conftest import Control
from tests.vendors.mfax.bodies import BODIES, whole
from tests.vendors.mfax.cases import listing, numbers, objects, sending
from tests.vendors.mfax.cases.case import Case
from tests.vendors.mfax.conftest import Mfax
from tests.vendors.mfax.facts import ENDPOINTS

TABLES = (sending, listing, numbers, objects)
CASES = [(table, case) for table in TABLES for case in table.CASES]


READING = [each for each in CASES if ENDPOINTS[each[1].operation]["method"] == "GET"]
CHANGING = [each for each in CASES if each not in READING]


def named(cases: list[tuple[ModuleType, Case]]) -> list[str]:
    return [f"{case.operation}-{case.parameter}" for _, case in cases]


AT_ONCE: int = ENDPOINTS["history"]["rate_limit"]["calls"]
"""So many calls of the history are answered within a minute, in which the clock stands."""


@pytest.fixture(scope="module")
def stocked(server: Control, document: Callable[[str], bytes]) -> Callable[[ModuleType], Mfax]:
    """Give a sandbox with a table's stock, for calls that change nothing: a new one after AT_ONCE calls."""
    uses: Counter[str] = Counter()
    found: dict[str, Mfax] = {}

    def give(table: ModuleType) -> Mfax:
        name = table.__name__
        if uses[name] % AT_ONCE == 0:
            found[name] = Mfax(server.create(**BODIES["sandbox"]))
            table.stock(found[name], document("one-page.pdf"))
        uses[name] += 1
        return found[name]

    return give


@pytest.mark.parametrize(("table", "case"), READING, ids=named(READING))
def test_a_parameter_of_a_reading_call_does_what_is_documented(
    stocked: Callable[[ModuleType], Mfax], table: ModuleType, case: Case
) -> None:
    does_as_documented(stocked(table), case)


@pytest.mark.parametrize(("table", "case"), CHANGING, ids=named(CHANGING))
def test_a_parameter_does_what_is_documented(mfax: Mfax, pdf: bytes, table: ModuleType, case: Case) -> None:
    table.stock(mfax, pdf)
    does_as_documented(mfax, case)


def does_as_documented(mfax: Mfax, case: Case) -> None:
    """Make a call; compare its whole answer, who was faxed because of it, and what pages."""
    before = len(mfax.control.faxes())
    known = ENDPOINTS[case.operation]
    answer = case.call.make(mfax, known["method"], known["path"])
    content = answer.content
    if case.body is None:
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    else:
        whole(answer, case.body, case.status)
    made = mfax.control.faxes()[: len(mfax.control.faxes()) - before][::-1]
    assert tuple(fax["to"] for fax in made) == case.sent
    if case.pages is not None and case.body is not None:
        message = made[0]["vendor_view"]["id"]
        content = mfax.get(f"/v1/fax/{message}/download").content
    if case.pages is not None:
        assert documents.text_of(content) == list(case.pages)


def test_every_documented_parameter_has_its_case() -> None:
    cases = {(case.operation, case.parameter) for _, case in CASES}
    assert cases == set(documented())


def documented() -> Iterator[tuple[str, str]]:
    """Name the parameters of the documented operations, and those that clients send with them."""
    for name, known in ENDPOINTS.items():
        if known["evidence"] == "documented":
            for each in known.get("parameters", ()):
                yield from ((name, other) for other in (each["name"], *each.get("also", ())))
