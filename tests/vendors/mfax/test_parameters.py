"""Every parameter of the reference: what it does, what is said of a wrong value and of its lack."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from emulator import documents
from tests.vendors.mfax.bodies import whole
from tests.vendors.mfax.cases import listing, numbers, sending
from tests.vendors.mfax.cases.case import Case
from tests.vendors.mfax.conftest import Mfax
from tests.vendors.mfax.facts import ENDPOINTS

TABLES = (sending, listing, numbers)
CASES = [(table, case) for table in TABLES for case in table.CASES]


@pytest.mark.parametrize(
    ("table", "case"), CASES, ids=[f"{case.operation}-{case.parameter}" for _, case in CASES]
)
def test_a_parameter_does_what_is_documented(mfax: Mfax, pdf: bytes, table: ModuleType, case: Case) -> None:
    table.stock(mfax, pdf)
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
